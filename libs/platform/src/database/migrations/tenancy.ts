/**
 * SQL that puts a table under row level security. Under FORCE the owner sees nothing without a policy of its own; the app role sees
 * the rows of the organization that `orgTransaction` set and no others. Outside a transaction `app_org()` is null: no rows.
 */
export function tenantTable(table: string, options: { column?: string; privileges?: string } = {}): string {
  const column = options.column ?? 'org_id';
  const privileges = options.privileges ?? 'SELECT, INSERT, UPDATE, DELETE';
  return `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY app ON ${table} TO vw_app USING (${column} = (SELECT app_org())) WITH CHECK (${column} = (SELECT app_org()));
    CREATE POLICY owner ON ${table} TO vw_owner USING (true) WITH CHECK (true);
    GRANT ${privileges} ON ${table} TO vw_app;
  `;
}

/** Foreign key to the organization: the one that removes a row when its organization is deleted. */
export const ORGANIZATION = 'REFERENCES organization (id) ON DELETE CASCADE';

/** Only the app may call a function that looks across organizations. */
export function appFunction(signature: string): string {
  return `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC; GRANT EXECUTE ON FUNCTION ${signature} TO vw_app;`;
}
