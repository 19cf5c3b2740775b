import type { Transaction } from '@vw/platform';
import {
  evidenceChanges,
  experimentChanges,
  versionChanges,
  type FieldChange,
  type ShownEvidence,
} from './changes';
import type { SyncOrigin, VersionRecord } from './records';
import { toEvidenceRow, toExperimentRow, type VersionRow } from './row-mapping';
import {
  insertChanges,
  selectShownEvidence,
  selectStoredExperiments,
  selectStoredVersions,
  updateExperiments,
  upsertEvidence,
  upsertExperiments,
  upsertVersions,
} from './write-statements';

/*
 * The steps in which a page is written: experiments, runs, versions. Each logs what its own writing changes in what versions show,
 * seen from the state that the step before left: so the oldest change of a field after an instant holds what it was at that instant.
 */

export interface PageWrite {
  orgId: string;
  origin: SyncOrigin;
}

/** A version that stood on one run and now stands on another. */
interface Move {
  id: string;
  from: string | null;
  to: string | null;
}

/** One that could not be read before appears at every version whose run names it. */
export async function writeExperiments(
  tx: Transaction,
  { orgId, origin }: PageWrite,
  shown: readonly VersionRecord[],
): Promise<void> {
  const rows = new Map(
    shown.flatMap(({ experiment }) =>
      experiment ? [[experiment.id, toExperimentRow(experiment)] as const] : [],
    ),
  );
  if (rows.size === 0) return;
  const stored = new Map(
    (await selectStoredExperiments(tx, orgId, origin, [...rows.keys()])).map((old) => [
      old.experiment_id,
      old,
    ]),
  );
  const changes = [...rows].flatMap(([id, row]) => experimentChanges(id, stored.get(id) ?? null, row));
  await insertChanges(tx, 'experiment', { orgId, origin, changes });
  await upsertExperiments(tx, orgId, origin, [...rows.values()]);
}

/** Compared as they are stored: a run that could not be read keeps its last known values. */
export async function writeEvidence(
  tx: Transaction,
  write: PageWrite,
  shown: readonly VersionRecord[],
): Promise<void> {
  const { orgId, origin } = write;
  const rows = new Map(
    shown.flatMap((record) => toEvidenceRow(record) ?? []).map((row) => [row.run_id, row]),
  );
  if (rows.size === 0) return;
  const before = await shownEvidence(tx, write, [...rows.keys()]);
  await upsertEvidence(tx, orgId, origin, [...rows.values()]);
  const after = await shownEvidence(tx, write, [...before.keys()]);
  const isMoved = (id: string): boolean => before.get(id)?.experiment_id !== after.get(id)?.experiment_id;
  const moved = [...before.keys()].filter(isMoved);
  if (moved.length > 0) await updateExperiments(tx, orgId, origin, moved);
  const changes = [...before].flatMap(([id, old]) => evidenceChanges(id, old, after.get(id) ?? null));
  await insertChanges(tx, 'evidence', { orgId, origin, changes });
}

export async function writeVersions(
  tx: Transaction,
  write: PageWrite,
  next: readonly VersionRow[],
): Promise<void> {
  const { orgId, origin } = write;
  const ids = next.map((row) => row.id);
  const stored = new Map((await selectStoredVersions(tx, orgId, ids)).map((old) => [old.id, old]));
  const changes = next.flatMap((row): FieldChange[] => {
    const old = stored.get(row.id);
    return old ? versionChanges(old, row) : [{ key: row.id, field: 'version', old: null, new: row.version }];
  });
  const moves = next.flatMap((row): Move[] => {
    const old = stored.get(row.id);
    return old && old.evidence_id !== row.evidence_id
      ? [{ id: row.id, from: old.evidence_id, to: row.evidence_id }]
      : [];
  });
  changes.push(...(await changesOfMoves(tx, write, moves)));
  await upsertVersions(tx, orgId, origin, next);
  await insertChanges(tx, 'version', { orgId, origin, changes });
}

/** What a version shows of its run changes with the run that it stands on. */
async function changesOfMoves(
  tx: Transaction,
  write: PageWrite,
  moves: readonly Move[],
): Promise<FieldChange[]> {
  const ids = moves.flatMap(({ from, to }) => [from, to]).filter((id) => id !== null);
  const shown = await shownEvidence(tx, write, ids);
  const of = (id: string | null): ShownEvidence | null => (id === null ? null : (shown.get(id) ?? null));
  return moves.flatMap(({ id, from, to }) => evidenceChanges(id, of(from), of(to)));
}

async function shownEvidence(
  tx: Transaction,
  { orgId, origin }: PageWrite,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ShownEvidence>> {
  if (ids.length === 0) return new Map();
  const rows = await selectShownEvidence(tx, orgId, origin, ids);
  return new Map(rows.map((row) => [row.run_id, row]));
}
