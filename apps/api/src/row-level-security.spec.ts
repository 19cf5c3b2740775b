import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Governance } from '@vw/governance';
import { Database, type Transaction } from '@vw/platform';
import type { FindingPage, SyncRun } from '@vw/shared-contracts';
import { SyncEngine } from '@vw/sync-engine';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startTestMlflow, type TestMlflow } from '@vw/testing';
import { startTestApi, type TestApi } from './test-api';
import { fillTenant, type Tenant } from './test-tenants';

const DOCUMENT = JSON.parse(readFileSync(resolve(import.meta.dirname, '../openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, object>>;
};
/** What a route that asks for more than its path is asked with. The trail grows by the gate's answers: one kind of event does not. */
const QUERIES: Readonly<Record<string, string>> = {
  '/api/v1/governance/gate': '?model=kestrel-model&version=1&target=Production',
  '/api/v1/audit/events': '?action=session.started',
};
/** A live feed has no end, and the last line of an export is the head of a trail that grows. */
const QUESTIONS = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
  'get' in item && !/\/live$|\/events\./.test(path) ? [path] : [],
);

describe('row level security, where no statement names the organization', () => {
  let api: TestApi;
  let mine: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    api = await startTestApi({ EGRESS_POLICY: 'private' });
    mine = await fillTenant(api, 'kestrel');
    other = await fillTenant(api, 'plover');
  });

  afterAll(() => api?.close());

  const idsOf = async ({ orgId, runId, versionId }: Tenant) => {
    const first = async (table: string): Promise<string> => {
      const sql = `SELECT id FROM ${table} WHERE org_id = $1 ORDER BY id LIMIT 1`;
      const [row] = await api.test.asSuperuser<{ id: string }>(sql, [orgId]);
      return row?.id ?? '';
    };
    return {
      ...{ run: runId, version: versionId, entry: await first('inventory_entry') },
      ...{ user: await first('user_account'), waiver: await first('waiver'), key: await first('api_key') },
    };
  };

  it('answers every question the same', async () => {
    const { run, entry, version } = await idsOf(mine);
    const ids = { 'sync-runs': run, entries: entry, versions: version };
    const answers = async (): Promise<[string, number, string][]> => {
      const told: [string, number, string][] = [];
      for (const path of QUESTIONS) {
        const id = Object.entries(ids).find(([name]) => path.includes(`/${name}/`))?.[1] ?? '';
        const asked = `${path.replace('{id}', id)}${QUERIES[path] ?? ''}`;
        const { status, text } = await api.call('GET', asked, { cookie: mine.cookie });
        told.push([path, status, text.replace(/"events":\d+|"(instance|lastUsedAt|askedAt)":"[^"]*"/g, '')]);
      }
      return told;
    };
    // A version shows the gate's last answer: these questions ask the gate, too.
    await answers();
    const before = await answers();
    expect(before.filter(([, status]) => status !== 200)).toEqual([]);
    expect(before.map(([path]) => path)).toEqual(
      expect.arrayContaining(['/api/v1/audit/events', '/api/v1/auth/me']),
    );
    const taken = await unnamed(api, async () => expect(await answers()).toEqual(before));
    expect(taken).toBeGreaterThan(50);
  });

  it('changes nothing of the other organization, whoever writes what', async () => {
    const { cookie } = mine;
    const before = await rowsOf(api, other);
    const endsAt = new Date(Date.now() + 86_400_000).toISOString();
    const evidenceUrl = 'https://evidence.example/2';
    const statuses = async (tenant: Tenant): Promise<[string, number][]> => {
      const { run, version: versionId, entry, user, waiver, key } = await idsOf(tenant);
      const review = { versionId, requirement: 'security-review', result: 'passed', evidenceUrl };
      const writes: readonly [method: string, path: string, body?: object][] = [
        ['PATCH', `/model-inventory/entries/${entry}`, { owner: 'x' }],
        ['PATCH', `/users/${user}`, { name: 'x' }],
        ['POST', '/governance/attestations', review],
        ['POST', '/governance/waivers', { versionId, rule: 'G03', reason: 'x', endsAt }],
        ['POST', `/governance/waivers/${waiver}/withdraw`],
        ['POST', `/integrations/mlflow/sync-runs/${run}/confirm-removals`],
        ['DELETE', `/api-keys/${key}`],
      ];
      const found: [string, number][] = [];
      for (const [method, path, body] of writes) {
        const { status } = await api.call(method, path, { cookie, ...(body ? { body } : {}) });
        found.push([`${method} ${path}`, status]);
      }
      return found;
    };
    const taken = await unnamed(api, async () => {
      expect((await statuses(other)).filter(([, status]) => status !== 404)).toEqual([]);
      expect((await statuses(mine)).filter(([, status]) => status >= 300)).toEqual([]);
      expect((await api.call('POST', '/integrations/mlflow/sync', { cookie })).status).toBe(202);
      expect((await api.call('DELETE', '/integrations/mlflow', { cookie })).status).toBe(204);
      expect((await api.call('POST', '/auth/sign-out', { cookie })).status).toBe(204);
    });
    expect(taken).toBeGreaterThan(30);
    expect(await rowsOf(api, other)).toEqual(before);
    expect((await api.call('GET', '/auth/me', { cookie: other.cookie })).status).toBe(200);
    expect((await api.call('GET', '/auth/me', { cookie })).status).toBe(401);
  });
});

describeWithMlflow('row level security, where no statement of a sync names the organization', () => {
  let api: TestApi;
  let mlflow: TestMlflow;
  let mine: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    [api, mlflow] = await Promise.all([startTestApi({ EGRESS_POLICY: 'private' }), startTestMlflow()]);
    mine = await fillTenant(api, 'kestrel');
    other = await fillTenant(api, 'plover');
    await mlflow.api.createModel('credit-risk-pd');
    const experiment = await mlflow.api.createExperiment('kreditrisk');
    for (const auc of [0.8, 0.9]) {
      const runId = await mlflow.api.createRun(experiment, { metrics: { auc } });
      await mlflow.api.createVersion('credit-risk-pd', { runId });
    }
    await mlflow.api.setAlias('credit-risk-pd', 'champion', '1');
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await api?.close();
    await mlflow?.stop();
  });

  const connect = async ({ cookie }: Tenant): Promise<void> => {
    const settings = { trackingServerUrl: mlflow.url, authMethod: 'none', pollSeconds: 0 };
    const body = { ...settings, replaceSource: true };
    expect((await api.call('PUT', '/integrations/mlflow', { cookie, body })).status).toBe(200);
  };
  /** What a worker does, from the request to the word of the rules. */
  const synced = async ({ orgId, cookie }: Tenant): Promise<SyncRun> => {
    const { id } = (await api.call('POST', '/integrations/mlflow/sync', { cookie })).json<SyncRun>();
    await api.app.get(SyncEngine, { strict: false }).run(orgId, id, new AbortController().signal);
    await api.app.get(Governance, { strict: false }).evaluate(orgId, id);
    return (await api.call('GET', `/integrations/mlflow/sync-runs/${id}`, { cookie })).json();
  };

  // Of what it had before, one version was removed already.
  it('writes, stamps and judges what is its own, and changes nothing of the other organization', async () => {
    await connect(other);
    expect(await synced(other)).toMatchObject({ status: 'succeeded', counts: { created: 2, removed: 2 } });
    const before = await rowsOf(api, other);
    const taken = await unnamed(api, async () => {
      await connect(mine);
      expect(await synced(mine)).toMatchObject({ status: 'succeeded', counts: { created: 2, removed: 2 } });
      await mlflow.api.deleteVersion('credit-risk-pd', '1');
      expect(await synced(mine)).toMatchObject({ status: 'succeeded', counts: { created: 0, removed: 1 } });
    });
    expect(taken).toBeGreaterThan(50);
    expect(await rowsOf(api, other)).toEqual(before);
    const { cookie } = mine;
    const found = await api.call('GET', '/governance/findings?limit=200', { cookie });
    expect(found.json<FindingPage>().items.map(({ rule }) => rule)).toContain('G10');
  });
});

/** Does it with every statement but for its `org_id = $1`. Returns how many of these were taken away. */
async function unnamed({ app }: TestApi, work: () => Promise<void>): Promise<number> {
  let taken = 0;
  const strip = (sql: string): string =>
    sql.replace(/\b(\w+\.)?org_id = \$1(?!\d)/g, () => {
      taken += 1;
      return '$1::uuid IS NOT NULL';
    });
  const without = (tx: Transaction): Transaction => ({
    orgId: tx.orgId,
    query: (sql, parameters) => tx.query(strip(sql), parameters),
    execute: (sql, parameters) => tx.execute(strip(sql), parameters),
  });
  const database = app.get(Database);
  const transaction = database.orgTransaction.bind(database);
  const current = database.current.bind(database);
  database.orgTransaction = (orgId, inner) => transaction(orgId, (tx) => inner(without(tx)));
  database.current = (orgId) => without(current(orgId));
  try {
    await work();
  } finally {
    database.orgTransaction = transaction;
    database.current = current;
  }
  return taken;
}

/** Every byte, by table. */
async function rowsOf({ test }: TestApi, { orgId }: Tenant): Promise<Record<string, unknown>> {
  const tables = await test.asSuperuser<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`,
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables) {
    const sql = `SELECT t::text FROM ${name} t WHERE org_id = $1 ORDER BY 1`;
    rows[name] = await test.asSuperuser(sql, [orgId]);
  }
  return rows;
}
