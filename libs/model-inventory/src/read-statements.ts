import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type ModelVersionPage,
  type ModelVersionRow,
  type Stage,
  type VersionQuery,
  type VersionSort,
} from '@vw/shared-contracts';
import { countVersions } from './count-statements';

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
  const { column, order } = orderOf(query);
  const question = [
    'versions',
    query.search ?? '',
    query.stage ?? '',
    query.gap ?? '',
    query.removed === 'true',
    column,
    order,
  ];
  const after = query.cursor ? decodeCursor(question, query.cursor, 2) : [];
  const part = await selectVersions(tx, orgId, { query, after, limit: query.limit ?? DEFAULT_LIMIT });
  return {
    items: part.items,
    nextCursor: part.next && encodeCursor(question, part.next),
    total: query.cursor ? null : await (query.search ? countFound : countVersions)(tx, orgId, query),
  };
}

/** Some rows of a list, and the keys behind which the next ones are; null at its end. */
export interface VersionPart {
  items: ModelVersionRow[];
  next: readonly string[] | null;
}

/** The rows behind the keys, from the first where there are none. */
export async function selectVersions(
  tx: Transaction,
  orgId: string,
  asked: { query: VersionQuery; after: readonly (string | number)[]; limit: number },
): Promise<VersionPart> {
  const { column, type, order } = orderOf(asked.query);
  const { where, parameters } = filters(orgId, asked.query);
  const n = parameters.length;
  const keyset =
    asked.after.length > 0
      ? `AND (v.${column}, v.id) ${order === 'asc' ? '>' : '<'} ($${n + 1}::${type}, $${n + 2}::uuid)`
      : '';
  const rows = await tx.query<ListedVersion>(
    `SELECT ${ROW}, v.${column}::text AS sort_key FROM model_version v
     WHERE ${where} ${keyset} ORDER BY v.${column} ${order}, v.id ${order} LIMIT ${asked.limit + 1}`,
    [...parameters, ...asked.after],
  );
  const last = rows[asked.limit - 1];
  return {
    items: rows.slice(0, asked.limit).map(toRow),
    next: rows.length > asked.limit && last ? [last.sort_key, last.id] : null,
  };
}

function orderOf(query: VersionQuery): { column: string; type: string; order: 'asc' | 'desc' } {
  return { ...SORTS[query.sort ?? 'updatedAt'], order: query.order ?? (query.sort ? 'asc' : 'desc') };
}

/** A search runs over the models' names first: few rows, and no index of trigrams would be used under row level security. */
function filters(orgId: string, query: VersionQuery): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [orgId];
  const conditions = ['v.org_id = $1'];
  if (query.removed !== 'true') conditions.push('v.removed_at IS NULL');
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
  // Said of a single requirement too: the index of what has gaps is of these.
  if (query.gap) conditions.push(`v.gap_requirements <> '{}'`);
  if (query.gap && query.gap !== 'any') {
    parameters.push(query.gap);
    conditions.push(`$${parameters.length} = ANY (v.gap_requirements)`);
  }
  return { where: conditions.join(' AND '), parameters };
}

async function countFound(tx: Transaction, orgId: string, query: VersionQuery): Promise<number> {
  const { where, parameters } = filters(orgId, query);
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM model_version v WHERE ${where}`,
    parameters,
  );
  return row?.n ?? 0;
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
