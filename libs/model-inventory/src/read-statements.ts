import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type MetricValue,
  type ModelVersionDetail,
  type ModelVersionPage,
  type ModelVersionRow,
  type RunState,
  type Stage,
  type StageCounts,
  type VersionQuery,
  type VersionSort,
} from '@vw/shared-contracts';

export interface InventoryCounts {
  models: number;
  active: number;
  staging: number;
  experiments: number;
  stages: StageCounts;
}

export interface ListedVersion {
  id: string;
  model_name: string;
  version: string;
  stage: Stage;
  aliases: string[];
  created_at: Date;
  updated_at: Date;
  description: string;
  removed_at: Date | null;
  open_gaps: number | null;
  live: boolean;
  /** The sort column as text, for the cursor: dates keep their microseconds. */
  sort_key: string;
}

interface DetailedVersion extends ListedVersion {
  model_description: string;
  model_tags: Record<string, string>;
  run_id: string | null;
  tags: Record<string, string>;
  source_uri: string;
  evidence_state: RunState | null;
  evidence_status: string | null;
  metrics: Record<string, MetricValue> | null;
  parameters: Record<string, string> | null;
  experiment_id: string | null;
  experiment_name: string | null;
  artifact_location: string | null;
}

/** Each sort has an index of (org_id, column, id), and none of the columns is ever null. */
const SORTS: Record<VersionSort, { column: string; type: string }> = {
  modelName: { column: 'model_name', type: 'text' },
  version: { column: 'version_number', type: 'bigint' },
  stage: { column: 'stage', type: 'text' },
  createdAt: { column: 'created_at', type: 'timestamptz' },
  updatedAt: { column: 'updated_at', type: 'timestamptz' },
};

export const ROW =
  'v.id, v.model_name, v.version, v.stage, v.aliases, v.created_at, v.updated_at, v.description, v.removed_at, v.open_gaps, v.live';

export async function listVersions(
  tx: Transaction,
  orgId: string,
  query: VersionQuery,
): Promise<ModelVersionPage> {
  const sort = SORTS[query.sort ?? 'updatedAt'];
  const order = query.order ?? (query.sort ? 'asc' : 'desc');
  const limit = query.limit ?? DEFAULT_LIMIT;
  const removed = query.removed === 'true';
  const question = [
    'versions',
    query.search ?? '',
    query.stage ?? '',
    query.gap ?? '',
    removed,
    sort.column,
    order,
  ];
  const after = query.cursor ? decodeCursor(question, query.cursor, 2) : null;
  const { where, parameters } = filters(orgId, query, removed);

  const keyset = after
    ? `AND (v.${sort.column}, v.id) ${order === 'asc' ? '>' : '<'} ($${parameters.length + 1}::${sort.type}, $${parameters.length + 2}::uuid)`
    : '';
  const rows = await tx.query<ListedVersion>(
    `SELECT ${ROW}, v.${sort.column}::text AS sort_key FROM model_version v
     WHERE ${where} ${keyset} ORDER BY v.${sort.column} ${order}, v.id ${order} LIMIT ${limit + 1}`,
    [...parameters, ...(after ?? [])],
  );
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(toRow),
    nextCursor: rows.length > limit && last ? encodeCursor(question, [last.sort_key, last.id]) : null,
    total: after ? null : await countVersions(tx, where, parameters),
  };
}

/** A search runs over the models' names first: few rows, and no index of trigrams would be used under row level security. */
function filters(
  orgId: string,
  query: VersionQuery,
  removed: boolean,
): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [orgId];
  const conditions = ['v.org_id = $1'];
  if (!removed) conditions.push('v.removed_at IS NULL');
  if (query.search) {
    parameters.push(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(
      `v.model_id IN (SELECT m.id FROM model m WHERE m.org_id = $1 AND m.name ILIKE $${parameters.length})`,
    );
  }
  if (query.stage) {
    parameters.push(query.stage);
    conditions.push(`v.stage = $${parameters.length}`);
  }
  if (query.gap === 'any') conditions.push(`v.gap_requirements <> '{}'`);
  else if (query.gap) {
    parameters.push(query.gap);
    conditions.push(`$${parameters.length} = ANY (v.gap_requirements)`);
  }
  return { where: conditions.join(' AND '), parameters };
}

async function countVersions(
  tx: Transaction,
  where: string,
  parameters: readonly unknown[],
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM model_version v WHERE ${where}`,
    parameters,
  );
  return row?.n ?? 0;
}

export async function selectSummary(tx: Transaction, orgId: string): Promise<InventoryCounts> {
  const counted = await tx.query<{ stage: Stage; n: number }>(
    'SELECT stage, count(*)::int AS n FROM model_version WHERE org_id = $1 AND removed_at IS NULL GROUP BY stage',
    [orgId],
  );
  const [rest] = await tx.query<{ models: number; experiments: number }>(
    `SELECT (SELECT count(*)::int FROM model WHERE org_id = $1 AND removed_at IS NULL) AS models,
       (SELECT count(DISTINCT (r.source_id, r.experiment_id))::int FROM model_version v
        JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
        WHERE v.org_id = $1 AND v.removed_at IS NULL AND r.experiment_id IS NOT NULL) AS experiments`,
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

export async function selectDetail(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<ModelVersionDetail | null> {
  const [row] = await tx.query<DetailedVersion>(
    `SELECT ${ROW}, '' AS sort_key, m.description AS model_description, m.tags AS model_tags, v.run_id, v.tags, v.source_uri,
       r.state AS evidence_state, r.status AS evidence_status, r.metrics, r.parameters,
       e.experiment_id, e.name AS experiment_name, e.artifact_location
     FROM model_version v
     JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
     LEFT JOIN run r ON r.org_id = v.org_id AND r.source_id = v.source_id AND r.run_id = v.evidence_id
     LEFT JOIN experiment e ON e.org_id = r.org_id AND e.source_id = r.source_id AND e.experiment_id = r.experiment_id
     WHERE v.org_id = $1 AND v.id = $2`,
    [orgId, id],
  );
  return row ? toDetail(row) : null;
}

export function toRow(row: ListedVersion): ModelVersionRow {
  return {
    id: row.id,
    modelName: row.model_name,
    version: row.version,
    stage: row.stage,
    aliases: row.aliases,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    description: row.description,
    removedAt: row.removed_at?.toISOString() ?? null,
    openGaps: row.open_gaps,
    live: row.live,
  };
}

function toDetail(row: DetailedVersion): ModelVersionDetail {
  return {
    ...toRow(row),
    modelDescription: row.model_description,
    modelTags: row.model_tags,
    runId: row.run_id,
    run: row.run_id && row.evidence_state ? { state: row.evidence_state, status: row.evidence_status } : null,
    tags: row.tags,
    parameters: row.parameters ?? {},
    metrics: row.metrics ?? {},
    experiment:
      row.experiment_id === null
        ? null
        : {
            id: row.experiment_id,
            name: row.experiment_name ?? '',
            artifactLocation: row.artifact_location ?? '',
          },
    source: row.source_uri,
  };
}
