import { Client } from 'pg';
import { runMigrations } from 'bullmq';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source-options';

/** Any number; the same one for every process that migrates, so that they wait for each other. */
const ADVISORY_LOCK = 7_203_514;

export interface MigrationTargets {
  /** A role that may create tables: the owner. */
  ownerUrl: string;
  /** The role that the app connects as; it is made a member of `vw_app` where the owner may do so. */
  appUrl?: string | undefined;
}

/**
 * Brings tables, policies, grants and the queue's schema up to date, as `vw_owner`, one process at a time.
 * Throws with the SQL an administrator must run where the owner may not create or grant the two group roles.
 */
export async function migrate(targets: MigrationTargets): Promise<string[]> {
  const client = new Client({ connectionString: targets.ownerUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await prepareRoles(client, targets);
    const applied = await migrateTables(targets.ownerUrl);
    await migrateQueue(client);
    return applied;
  } finally {
    await client.end();
  }
}

async function prepareRoles(client: Client, targets: MigrationTargets): Promise<void> {
  const appUser = targets.appUrl ? decodeURIComponent(new URL(targets.appUrl).username) : null;
  const wanted = [
    ...['vw_owner', 'vw_app'].map((role) => ({
      unless: `SELECT FROM pg_roles WHERE rolname = '${role}'`,
      sql: `CREATE ROLE ${role} NOLOGIN`,
    })),
    {
      unless: `SELECT WHERE pg_has_role(current_user, 'vw_owner', 'SET')`,
      sql: `GRANT vw_owner TO CURRENT_USER`,
    },
    ...(appUser && appUser !== 'vw_app'
      ? [
          {
            unless: `SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
                     WHERE g.rolname = 'vw_app' AND r.rolname = '${appUser.replaceAll("'", "''")}'`,
            sql: `GRANT vw_app TO ${quoteIdentifier(appUser)}`,
          },
        ]
      : []),
    {
      unless: `SELECT WHERE has_schema_privilege('vw_owner', 'public', 'CREATE') AND has_database_privilege('vw_owner', current_database(), 'CREATE')`,
      sql: `DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO vw_owner', current_database()); END $$; GRANT ALL ON SCHEMA public TO vw_owner; GRANT USAGE ON SCHEMA public TO vw_app`,
    },
  ];
  for (const step of wanted) {
    if ((await client.query(step.unless)).rowCount) continue;
    await client.query(step.sql).catch((cause: unknown) => {
      // The only expected fault is a missing privilege; whatever it is, the remedy is the same statement by an administrator.
      throw new Error(`DATABASE_OWNER_URL may not do this; have an administrator run: ${step.sql};`, {
        cause,
      });
    });
  }
}

async function migrateTables(ownerUrl: string): Promise<string[]> {
  const source = new DataSource({
    ...dataSourceOptions(ownerUrl, 'vw-migrate'),
    // Everything is owned by the group role, so that any of its members can migrate further.
    extra: { options: '-c role=vw_owner' },
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

async function migrateQueue(client: Client): Promise<void> {
  await client.query('SET ROLE vw_owner');
  await runMigrations(client, 'bullmq');
  await client.query(`
    GRANT USAGE ON SCHEMA bullmq TO vw_app;
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA bullmq TO vw_app;
    GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA bullmq TO vw_app;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA bullmq TO vw_app;
    GRANT SELECT ON public.schema_migration TO vw_app;
  `);
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
