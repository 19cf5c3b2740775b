import type { Transaction } from '@vw/platform';
import type { Stage, StageCounts, VersionQuery } from '@vw/shared-contracts';

/*
 * `version_count`, `model_count` and `experiment_count` hold what every statement on versions added or took away: triggers keep them, in the writing
 * transaction. A read sums some rows, where it counted every version, and joined each to its run for the experiments.
 */

export interface InventoryCounts {
  models: number;
  active: number;
  staging: number;
  experiments: number;
  stages: StageCounts;
}

/** Rows beyond one a key, from which on they are summed up. */
const FOLDED_ABOVE = 1_000;

const KEYS = {
  version_count: 'stage, removed, gap_requirements',
  model_count: 'model_id, stage, removed',
  experiment_count: 'source_id, experiment_id',
} as const;

/** Versions of the filters but the search. */
export async function countVersions(
  tx: Transaction,
  orgId: string,
  { stage, gap, removed }: Pick<VersionQuery, 'stage' | 'gap' | 'removed'>,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT coalesce(sum(versions), 0)::int AS n FROM version_count
     WHERE org_id = $1 AND ($2 OR NOT removed) AND ($3::text IS NULL OR stage = $3)
       AND ($4::text IS NULL OR ($4 = 'any' AND gap_requirements <> '{}') OR $4 = ANY (gap_requirements))`,
    [orgId, removed === 'true', stage ?? null, gap ?? null],
  );
  return row?.n ?? 0;
}

/** Versions of what a search found: models, or so many that they are asked for by the pattern of their names once more. */
export async function countFound(
  tx: Transaction,
  orgId: string,
  { stage, removed }: Pick<VersionQuery, 'stage' | 'removed'>,
  found: readonly string[] | string,
): Promise<number> {
  // Compared with true, IN is answered from a hash: left alone it becomes a join, of tables that Postgres may know nothing of yet.
  const isFound =
    typeof found === 'string'
      ? '(model_id IN (SELECT m.id FROM model m WHERE m.org_id = $1 AND m.name ILIKE $4)) = true'
      : 'model_id = ANY ($4::uuid[])';
  const [row] = await tx.query<{ n: number }>(
    `SELECT coalesce(sum(versions), 0)::int AS n FROM model_count
     WHERE org_id = $1 AND ($2 OR NOT removed) AND ($3::text IS NULL OR stage = $3) AND ${isFound}`,
    [orgId, removed === 'true', stage ?? null, found],
  );
  return row?.n ?? 0;
}

export async function selectSummary(tx: Transaction, orgId: string): Promise<InventoryCounts> {
  const counted = await tx.query<{ stage: Stage; n: number }>(
    'SELECT stage, sum(versions)::int AS n FROM version_count WHERE org_id = $1 AND NOT removed GROUP BY stage',
    [orgId],
  );
  const [rest] = await tx.query<{ models: number; experiments: number }>(
    `SELECT (SELECT count(*)::int FROM model WHERE org_id = $1 AND removed_at IS NULL) AS models,
       (SELECT count(*)::int FROM (SELECT FROM experiment_count WHERE org_id = $1
        GROUP BY source_id, experiment_id HAVING sum(versions) > 0) used) AS experiments`,
    [orgId],
  );
  const stages: StageCounts = { None: 0, Staging: 0, Production: 0, Archived: 0 };
  for (const { stage, n } of counted) stages[stage] = n;
  return {
    models: rest?.models ?? 0,
    active: stages.Production,
    staging: stages.Staging,
    experiments: rest?.experiments ?? 0,
    stages,
  };
}

/** Sums up the rows of each key where many have come together. What others add meanwhile stays as it is. */
export async function foldCounts(tx: Transaction, orgId: string): Promise<void> {
  for (const [table, key] of Object.entries(KEYS)) {
    await tx.execute(
      `WITH folded AS (
         DELETE FROM ${table} WHERE org_id = $1
           AND (SELECT count(*) - count(DISTINCT (${key})) > $2 FROM ${table} WHERE org_id = $1)
         RETURNING ${key}, versions
       )
       INSERT INTO ${table} (org_id, ${key}, versions)
       SELECT $1, ${key}, sum(versions) FROM folded GROUP BY ${key} HAVING sum(versions) <> 0`,
      [orgId, FOLDED_ABOVE],
    );
  }
}
