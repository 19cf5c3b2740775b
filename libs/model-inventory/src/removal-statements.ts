import type { Transaction } from '@vw/platform';

export interface ProvableVersion {
  id: string;
  model_id: string;
  model_name: string;
  raw_name: string | null;
  version: string;
  created_at: Date;
  model_created_at: Date;
}

/** A part of the ids of the versions of the source that are not removed, without fetching anything else of them. */
export async function selectVersionIds(
  tx: Transaction,
  orgId: string,
  part: { source: string; after: string | null; most: number },
): Promise<{ id: string }[]> {
  return tx.query(
    `SELECT id FROM model_version WHERE org_id = $1 AND source_id = $2 AND removed_at IS NULL AND ($3::uuid IS NULL OR id > $3)
     ORDER BY id LIMIT $4`,
    [orgId, part.source, part.after, part.most],
  );
}

/** Of the versions that are there, how many the run made or found again; `among`: how many of these. Each is in the change log. */
export async function countAppeared(
  tx: Transaction,
  orgId: string,
  asked: { runId: string; among: readonly string[] },
): Promise<{ all: number; among: number }> {
  const [row] = await tx.query<{ all: number; among: number }>(
    `SELECT count(DISTINCT v.id)::int AS all, count(DISTINCT v.id) FILTER (WHERE v.id = ANY ($3::uuid[]))::int AS among
     FROM version_change c JOIN model_version v ON v.org_id = c.org_id AND v.id = c.version_id
     WHERE c.org_id = $1 AND c.run_id = $2 AND c.field IN ('version', 'removedAt') AND v.removed_at IS NULL`,
    [orgId, asked.runId, asked.among],
  );
  return row ?? { all: 0, among: 0 };
}

export async function selectVersionsForProof(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<ProvableVersion[]> {
  return tx.query<ProvableVersion>(
    `SELECT v.id, v.model_id, v.model_name, m.raw_name, v.version, v.created_at, m.created_at AS model_created_at
     FROM model_version v JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
     WHERE v.org_id = $1 AND v.id = ANY($2::uuid[]) ORDER BY v.model_name, v.version_number`,
    [orgId, ids],
  );
}

export async function selectModels(
  tx: Transaction,
  orgId: string,
  sourceId: string,
): Promise<{ id: string; name: string; raw_name: string | null; created_at: Date }[]> {
  return tx.query(
    'SELECT id, name, raw_name, created_at FROM model WHERE org_id = $1 AND source_id = $2 AND removed_at IS NULL',
    [orgId, sourceId],
  );
}

/** Stamps the versions and logs it, the instant spelled as everywhere on the wire; returns how many were stamped now. */
export async function stampVersions(
  tx: Transaction,
  orgId: string,
  runId: string,
  ids: readonly string[],
): Promise<number> {
  return tx.execute(
    `WITH stamped AS (
       UPDATE model_version SET removed_at = now(), changed_run_id = $2, open_gaps = NULL, gap_requirements = NULL
       WHERE org_id = $1 AND id = ANY($3::uuid[]) AND removed_at IS NULL RETURNING id, removed_at
     )
     INSERT INTO version_change (org_id, version_id, run_id, field, old, new)
     SELECT $1, id, $2, 'removedAt', NULL, to_jsonb(to_char(removed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
     FROM stamped`,
    [orgId, runId, ids],
  );
}

export async function stampModels(
  tx: Transaction,
  orgId: string,
  runId: string,
  ids: readonly string[],
): Promise<void> {
  await tx.execute(
    `UPDATE model SET removed_at = now(), changed_run_id = $2 WHERE org_id = $1 AND id = ANY($3::uuid[]) AND removed_at IS NULL`,
    [orgId, runId, ids],
  );
}

/** The records of a server that was replaced on an Admin's word. */
export async function selectOtherSources(
  tx: Transaction,
  orgId: string,
  sourceIds: readonly string[],
): Promise<{ id: string }[]> {
  return tx.query(
    'SELECT id FROM model_version WHERE org_id = $1 AND source_id <> ALL($2::uuid[]) AND removed_at IS NULL',
    [orgId, sourceIds],
  );
}

export async function stampOtherModels(
  tx: Transaction,
  orgId: string,
  read: { runId: string; sourceIds: readonly string[] },
): Promise<void> {
  await tx.execute(
    `UPDATE model SET removed_at = now(), changed_run_id = $2
     WHERE org_id = $1 AND source_id <> ALL($3::uuid[]) AND removed_at IS NULL`,
    [orgId, read.runId, read.sourceIds],
  );
}
