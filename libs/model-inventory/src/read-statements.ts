import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type ModelVersionPage,
  type ModelVersionRow,
  type Stage,
  type VersionQuery,
  type VersionSort,
} from '@vw/shared-contracts';
import { countVersions, findModels, type Found } from './count-statements';

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

/**
 * What a search found is sorted up to here, behind an `OFFSET 0` that the planner does not look through: it would walk the index of the
 * order in the hope of meeting some soon, which took 45 ms for 1,000 of the oldest of 100,000.
 */
const MOST_SORTED = 10_000;

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
  const filters = await filtersOf(tx, orgId, query);
  const total = query.cursor ? null : await countMatching(tx, orgId, query, filters);
  const part = await selectPart(tx, filters, { query, after, limit: query.limit ?? DEFAULT_LIMIT });
  return { items: part.items, nextCursor: part.next && encodeCursor(question, part.next), total };
}

/** Some rows of a list, and the keys behind which the next ones are; null at its end. */
export interface VersionPart {
  items: ModelVersionRow[];
  next: readonly string[] | null;
}

interface Part {
  query: VersionQuery;
  after: readonly (string | number)[];
  limit: number;
}

interface Filters {
  where: string;
  parameters: unknown[];
  /** Null without a search. */
  found: Found | null;
}

/** The rows behind the keys, from the first where there are none. */
export async function selectVersions(tx: Transaction, orgId: string, asked: Part): Promise<VersionPart> {
  return selectPart(tx, await filtersOf(tx, orgId, asked.query), asked);
}

async function selectPart(tx: Transaction, filters: Filters, asked: Part): Promise<VersionPart> {
  const { where, parameters } = filters;
  const { column, type, order } = orderOf(asked.query);
  const n = parameters.length;
  // Until Postgres has statistics that know the organization, it would rather read and sort all of it than walk the index of this order.
  if (!isNarrowed(asked.query, filters)) await tx.execute('SET LOCAL enable_sort = off');
  const keyset =
    asked.after.length > 0
      ? `AND (v.${column}, v.id) ${order === 'asc' ? '>' : '<'} ($${n + 1}::${type}, $${n + 2}::uuid)`
      : '';
  const matching = `FROM model_version v WHERE ${where} ${keyset}`;
  const isSorted = filters.found?.modelIds && filters.found.versions <= MOST_SORTED;
  const rows = await tx.query<ListedVersion>(
    `SELECT ${ROW}, v.${column}::text AS sort_key ${isSorted ? `FROM (SELECT v.* ${matching} OFFSET 0) v` : matching}
     ORDER BY v.${column} ${order}, v.id ${order} LIMIT ${asked.limit + 1}`,
    [...parameters, ...asked.after],
  );
  const last = rows[asked.limit - 1];
  return {
    items: rows.slice(0, asked.limit).map(toRow),
    next: rows.length > asked.limit && last ? [last.sort_key, last.id] : null,
  };
}

/** Whether what is asked for may be few of the versions: then an index of the order would be read for nothing. */
function isNarrowed({ stage, gap }: VersionQuery, { found }: Filters): boolean {
  return Boolean(stage || gap || found?.modelIds);
}

function orderOf(query: VersionQuery): { column: string; type: string; order: 'asc' | 'desc' } {
  return { ...SORTS[query.sort ?? 'updatedAt'], order: query.order ?? (query.sort ? 'asc' : 'desc') };
}

/** What a search finds are models, by a statement of its own. */
async function filtersOf(tx: Transaction, orgId: string, query: VersionQuery): Promise<Filters> {
  const parameters: unknown[] = [orgId];
  const conditions = ['v.org_id = $1'];
  let found: Filters['found'] = null;
  if (query.removed !== 'true') conditions.push('v.removed_at IS NULL');
  if (query.search) {
    const pattern = `%${query.search.replace(/[\\%_]/g, '\\$&')}%`;
    found = await findModels(tx, orgId, query, pattern);
    parameters.push(found.modelIds ?? pattern);
    conditions.push(found.modelIds ? 'v.model_id = ANY ($2::uuid[])' : 'v.model_name ILIKE $2');
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
  return { where: conditions.join(' AND '), parameters, found };
}

/** How many there are in all. Counters know each but those with gaps that a search found, whose index is of few. */
async function countMatching(
  tx: Transaction,
  orgId: string,
  query: VersionQuery,
  { where, parameters, found }: Filters,
): Promise<number> {
  if (!found) return countVersions(tx, orgId, query);
  if (!query.gap) return found.versions;
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
