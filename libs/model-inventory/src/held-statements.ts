import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import { DEFAULT_LIMIT, type ModelVersionPage, type PageQuery } from '@vw/shared-contracts';
import { ROW, toRow, type ListedVersion } from './read-statements';
import type { SyncOrigin } from './records';

/** Holds the versions back in the run's name: those held before stay the same entry. Whoever is held no more is let go. */
export async function holdVersions(
  tx: Transaction,
  orgId: string,
  origin: Pick<SyncOrigin, 'runId'> & { listed: readonly string[] },
  ids: readonly string[],
): Promise<void> {
  await tx.execute(
    `UPDATE held_version h SET last_run_id = $2, model_listed = v.model_id = ANY ($4::uuid[])
     FROM model_version v WHERE h.org_id = $1 AND h.open AND h.version_id = ANY ($3::uuid[]) AND v.org_id = $1 AND v.id = h.version_id`,
    [orgId, origin.runId, ids, origin.listed],
  );
  await tx.execute(
    `INSERT INTO held_version (org_id, version_id, first_run_id, last_run_id, model_listed)
     SELECT $1, v.id, $2, $2, v.model_id = ANY ($4::uuid[]) FROM model_version v WHERE v.org_id = $1 AND v.id = ANY ($3::uuid[]) AND v.removed_at IS NULL
     ON CONFLICT (org_id, version_id) WHERE open DO NOTHING`,
    [orgId, origin.runId, ids, origin.listed],
  );
  await tx.execute('UPDATE held_version SET open = false WHERE org_id = $1 AND open AND last_run_id <> $2', [
    orgId,
    origin.runId,
  ]);
}

/** Lets these go, or all (null): they were seen again, or are gone for good. */
export async function releaseVersions(
  tx: Transaction,
  orgId: string,
  ids: readonly string[] | null,
): Promise<void> {
  await tx.execute(letGo('($2::uuid[] IS NULL OR version_id = ANY ($2))'), [orgId, ids]);
}

/** Lets go of what the run holds back to this moment; returns which. Who sees one again meanwhile waits, or has taken it out before. */
export async function takeHeldIds(
  tx: Transaction,
  orgId: string,
  runId: string,
): Promise<{ version_id: string; model_listed: boolean }[]> {
  return tx.query(`${letGo('last_run_id = $2')} RETURNING h.version_id, h.model_listed`, [orgId, runId]);
}

/** Locked in the order of their ids: a sync that sees several again and an Admin who confirms them could each wait for the other. */
function letGo(which: string): string {
  return `WITH held AS (
       SELECT version_id FROM held_version WHERE org_id = $1 AND open AND ${which} ORDER BY version_id FOR UPDATE
     )
     UPDATE held_version h SET open = false FROM held WHERE h.org_id = $1 AND h.open AND h.version_id = held.version_id`;
}

export async function selectIsHeld(
  tx: Transaction,
  orgId: string,
  asked: { runId: string; versionId: string },
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM held_version h
     WHERE h.org_id = $1 AND h.version_id = $3 AND h.first_run_id <= $2 AND h.last_run_id >= $2`,
    [orgId, asked.runId, asked.versionId],
  );
  return rows.length > 0;
}

/** Whether the version is held back to this moment. */
export async function selectWaits(tx: Transaction, orgId: string, versionId: string): Promise<boolean> {
  const rows = await tx.query('SELECT FROM held_version WHERE org_id = $1 AND version_id = $2 AND open', [
    orgId,
    versionId,
  ]);
  return rows.length > 0;
}

/** Models of which every version is removed by now, among those of the given versions. */
export async function selectEmptiedModels(
  tx: Transaction,
  orgId: string,
  versionIds: readonly string[],
): Promise<{ id: string }[]> {
  return tx.query(
    `SELECT m.id FROM model m
     WHERE m.org_id = $1 AND m.removed_at IS NULL
       AND m.id IN (SELECT v.model_id FROM model_version v WHERE v.org_id = $1 AND v.id = ANY($2::uuid[]))
       AND NOT EXISTS (SELECT FROM model_version v WHERE v.org_id = $1 AND v.model_id = m.id AND v.removed_at IS NULL)`,
    [orgId, versionIds],
  );
}

/** Runs have UUIDs of version 7: between the first and the last of an entry lies every run that held the version back. */
export async function listHeldVersions(
  tx: Transaction,
  asked: { orgId: string; runId: string; page: PageQuery },
): Promise<ModelVersionPage> {
  const { orgId, runId, page } = asked;
  const limit = page.limit ?? DEFAULT_LIMIT;
  const question = ['held', runId];
  const after = page.cursor ? decodeCursor(question, page.cursor, 3) : null;
  const held = `FROM held_version h JOIN model_version v ON v.org_id = h.org_id AND v.id = h.version_id
     WHERE h.org_id = $1 AND h.first_run_id <= $2 AND h.last_run_id >= $2`;
  const rows = await tx.query<ListedVersion>(
    `SELECT ${ROW}, v.version_number::text AS sort_key ${held}
       ${after ? 'AND (v.model_name, v.version_number, v.id) > ($4, $5::bigint, $6::uuid)' : ''}
     ORDER BY v.model_name, v.version_number, v.id LIMIT $3`,
    [orgId, runId, limit + 1, ...(after ?? [])],
  );
  const last = rows[limit - 1];
  const [counted] = after
    ? []
    : await tx.query<{ n: number }>(`SELECT count(*)::int AS n ${held}`, [orgId, runId]);
  return {
    items: rows.slice(0, limit).map(toRow),
    nextCursor:
      rows.length > limit && last ? encodeCursor(question, [last.model_name, last.sort_key, last.id]) : null,
    total: counted?.n ?? null,
  };
}
