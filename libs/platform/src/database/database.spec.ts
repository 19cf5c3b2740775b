import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source-options';
import { Database, type Transaction } from './database';
import { checkDatabase } from './boot-check';

const A = '00000000-0000-7000-8000-00000000000a';
const B = '00000000-0000-7000-8000-00000000000b';

describe('the database', () => {
  let test: TestDatabase;
  let source: DataSource;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    source = await new DataSource(dataSourceOptions(test.url, 'spec')).initialize();
    database = new Database(source);
    for (const [id, name] of [
      [A, 'A'],
      [B, 'B'],
    ] as const) {
      await database.orgTransaction(id, (tx) =>
        tx.execute('INSERT INTO organization (id, name) VALUES ($1, $2)', [id, name]),
      );
    }
  });

  afterAll(async () => {
    await source?.destroy();
    await test?.drop();
  });

  it('shows an organization its own rows only', async () => {
    const rows = await database.orgTransaction(A, (tx) =>
      tx.query<{ name: string }>('SELECT name FROM organization'),
    );
    expect(rows).toEqual([{ name: 'A' }]);
  });

  it('shows no rows outside a transaction of an organization', async () => {
    expect(await database.acrossOrganizations((tx) => tx.query('SELECT * FROM organization'))).toEqual([]);
  });

  it("refuses to write another organization's row", async () => {
    const writing = database.orgTransaction(A, (tx) =>
      tx
        .execute(`INSERT INTO attempt_limit (key, attempts) VALUES ('x', 1)`)
        .then(() => tx.execute('INSERT INTO organization (id, name) VALUES (uuidv7(), $1)', ['C'])),
    );
    await expect(writing).rejects.toMatchObject({ code: '42501' });
  });

  it('joins a transaction that already runs for the organization', async () => {
    await database.orgTransaction(A, async (outer) => {
      await database.orgTransaction(A, async (inner) => expect(inner).toBe(outer));
      await expect(database.orgTransaction(B, async () => undefined)).rejects.toThrow('another organization');
    });
  });

  it('begins no transaction for what is no id of an organization', async () => {
    let isDone = false;
    const work = async () => {
      isDone = true;
    };
    for (const id of ['', 'x', `${A}'; SELECT set_config('app.org_id', '${B}', true); --`])
      await expect(database.orgTransaction(id, work)).rejects.toThrow('no id of an organization');
    expect(isDone).toBe(false);
  });

  it('rolls everything back when the work fails', async () => {
    const failing = database.orgTransaction(A, async (tx) => {
      await tx.execute(`UPDATE organization SET name = 'changed'`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.orgTransaction(A, (tx) => tx.query('SELECT name FROM organization'))).toEqual([
      { name: 'A' },
    ]);
  });

  it('refuses to start as a role that row level security does not bind', async () => {
    for (const url of [test.adminUrl, test.ownerUrl]) {
      const unbound = await new DataSource(dataSourceOptions(url, 'spec')).initialize();
      await expect(checkDatabase(unbound)).rejects.toThrow('does not bind');
      await unbound.destroy();
    }
    await expect(checkDatabase(source)).resolves.toBeUndefined();
  });

  it('keeps every table of an organization under forced row level security', async () => {
    const tables = await source.query<{ name: string; forced: boolean; policies: number }[]>(`
      SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
             (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
      FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
        AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id')`);
    expect(tables.length).toBeGreaterThan(9);
    expect(tables.filter((table) => !table.forced || table.policies !== 2)).toEqual([]);
  });

  it('has no materialized view, and no view that looks with the rights of its owner', async () => {
    const unbound = (): Promise<{ name: string }[]> =>
      source.query(`
        SELECT c.relname AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND (c.relkind = 'm' OR (c.relkind = 'v' AND NOT EXISTS (
          SELECT FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)))
        ORDER BY 1`);
    expect(await unbound()).toEqual([]);
    await test.asSuperuser(
      `CREATE VIEW bound WITH (security_invoker = on) AS SELECT FROM organization;
       CREATE VIEW unbound AS SELECT FROM organization;
       CREATE MATERIALIZED VIEW unbound_copy AS SELECT FROM organization`,
    );
    try {
      expect(await unbound()).toEqual([{ name: 'unbound' }, { name: 'unbound_copy' }]);
    } finally {
      await test.asSuperuser('DROP VIEW bound, unbound; DROP MATERIALIZED VIEW unbound_copy');
    }
  });

  it('deletes an organization in a transaction of its own only', async () => {
    const deleted = (tx: Transaction): Promise<{ deleted: boolean }[]> =>
      tx.query('SELECT delete_organization($1) AS deleted', [B]);
    expect(await database.orgTransaction(A, deleted)).toEqual([{ deleted: false }]);
    expect(await database.acrossOrganizations(deleted)).toEqual([{ deleted: false }]);
    expect(await test.asSuperuser('SELECT FROM organization')).toHaveLength(2);
    expect(await database.orgTransaction(B, deleted)).toEqual([{ deleted: true }]);
    expect(await test.asSuperuser('SELECT name FROM organization')).toEqual([{ name: 'A' }]);
  });
});
