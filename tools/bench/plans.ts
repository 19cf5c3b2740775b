import type { Product } from './product.ts';

const ROW =
  'v.id, v.model_name, v.version, v.stage, v.aliases, v.created_at, v.updated_at, v.description, v.removed_at, v.open_gaps, v.live';
const SORTED = 'ORDER BY v.updated_at DESC, v.id DESC LIMIT 26';
const SELECT = `SELECT ${ROW}, v.updated_at::text AS sort_key`;
const HELD = 'FROM model_version v WHERE v.org_id = $1 AND v.removed_at IS NULL';
const COUNTED = 'coalesce(sum(none + staging + production + archived), 0)::int AS versions';
const NAMED = 'model_count WHERE org_id = $1 AND (false OR NOT removed) AND search_name LIKE';
const FOUND_MODELS = `SELECT CASE WHEN count(*) <= 2000 THEN coalesce(array_agg(model_id), '{}') END AS ids, ${COUNTED}
  FROM (SELECT * FROM ${NAMED} lower('%model-0000%') LIMIT 2001) found`;

interface Read {
  name: string;
  sql: string;
  /** Whether the inventory lets Postgres sort: not what nothing narrows. */
  sorts?: boolean;
  /** Whether it is asked with the ids of what was found as `$2`. */
  takesFound?: boolean;
}

/** The reads of the table, statement by statement as the inventory words them. */
const READS: readonly Read[] = [
  { name: 'first page', sql: `${SELECT} ${HELD} ${SORTED}`, sorts: false },
  { name: 'search: its models and how many', sql: FOUND_MODELS },
  {
    name: 'search: a page',
    sql: `${SELECT} FROM (SELECT v.* ${HELD} AND v.model_id = ANY ($2::uuid[]) OFFSET 0) v ${SORTED}`,
    takesFound: true,
  },
  { name: 'search that finds all: how many', sql: `SELECT ${COUNTED} FROM ${NAMED} lower('%model%')` },
  {
    name: 'search that finds all: a page',
    sql: `${SELECT} ${HELD} AND v.model_name ILIKE '%model%' ${SORTED}`,
    sorts: false,
  },
  { name: 'stage filter', sql: `${SELECT} ${HELD} AND v.stage = 'Production' ${SORTED}` },
  { name: 'gap filter', sql: `${SELECT} ${HELD} AND v.gap_requirements <> '{}' ${SORTED}` },
  {
    name: 'totals and stages',
    sql: 'SELECT stage, sum(versions)::int AS n FROM version_count WHERE org_id = $1 AND NOT removed GROUP BY stage',
  },
  {
    name: 'models and experiments',
    sql: `SELECT (SELECT count(*)::int FROM model WHERE org_id = $1 AND removed_at IS NULL) AS models,
      (SELECT count(*)::int FROM (SELECT FROM experiment_count WHERE org_id = $1
       GROUP BY source_id, experiment_id HAVING sum(versions) > 0) used) AS experiments`,
  },
];

/** How Postgres goes about each read, with what it really took. */
export function plansOf(product: Product): Promise<string> {
  return product.inOrganization(async (client, orgId) => {
    const plans: string[] = [];
    const models = await client.query<{ ids: string[] }>(FOUND_MODELS, [orgId]);
    const found = models.rows[0]?.ids ?? [];
    for (const { name, sql, sorts = true, takesFound = false } of READS) {
      await client.query(`SET LOCAL enable_sort = ${sorts ? 'on' : 'off'}`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, COSTS off, BUFFERS off, TIMING off) ${sql}`,
        takesFound ? [orgId, found] : [orgId],
      );
      const lines = rows.map((row) => `  ${shortened(row['QUERY PLAN'].replaceAll(orgId, '…'))}`);
      plans.push(`${name}:\n${lines.join('\n')}`);
    }
    return plans.join('\n\n');
  });
}

/** Without the hundred ids of what was found. */
function shortened(line: string): string {
  return line.replaceAll(/\{[0-9a-f-]{36},[0-9a-f,-]*\}/g, '{…}');
}
