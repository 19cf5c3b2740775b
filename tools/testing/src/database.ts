import { createHash, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { Env, migrate, MIGRATIONS } from '@vw/platform';
import pg from 'pg';
import { holdPostgres } from '../../embedded/embedded-postgres.ts';

/** A throw-away database: a copy of the migrated template. */
export interface TestDatabase {
  /** As the role that row level security binds. */
  url: string;
  ownerUrl: string;
  /** As superuser, for looks that no role of ours may take. */
  adminUrl: string;
  /** Runs one statement as superuser, or several without parameters; answers the rows of a single one. */
  asSuperuser<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** The environment of an app on this database. */
  env(overrides?: Record<string, string>): Env;
  drop(): Promise<void>;
}

/** Any number; the same for every spec process, so that one of them makes the template. */
const TEMPLATE_LOCK = 918_273;

const SHARED = resolve(import.meta.dirname, '../../../.data/test');

/**
 * Makes a database for one spec file on the shared embedded server, or on one of its own in `dataDir` for specs that hurt it. It ends with
 * `drop`, the server with its last user.
 */
export async function createTestDatabase(dataDir = SHARED): Promise<TestDatabase> {
  const held = await holdPostgres(dataDir);
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await connected(held.address.adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const template = await ensureTemplate(admin, held.address.ownerUrl);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER vw_owner`);
  });
  const url = inDatabase(held.address.appUrl, name);
  const adminUrl = inDatabase(held.address.adminUrl, name);
  return {
    url,
    ownerUrl: inDatabase(held.address.ownerUrl, name),
    adminUrl,
    asSuperuser: <Row>(sql: string, parameters: readonly unknown[] = []) =>
      connected(adminUrl, async (client) => (await client.query(sql, [...parameters])).rows as Row[]),
    env: (overrides = {}) =>
      new Env({
        DATABASE_URL: url,
        ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
        LOG_LEVEL: 'error',
        ...overrides,
      }),
    drop: async () => {
      await connected(held.address.adminUrl, (admin) => admin.query(`DROP DATABASE ${name} WITH (FORCE)`));
      held.release();
    },
  };
}

/** No connection outlives its work: where a spec kills Postgres, an idle one would end the whole process with an error. */
async function connected<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The template's name carries a digest of the migrations' text: an edited one makes a new template. */
async function ensureTemplate(admin: pg.Client, ownerUrl: string): Promise<string> {
  const digest = createHash('sha256').update(MIGRATIONS.map(String).join()).digest('hex').slice(0, 10);
  const name = `template_${digest}`;
  const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (found.rowCount) return name;
  const making = `${name}_new`;
  await admin.query(`DROP DATABASE IF EXISTS ${making}`);
  await admin.query(`CREATE DATABASE ${making} OWNER vw_owner`);
  await migrate({ ownerUrl: inDatabase(ownerUrl, making) });
  await admin.query(`ALTER DATABASE ${making} RENAME TO ${name}`);
  return name;
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/**
 * Every value of every table of the embedded database of a folder, the queue's too, as text on a line of its own: within a whole row Postgres
 * doubles quotes and backslashes, by which what is searched for would not be found.
 */
export async function dumpDatabase(dataDir: string): Promise<string> {
  const held = await holdPostgres(dataDir);
  const admin = new pg.Client({ connectionString: inDatabase(held.address.adminUrl, 'verifywise') });
  await admin.connect();
  const { rows: tables } = await admin.query<{ name: string; columns: string }>(
    `SELECT format('%I.%I', t.schemaname, t.tablename) AS name, string_agg(format('%I::text', c.column_name), ', ') AS columns
     FROM pg_tables t
     JOIN information_schema.columns c ON c.table_schema = t.schemaname AND c.table_name = t.tablename
     WHERE t.schemaname NOT IN ('pg_catalog', 'information_schema')
     GROUP BY t.schemaname, t.tablename`,
  );
  const dumped: string[] = [];
  for (const { name, columns } of tables) {
    const { rows } = await admin.query<{ values: string }>(
      `SELECT concat_ws(E'\\n', ${columns}) AS values FROM ${name}`,
    );
    dumped.push(name, ...rows.map(({ values }) => values));
  }
  await admin.end();
  held.release();
  return dumped.join('\n');
}
