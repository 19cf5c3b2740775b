import type { Product } from './product.ts';

const ROW =
  'v.id, v.model_name, v.version, v.stage, v.aliases, v.created_at, v.updated_at, v.description, v.removed_at, v.open_gaps, v.live';
const ORDER = 'ORDER BY v.updated_at DESC, v.id DESC LIMIT 26';
const HELD = `SELECT ${ROW} FROM model_version v WHERE v.org_id = $1 AND v.removed_at IS NULL`;

/** The reads of the table, as the inventory words them. */
const READS: [string, string][] = [
  ['first page', `${HELD} ${ORDER}`],
  [
    'search',
    `${HELD} AND v.model_id = ANY (ARRAY(SELECT m.id FROM model m WHERE m.org_id = $1 AND m.name ILIKE '%model-0000%')) ${ORDER}`,
  ],
  ['stage filter', `${HELD} AND v.stage = 'Production' ${ORDER}`],
  ['gap filter', `${HELD} AND v.gap_requirements <> '{}' ${ORDER}`],
  [
    'totals and stages',
    'SELECT stage, sum(versions)::int AS n FROM version_count WHERE org_id = $1 AND NOT removed GROUP BY stage',
  ],
];

/** How Postgres goes about each read, with what it really took. */
export function plansOf(product: Product): Promise<string> {
  return product.inOrganization(async (client, orgId) => {
    const plans: string[] = [];
    for (const [name, sql] of READS) {
      // As the inventory sets it for a list that nothing narrows.
      await client.query(`SET LOCAL enable_sort = ${name === 'first page' ? 'off' : 'on'}`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, COSTS off, BUFFERS off, TIMING off) ${sql}`,
        [orgId],
      );
      plans.push(`${name}:\n${rows.map((row) => `  ${row['QUERY PLAN'].replace(orgId, '…')}`).join('\n')}`);
    }
    return plans.join('\n\n');
  });
}
