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

/** Of `model_count`, by stage. */
const STAGE_COLUMNS: Record<Stage, string> = {
  None: 'none',
  Staging: 'staging',
  Production: 'production',
  Archived: 'archived',
};
const COUNTED = Object.values(STAGE_COLUMNS);

const COUNTS = [
  { table: 'version_count', key: ['stage', 'removed', 'gap_requirements'], counted: ['versions'] },
  { table: 'model_count', key: ['model_id', 'search_name', 'removed'], counted: COUNTED },
  { table: 'experiment_count', key: ['source_id', 'experiment_id'], counted: ['versions'] },
];

/** What a search found. */
export interface Found {
  /** Null: so many that their versions are asked for by the pattern of the name. */
  modelIds: string[] | null;
  /** Of the stage and removal asked for; not by gap. */
  versions: number;
}

/** Counted rows, up to which the versions of each model are looked up: one a model, and those of the last changes. */
const MOST_LOOKED_UP = 2_000;

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

/**
 * The models whose name holds the text, from one reading of the names: no index of trigrams would be used under row level security, and
 * inside the statement on versions the planner, with statistics that do not know the organization yet, looked through all models once for
 * each version: 5 minutes. `pattern` is one of LIKE, whatever its case.
 */
export async function findModels(
  tx: Transaction,
  orgId: string,
  { stage, removed }: Pick<VersionQuery, 'stage' | 'removed'>,
  pattern: string,
): Promise<Found> {
  const counted = stage ? STAGE_COLUMNS[stage] : COUNTED.join(' + ');
  const named = `model_count WHERE org_id = $1 AND ($2 OR NOT removed) AND search_name LIKE lower($3)`;
  const parameters = [orgId, removed === 'true', pattern];
  const [few] = await tx.query<{ ids: string[] | null; versions: number }>(
    `SELECT CASE WHEN count(*) <= ${MOST_LOOKED_UP} THEN coalesce(array_agg(model_id), '{}') END AS ids,
       coalesce(sum(${counted}), 0)::int AS versions
     FROM (SELECT * FROM ${named} LIMIT ${MOST_LOOKED_UP + 1}) found`,
    parameters,
  );
  if (few?.ids) return { modelIds: [...new Set(few.ids)], versions: few.versions };
  const [all] = await tx.query<{ versions: number }>(
    `SELECT sum(${counted})::int AS versions FROM ${named}`,
    parameters,
  );
  return { modelIds: null, versions: all?.versions ?? 0 };
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
  for (const { table, key, counted } of COUNTS) {
    const sums = counted.map((column) => `sum(${column})`).join(', ');
    await tx.execute(
      `WITH folded AS (
         DELETE FROM ${table} WHERE org_id = $1
           AND (SELECT count(*) - count(DISTINCT (${key.join()})) > $2 FROM ${table} WHERE org_id = $1)
         RETURNING ${key.join()}, ${counted.join()}
       )
       INSERT INTO ${table} (org_id, ${key.join()}, ${counted.join()})
       SELECT $1, ${key.join()}, ${sums} FROM folded GROUP BY ${key.join()} HAVING (${sums}) <> (${counted.map(() => 0).join()})`,
      [orgId, FOLDED_ABOVE],
    );
  }
}
