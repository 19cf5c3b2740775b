import type { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations';

/**
 * Refuses to start on a database that is not migrated, or as a role that row level security does not bind: a superuser sees every
 * organization's rows despite FORCE.
 */
export async function checkDatabase(source: DataSource): Promise<void> {
  await checkRole(source);
  await checkMigrations(source);
}

async function checkRole(source: DataSource): Promise<void> {
  const [role] = await source.query<{ name: string; unbound: boolean; owner: boolean; member: boolean }[]>(`
    SELECT current_user AS name, r.rolsuper OR r.rolbypassrls AS unbound,
           coalesce(pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = 'vw_owner'), 'MEMBER'), false) AS owner,
           coalesce(pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = 'vw_app'), 'USAGE'), false) AS member
    FROM pg_roles r WHERE r.rolname = current_user`);
  if (!role || role.unbound || role.owner) {
    throw new Error(
      'DATABASE_URL names a role that row level security does not bind. Use one that is no owner, superuser or BYPASSRLS.',
    );
  }
  if (!role.member) {
    throw new Error(
      `The role of DATABASE_URL is no member of vw_app. Have an administrator run: GRANT vw_app TO "${role.name}";`,
    );
  }
}

async function checkMigrations(source: DataSource): Promise<void> {
  const rows = await source
    .query<{ name: string }[]>('SELECT name FROM schema_migration')
    // A missing table is the one expected fault: nothing was migrated yet.
    .catch(() => []);
  const applied = new Set(rows.map((row) => row.name));
  const pending = MIGRATIONS.filter((migration) => !applied.has(migration.name));
  if (pending.length > 0) {
    throw new Error(
      `The database lacks ${pending.length} migration(s). Run: DATABASE_OWNER_URL=… npm run db:migrate`,
    );
  }
}
