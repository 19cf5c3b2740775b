import type { Client } from 'pg';

/** Each part of the catalog as lines of text, in an order that does not depend on when things were made. */
const PARTS: readonly { title: string; sql: string }[] = [
  {
    title: 'columns',
    sql: `SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END, coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')) AS line
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`,
  },
  {
    title: 'constraints',
    sql: `SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY conrelid::regclass::text, conname`,
  },
  {
    title: 'indexes',
    sql: `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname`,
  },
  {
    title: 'row level security',
    sql: `SELECT format('%s enabled=%s forced=%s', relname, relrowsecurity, relforcerowsecurity) AS line FROM pg_class
          WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
  },
  {
    title: 'policies',
    sql: `SELECT format('%s %s TO %s USING %s CHECK %s', tablename, policyname, array_to_string(roles, ', '), qual, with_check) AS line
          FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname`,
  },
  {
    title: 'grants',
    sql: `SELECT format('%s %s: %s', table_name, grantee, string_agg(privilege_type, ', ' ORDER BY privilege_type)) AS line
          FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee = 'vw_app'
          GROUP BY table_name, grantee ORDER BY table_name, grantee`,
  },
  {
    title: 'triggers',
    sql: `SELECT pg_get_triggerdef(t.oid) AS line FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
          WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal ORDER BY c.relname, t.tgname`,
  },
  {
    title: 'functions',
    sql: `SELECT pg_get_functiondef(oid) || coalesce(' ACL ' || proacl::text, '') AS line FROM pg_proc
          WHERE pronamespace = 'public'::regnamespace ORDER BY proname`,
  },
];

/** The database's schema as text, printed from the catalog: what the drift check of the entities cannot see is in here too. */
export async function printSchema(client: Client): Promise<string> {
  const parts: string[] = [];
  for (const { title, sql } of PARTS) {
    const { rows } = await client.query<{ line: string }>(sql);
    parts.push(`-- ${title}\n${rows.map((row) => row.line.trimEnd()).join('\n')}\n`);
  }
  return parts.join('\n');
}
