import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { ConnectionInput, SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  eventually,
  expectWhole,
  fillMlflow,
  INJURIES,
  itOnlyWith,
  MLFLOW_START_TIMEOUT_MS,
  ownPostgres,
  startFaultProxy,
  startRooms,
  startTestMlflow,
  whileHurt,
  type FaultProxy,
  type OwnPostgres,
  type TestMlflow,
  type TestRooms,
} from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
const DATA = resolve(import.meta.dirname, '../../../.data');
/** No file may grow beyond this while the disk is "full"; segments of the log are as large and made before. In bytes. */
const DISK_BYTES = 16 * 1024 * 1024;
/** Versions with a run each: three chunks. */
const MORE = 1_500;
const FIRST_CHUNK = 250;
/** Of 250 runs each: one of the first chunk, one of the second, three of the third. */
const REQUESTS_BEFORE = 5;
/** Linux alone can limit what already runs. */
const PRLIMIT = { name: 'prlimit', isHere: spawnSync('prlimit', ['--version']).status === 0 };

/** A real MLflow behind the proxy, and a Postgres that may be hurt. */
describeWithMlflow('a sync through faults', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let postgres: OwnPostgres;
  let rooms: TestRooms;
  let folder: string;
  let orgId: string;
  let edits = 0;

  const engine = (): SyncEngine => rooms.app.get(SyncEngine, { strict: false });
  const history = (): SyncHistory => rooms.app.get(SyncHistory, { strict: false });
  const connection = (): MlflowConnection => rooms.app.get(MlflowConnection, { strict: false });
  const save = (org: string, input: Partial<ConnectionInput> = {}): Promise<unknown> =>
    connection().save(org, { trackingServerUrl: proxy.url, authMethod: 'none', ...input }, ADMIN);
  const sync = async (org = orgId): Promise<SyncRun> => {
    const run = await engine().request(org, 'manual', ADMIN);
    await engine().run(org, run.id, FOREVER);
    return history().get(org, run.id);
  };
  const edit = async (): Promise<void> => {
    edits += 1;
    const runId = await mlflow.api.createRun('0', { metrics: { auc: edits / 100 } });
    await mlflow.api.createVersion('fraud', { runId });
    await mlflow.api.setVersionTag('fraud', '1', 'edit', String(edits));
  };
  const expectEqual = (org = orgId): Promise<void> =>
    expectWhole({ ask: rooms.test.asSuperuser, orgId: org, mlflowUrl: mlflow.url });
  const expectUnhurt = (org = orgId): Promise<void> =>
    expectWhole({ ask: rooms.test.asSuperuser, orgId: org });
  const asked = (path: string): number => proxy.requests.filter(({ url }) => url.includes(path)).length;
  /** Every byte of every version. */
  const versions = (org = orgId): Promise<object[]> =>
    rooms.test.asSuperuser(`SELECT v::text, xmin::text FROM model_version v WHERE org_id = $1 ORDER BY id`, [
      org,
    ]);
  /** Runs the sync up to where it asks for its runs, and what is to happen there meanwhile. */
  const during = async (org: string, work: (run: SyncRun) => Promise<unknown>): Promise<SyncRun> => {
    proxy.reset();
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 500 }, times: 1 });
    const run = await engine().request(org, 'manual', ADMIN);
    const running = engine().run(org, run.id, FOREVER);
    await eventually(() => expect(proxy.requests.some(({ url }) => url.includes('runs/search'))).toBe(true));
    await work(run);
    await running;
    return run;
  };

  beforeAll(async () => {
    postgres = ownPostgres('faults');
    folder = mkdtempSync(resolve(DATA, 'spec-faulty-mlflow-'));
    [mlflow, rooms] = await Promise.all([
      startTestMlflow({ folder }),
      startRooms([SyncEngineModule], {}, postgres.dataDir),
    ]);
    proxy = await startFaultProxy(mlflow.url);
    await mlflow.api.createModel('fraud', { description: 'cards' });
    const metrics = { nan: 'NaN', high: 'Infinity', low: '-Infinity', zero: 0, tiny: 5e-324 } as const;
    const runId = await mlflow.api.createRun('0', { metrics, params: { depth: '7' } });
    await mlflow.api.createVersion('fraud', { runId });
    orgId = await rooms.createOrganization();
    await save(orgId);
  }, MLFLOW_START_TIMEOUT_MS);

  afterEach(() => proxy?.reset());

  afterAll(async () => {
    await rooms?.close();
    await postgres?.remove();
    await proxy?.stop();
    await mlflow?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  });

  it('keeps NaN by its name and Infinity as MLflow sends it, and neither as 0 or null', async () => {
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    const inventory = rooms.app.get(ModelInventory, { strict: false });
    const { items } = await inventory.versions(orgId, {});
    const max = Number.MAX_VALUE;
    expect((await inventory.version(orgId, items[0]?.id ?? '')).metrics).toEqual({
      ...{ nan: 'NaN', high: max, low: -max, zero: 0, tiny: 5e-324 },
    });
    await expectEqual();
  });

  it('is looked at afterwards by an eye that sees what is lost, invented, twice, half-written or told wrongly', async () => {
    for (const { sql, rule } of INJURIES) {
      const found: unknown = await whileHurt(rooms.test, sql, () =>
        expectEqual().catch((error: unknown) => error),
      );
      expect(String(found)).toContain(rule);
    }
    await expectEqual();
  });

  it.each([
    ['an HTML page', { kind: 'html' }, 'mlflow-not-mlflow', 1],
    [
      'JSON that is cut short',
      { kind: 'rewrite', rewrite: (body: string) => body.slice(0, -9) },
      'mlflow-bad-response',
      5,
    ],
    ['500', { kind: 'status', status: 500 }, 'mlflow-server-error', 5],
    ['429', { kind: 'status', status: 429 }, 'mlflow-rate-limited', 5],
  ] as const)(
    'fails at %s with its code, applies nothing of that page, and is whole with the next one',
    async (_name, fault, code, tries) => {
      await sync();
      await edit();
      const before = await versions();
      proxy.reset();
      proxy.on({ match: 'model-versions/search', fault });
      expect(await sync()).toMatchObject({
        status: 'failed',
        error: { code },
        counts: { created: 0, updated: 0, removed: 0 },
      });
      expect(asked('model-versions/search')).toBe(tries);
      expect(await versions()).toEqual(before);
      await expectUnhurt();
      proxy.reset();
      expect(await sync()).toMatchObject({ status: 'succeeded' });
      await expectEqual();
    },
  );

  it('fails at a page token that comes back, keeps the page that came with it, and is whole with the next one', async () => {
    await sync();
    await edit();
    const rewrite = (body: string) => JSON.stringify({ ...JSON.parse(body), next_page_token: 'c2FtZQ==' });
    proxy.reset();
    proxy.on({ match: 'model-versions/search', fault: { kind: 'rewrite', rewrite } });
    expect(await sync()).toMatchObject({
      status: 'failed',
      error: { code: 'mlflow-paging-loop' },
      counts: { created: 1, updated: 1, removed: 0 },
    });
    expect(asked('model-versions/search')).toBe(2);
    await expectUnhurt();
    proxy.reset();
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 0, removed: 0 } });
    await expectEqual();
  });

  it('belongs to the connection that it began with, and is cancelled when that is saved anew', async () => {
    await edit();
    const before = await versions();
    const run = await during(orgId, () => save(orgId, { requestTimeoutSeconds: 45 }));
    expect(await history().get(orgId, run.id)).toMatchObject({ status: 'cancelled', counts: { created: 0 } });
    expect(await versions()).toEqual(before);
    await expectUnhurt();
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    await expectEqual();
  });

  it('writes nothing of the old server after another one was saved', async () => {
    const org = await rooms.createOrganization('Moves');
    await save(org);
    await sync(org);
    await edit();
    const before = await versions(org);
    const run = await during(org, () => save(org, { trackingServerUrl: mlflow.url, replaceSource: true }));
    expect(await history().get(org, run.id)).toMatchObject({ status: 'cancelled', counts: { created: 0 } });
    expect(await versions(org)).toEqual(before);
    expect(await sync(org)).toMatchObject({
      status: 'succeeded',
      counts: { created: before.length + 1, removed: before.length },
    });
    await expectEqual(org);
  });

  it('ends with the organization that is deleted meanwhile, whose secrets are gone with all its rows', async () => {
    const org = await rooms.createOrganization('Leaves');
    await save(org, { authMethod: 'token', apiToken: 'a-token-that-goes' });
    await sync(org);
    await edit();
    await during(org, () =>
      rooms.database.orgTransaction(org, (tx) => tx.query('SELECT delete_organization($1)', [org])),
    );
    const tables = await rooms.test.asSuperuser<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'org_id'`,
    );
    expect(tables.length).toBeGreaterThan(9);
    for (const { name } of tables) {
      expect([name, await rooms.test.asSuperuser(`SELECT FROM ${name} WHERE org_id = $1`, [org])]).toEqual([
        name,
        [],
      ]);
    }
    await expectUnhurt();
  });

  itOnlyWith(
    PRLIMIT,
    'fails on a full disk and writes nothing by halves, while everything can be read, and the next one heals with the room',
    async () => {
      await sync();
      const filler = await rooms.createOrganization('Filler');
      await rooms.test.asSuperuser(
        `SET session_replication_role = replica;
       INSERT INTO version_change (org_id, version_id, run_id, field, new)
       SELECT '${filler}', gen_random_uuid(), gen_random_uuid(), 'filler', to_jsonb(repeat('x', 1900)) FROM generate_series(1, 10000)`,
      );
      // More changes than the last page of their table has room for.
      const metrics = Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [`metric ${index}`, index]),
      );
      const [{ run_id: runId } = { run_id: '' }] = await rooms.test.asSuperuser<{ run_id: string }>(
        `SELECT run_id FROM model_version WHERE org_id = $1 AND version = '1'`,
        [orgId],
      );
      await mlflow.api.logMetrics(runId, metrics);
      const before = await versions();
      const run = await engine().request(orgId, 'manual', ADMIN);
      await limitFiles(await postgres.postmaster(rooms.test), String(DISK_BYTES));
      try {
        await expect(engine().run(orgId, run.id, FOREVER)).rejects.toThrow(/could not extend file/);
        expect(await history().get(orgId, run.id)).toMatchObject({
          ...{ status: 'failed', error: { code: 'worker-lost' } },
          counts: { updated: 0 },
        });
        expect(await connection().get(orgId)).toMatchObject({
          ...{ status: 'error', lastError: { code: 'worker-lost' } },
        });
        expect(await versions()).toEqual(before);
        const { items } = await rooms.app.get(ModelInventory, { strict: false }).versions(orgId, {});
        expect(items).toHaveLength(before.length);
        await expectUnhurt();
      } finally {
        await limitFiles(await postgres.postmaster(rooms.test), 'unlimited');
      }
      expect(await sync()).toMatchObject({ status: 'succeeded', counts: { updated: 1 } });
      await expectEqual();
    },
  );

  it(
    'fails with a code when MLflow is killed in the middle, keeps what it read and removes nothing',
    async () => {
      await sync();
      const before = await versions();
      fillMlflow(folder, MORE);
      proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 500 } });
      const { id } = await engine().request(orgId, 'manual', ADMIN);
      const running = engine().run(orgId, id, FOREVER);
      // The runs of a third chunk are asked for once the first chunk is read; what is read whole is kept.
      await eventually(() => expect(asked('runs/search')).toBeGreaterThan(REQUESTS_BEFORE));
      process.kill(-mlflow.pid, 'SIGKILL');
      await running;
      const { counts, ...run } = await history().get(orgId, id);
      expect(run).toMatchObject({ status: 'failed', error: { code: 'mlflow-unreachable' } });
      expect(counts).toMatchObject({ updated: 0, removed: 0 });
      expect(counts.created).toBeGreaterThanOrEqual(FIRST_CHUNK - before.length);
      expect(await versions()).toHaveLength(before.length + counts.created);
      await expectUnhurt();
      proxy.reset();
      mlflow = await startTestMlflow({ folder, port: Number(new URL(mlflow.url).port) });
      const left = MORE - counts.created;
      expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: left, removed: 0 } });
      // To compare each of them with MLflow takes minutes: what one fault leaves is compared above, what all leave by the soak.
      expect(await versions()).toHaveLength(before.length + MORE);
      await expectUnhurt();
    },
    MLFLOW_START_TIMEOUT_MS,
  );
});

/** Of the server and all of its processes, which each have their own. As their user, for root may be forbidden to. */
async function limitFiles(postmaster: number, bytes: string): Promise<void> {
  const { uid, gid } = statSync(`/proc/${postmaster}`);
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ');
  for (const pid of [String(postmaster), ...children]) {
    try {
      execFileSync('prlimit', ['--pid', pid, `--fsize=${bytes}:`], { uid, gid, stdio: 'pipe' });
    } catch (error) {
      // A connection that ended since is no process any more.
      if (existsSync(`/proc/${pid}`)) throw error;
    }
  }
}
