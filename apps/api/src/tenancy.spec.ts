import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Database } from '@vw/platform';
import { startTestApi, type Answer, type TestApi } from './test-api';
import { fillTenant, personOf, type Tenant } from './test-tenants';

const DOCUMENT = JSON.parse(readFileSync(resolve(import.meta.dirname, '../openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
};
const UNKNOWN = '018f0000-0000-7000-8000-000000000000';

interface Route {
  method: string;
  path: string;
  parameters: readonly { name: string; in: string }[];
}

const ROUTES: readonly Route[] = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, { parameters = [] }]) => ({
    method: method.toUpperCase(),
    path,
    parameters,
  })),
);

describe('two organizations in one database', () => {
  let api: TestApi;
  let mine: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    api = await startTestApi({ EGRESS_POLICY: 'private' });
    mine = await fillTenant(api, 'kestrel');
    other = await fillTenant(api, 'plover');
  });

  afterAll(() => api?.close());

  const idsIn = async (table: string, { orgId }: Tenant): Promise<string[]> =>
    (await api.test.asSuperuser<{ id: string }>(`SELECT id FROM ${table} WHERE org_id = $1`, [orgId])).map(
      ({ id }) => id,
    );

  describe('over HTTP', () => {
    /** Which table the id of a route is from. A new route must be told here, or this fails. */
    const TABLES: Record<string, string> = {
      '/api/v1/integrations/mlflow/sync-runs': 'sync_run',
      '/api/v1/model-inventory/mlflow/versions': 'model_version',
      '/api/v1/model-inventory/entries': 'inventory_entry',
      '/api/v1/governance/versions': 'model_version',
      '/api/v1/governance/waivers': 'waiver',
      '/api/v1/users': 'user_account',
      '/api/v1/api-keys': 'api_key',
    };
    /** Bodies that are right, so that nothing but the id is judged. */
    const BODIES: Record<string, object> = {
      'PATCH /api/v1/users/{id}': { name: 'Taken over' },
      'POST /api/v1/governance/waivers/{id}/refuse': { reason: 'Taken over' },
      'PATCH /api/v1/model-inventory/entries/{id}': { owner: 'Taken over' },
    };
    const asked = async (answer: Promise<Answer>): Promise<[number, Record<string, unknown>]> => {
      const { status, json } = await answer;
      const body = json<Record<string, unknown>>();
      // A reference of its own for every answer.
      delete body['instance'];
      return [status, body];
    };
    // The id of a hook opens nothing to anybody: its signature does, whoever is signed in.
    const withIds = ROUTES.filter(({ path }) => path.includes('{') && !path.startsWith('/api/v1/hooks/'));

    it.each(withIds.map(({ method, path }) => [method, path] as const))(
      'an id of the other organization is unknown to %s %s',
      async (method, path) => {
        const table = TABLES[path.slice(0, path.indexOf('/{'))];
        if (!table) throw new Error(`Say which table ${path} is about.`);
        const body = BODIES[`${method} ${path}`];
        const call = (id: string, who: { cookie?: string; key?: string }) =>
          asked(api.call(method, path.replace('{id}', id), { ...who, ...(body ? { body } : {}) }));
        const { cookie } = mine;
        const unknown = await call(UNKNOWN, { cookie });
        expect([unknown[0], unknown[1]['code']]).toEqual([404, 'not-found']);
        const foreign = await idsIn(table, other);
        expect(foreign.length).toBeGreaterThan(0);
        for (const id of foreign) expect(await call(id, { cookie })).toEqual(unknown);
        const [byKey] = await call(foreign[0] ?? '', { key: mine.key });
        expect([403, 404]).toContain(byKey);
      },
    );

    it('an id of the other organization in a body or a query is unknown, too', async () => {
      const { cookie } = mine;
      const review = {
        ...{ requirement: 'bias-assessment', result: 'passed' },
        evidenceUrl: 'https://evidence.example/1',
      };
      const waiver = { rule: 'G01', reason: 'x', endsAt: new Date(Date.now() + 86_400_000).toISOString() };
      for (const [path, body] of [
        ['/governance/attestations', review],
        ['/governance/waivers', waiver],
      ] as const) {
        const call = (versionId: string) =>
          asked(api.call('POST', path, { cookie, body: { ...body, versionId } }));
        const unknown = await call(UNKNOWN);
        expect(unknown[0]).toBe(404);
        expect(await call(other.versionId)).toEqual(unknown);
      }
      const queried = ROUTES.flatMap(({ path, parameters }) =>
        parameters
          .filter(({ name }) => name === 'versionId' || name === 'actor')
          .map(({ name }) => [path, name] as const),
      );
      expect(queried.length).toBeGreaterThan(2);
      const { id: userId } = await personOf(api, other.cookie);
      for (const [path, name] of queried) {
        const call = (id: string) => api.call('GET', `${path}?${name}=${id}`, { cookie });
        const foreign = await call(name === 'actor' ? userId : other.versionId);
        const unknown = await call(UNKNOWN);
        expect(foreign.status).toBe(unknown.status);
        if (!path.endsWith('.csv') && !path.endsWith('.jsonl'))
          expect(foreign.json<{ items: object[] }>().items).toEqual([]);
      }
    });

    it('leaves no trace of the other organization in any answer', async () => {
      const lists = ROUTES.filter(
        ({ method, path }) => method === 'GET' && !path.includes('{') && !path.endsWith('/live'),
      );
      for (const { path } of lists) {
        const question = path.endsWith('/gate') ? '?model=kestrel-model&version=1&target=Production' : '';
        const { status, text } = await api.call('GET', `${path}${question}`, { cookie: mine.cookie });
        expect([path, status, text.includes('plover')]).toEqual([path, 200, false]);
      }
      const own = await api.call('GET', '/audit/events.jsonl', { cookie: other.cookie });
      expect(own.text).toContain('plover');
    });
  });

  describe('in Postgres', () => {
    const tables = async (): Promise<string[]> =>
      (
        await api.test.asSuperuser<{ name: string }>(
          `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
           WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
        )
      ).map(({ name }) => name);
    /** As the one organization: a sentence for each way to the other's rows of this table. What is changed is rolled back. */
    const leaksOf = async (table: string): Promise<string[]> => {
      const owned = async ({ orgId }: Tenant): Promise<number> =>
        (await api.test.asSuperuser(`SELECT FROM ${table} WHERE org_id = $1`, [orgId])).length;
      const [own, foreign] = [await owned(mine), await owned(other)];
      if (foreign === 0) return [`${table}: the other organization has no row to try with`];
      const leaks: string[] = [];
      const attempt = async (what: string, most: number, sql: string): Promise<void> => {
        const undo = new Error('undo');
        let affected = 0;
        const thrown: unknown = await api.app
          .get(Database)
          .orgTransaction(mine.orgId, async (tx) => {
            affected = sql.startsWith('SELECT') ? (await tx.query(sql)).length : await tx.execute(sql);
            throw undo;
          })
          .catch((error: unknown) => error);
        const code: unknown = thrown === undo ? null : Reflect.get(Object(thrown), 'code');
        // 42501: the app may not even try. Any other fault means that the policy let it through, up to a constraint.
        if (code !== null && code !== '42501') leaks.push(`${table}: ${what}, up to ${String(code)}`);
        if (affected > most || (what === 'reads' && affected !== most))
          leaks.push(`${table}: ${what} ${affected} rows`);
      };
      await attempt('reads', own, `SELECT FROM ${table}`);
      await attempt('changes', own, `UPDATE ${table} SET org_id = org_id`);
      await attempt('gives away', 0, `UPDATE ${table} SET org_id = '${other.orgId}'`);
      await attempt(
        'changes foreign',
        0,
        `UPDATE ${table} SET org_id = '${mine.orgId}' WHERE org_id = '${other.orgId}'`,
      );
      await attempt('deletes foreign', 0, `DELETE FROM ${table} WHERE org_id = '${other.orgId}'`);
      const copy = `jsonb_populate_record(NULL::${table}, jsonb_build_object('org_id', '${other.orgId}'))`;
      await attempt('inserts', 0, `INSERT INTO ${table} SELECT (${copy}).*`);
      return leaks;
    };
    const allLeaks = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const table of await tables()) found.push(...(await leaksOf(table)));
      return found;
    };

    it('reads, changes and deletes 0 rows of the other organization in any table, and inserts none: 42501', async () => {
      expect((await tables()).length).toBeGreaterThan(15);
      expect(await allLeaks()).toEqual([]);
      for (const table of await tables()) {
        const inserted = api.app
          .get(Database)
          .orgTransaction(mine.orgId, (tx) =>
            tx.execute(
              `INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, jsonb_build_object('org_id', $1::text))).*`,
              [other.orgId],
            ),
          );
        await expect(inserted).rejects.toMatchObject({ code: '42501' });
      }
    });

    it.each([
      ['is dropped', 'DROP POLICY app ON waiver'],
      ['lets everything through', 'ALTER POLICY app ON waiver USING (true) WITH CHECK (true)'],
      ['is switched off', 'ALTER TABLE waiver DISABLE ROW LEVEL SECURITY'],
    ])('is no longer apart, and this is seen, where a policy %s', async (_name, sql) => {
      const policy = `org_id = (SELECT app_org())`;
      await api.test.asSuperuser(sql);
      try {
        expect((await allLeaks()).join('\n')).toContain('waiver: reads');
      } finally {
        await api.test.asSuperuser(
          `DROP POLICY IF EXISTS app ON waiver; CREATE POLICY app ON waiver TO vw_app USING (${policy}) WITH CHECK (${policy});
           ALTER TABLE waiver ENABLE ROW LEVEL SECURITY`,
        );
      }
      expect(await leaksOf('waiver')).toEqual([]);
    });
  });
});
