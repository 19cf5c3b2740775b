import { jest } from '@jest/globals';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { ModelVersionDetail, SyncRun } from '@vw/shared-contracts';
import { SyncHistory, type Lease } from '@vw/sync-history';
import {
  describeWithMlflow,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  seedDemoRegistry,
  startRooms,
  startTestMlflow,
  type TestMlflow,
  type TestRooms,
} from '@vw/testing';
import { killedAfterOneChunk } from './killed-worker.fixture';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;

describeWithMlflow('the sync engine on a real MLflow', () => {
  let mlflow: TestMlflow;
  let rooms: TestRooms;
  let engine: SyncEngine;
  let inventory: ModelInventory;
  let connection: MlflowConnection;
  let history: SyncHistory;
  let orgId: string;

  const sync = async (org = orgId): Promise<SyncRun> => {
    const run = await engine.request(org, 'manual', ADMIN);
    await engine.run(org, run.id, FOREVER);
    return history.get(org, run.id);
  };

  const everything = async (): Promise<Map<string, ModelVersionDetail>> => {
    const held = new Map<string, ModelVersionDetail>();
    let cursor: string | null = null;
    do {
      const page = await inventory.versions(orgId, {
        limit: 20,
        sort: 'modelName',
        ...(cursor ? { cursor } : {}),
      });
      for (const row of page.items)
        held.set(`${row.modelName}/${row.version}`, await inventory.version(orgId, row.id));
      cursor = page.nextCursor;
    } while (cursor);
    return held;
  };

  const expectEqualToUpstream = (): Promise<void> =>
    expectWhole({ ask: rooms.test.asSuperuser, orgId, mlflowUrl: mlflow.url });

  beforeAll(async () => {
    mlflow = await startTestMlflow();
    await seedDemoRegistry(mlflow.url);
    rooms = await startRooms([SyncEngineModule]);
    engine = rooms.app.get(SyncEngine, { strict: false });
    inventory = rooms.app.get(ModelInventory, { strict: false });
    connection = rooms.app.get(MlflowConnection, { strict: false });
    history = rooms.app.get(SyncHistory, { strict: false });
    orgId = await rooms.createOrganization();
    await connection.save(orgId, { trackingServerUrl: mlflow.url, authMethod: 'none' }, ADMIN);
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await rooms?.close();
    await mlflow?.stop();
  });

  it('holds every field of every version as MLflow has it', async () => {
    const run = await sync();
    expect(run).toMatchObject({ status: 'succeeded', error: null, held: 0 });
    await expectEqualToUpstream();
    const versions = (await everything()).size;
    expect(run.counts).toEqual({ created: versions, updated: 0, unchanged: 0, removed: 0 });
    expect(versions).toBeGreaterThan(50);
  });

  it('writes and locks no row when nothing has changed', async () => {
    const tables = ['model', 'model_version', 'run', 'experiment', 'version_change'];
    const rows = () =>
      rooms.database.orgTransaction(orgId, (tx) =>
        tx.query(
          tables
            .map(
              (table) =>
                `SELECT '${table}' AS t, count(*) n, string_agg(xmin::text || ':' || xmax::text || ':' || ctid::text, ',' ORDER BY ctid) AS x FROM ${table}`,
            )
            .join(' UNION ALL '),
        ),
      );
    const writes = async () => {
      // Each connection of the pool counts for itself and tells when it is told to: all ten at once, so that none is asked twice.
      const flush = 'SELECT pg_stat_force_next_flush(), pg_sleep(0.2)';
      await Promise.all(
        Array.from({ length: 10 }, () => rooms.database.orgTransaction(orgId, (tx) => tx.query(flush))),
      );
      return rooms.database.orgTransaction(orgId, (tx) =>
        tx.query(
          `SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables
           WHERE relname = ANY($1) ORDER BY relname`,
          [tables],
        ),
      );
    };
    const before = { rows: await rows(), writes: await writes() };
    const run = await sync();
    expect(run.counts).toMatchObject({ created: 0, updated: 0, removed: 0 });
    expect(run.counts.unchanged).toBe((await everything()).size);
    expect({ rows: await rows(), writes: await writes() }).toEqual(before);
    expect(before.writes).toContainEqual(
      expect.objectContaining({ relname: 'model_version', n_tup_ins: String(run.counts.unchanged) }),
    );
  });

  it('sees what bumps no timestamp, logs it old to new and touches nothing else', async () => {
    const held = await everything();
    const target = [...held.values()].find(
      (one) => one.run?.state === 'active' && one.aliases.length === 0 && one.modelName === 'credit-risk-pd',
    );
    if (!target?.runId) throw new Error('the demo registry lacks the version that this spec needs');
    const shared = [...held.values()].filter((one) => one.runId === target.runId).length;
    await mlflow.api.setVersionTag(target.modelName, target.version, 'validation', 'late');
    await mlflow.api.setAlias(target.modelName, 'late-alias', target.version);
    await mlflow.api.logMetrics(target.runId, { late_metric: 0.5 });
    await mlflow.api.logInputs(target.runId, [{ name: 'pd_late', digest: '1', context: 'training' }]);
    await mlflow.api.setRunTag(target.runId, 'mlflow.source.git.commit', 'late');
    await mlflow.api.deleteRun(target.runId);
    const run = await sync();
    expect(run.counts).toMatchObject({ created: 0, updated: shared, removed: 0 });
    const { items } = await inventory.changesOfRun(orgId, run.id, { limit: 200 });
    const changes = items
      .filter((one) => one.versionId === target.id)
      .map(({ field, old, new: now }) => ({ field, old, new: now }));
    expect(changes).toEqual(
      expect.arrayContaining([
        { field: 'tags.validation', old: target.tags['validation'] ?? null, new: 'late' },
        { field: 'aliases', old: [], new: ['late-alias'] },
        { field: 'metrics.late_metric', old: null, new: 0.5 },
        { field: 'run.state', old: 'active', new: 'deleted' },
        { field: 'commit', old: target.commit, new: 'late' },
        {
          field: 'datasets',
          old: target.datasets,
          new: [...target.datasets, { name: 'pd_late', digest: '1', context: 'training' }],
        },
      ]),
    );
    expect(changes).toHaveLength(6);
    expect([target.commit?.length, target.datasets.length]).toEqual([40, 2]);
    await expectEqualToUpstream();
  });

  it('holds awkward names and texts, and invents none', async () => {
    const names = [
      `it's "fine" 🚀 <b>`,
      '  leading space',
      'new\nline',
      'x'.repeat(306),
      '__proto__',
      'a%b_c\\d?e#f&g',
    ];
    for (const name of names) {
      await mlflow.api.createModel(name, { description: 'd'.repeat(100_000) });
      await mlflow.api.createVersion(name, {
        tags: { ['__proto__']: 'own', constructor: 'x' },
        description: name,
      });
    }
    await mlflow.api.createModel('nul\0name');
    await mlflow.api.createVersion('nul\0name');
    const run = await sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: names.length + 1 } });
    const held = await everything();
    for (const name of names) {
      const found = held.get(`${name}/1`);
      expect(found?.modelDescription).toHaveLength(100_000);
      expect(Object.entries(found?.tags ?? {})).toEqual(expect.arrayContaining([['constructor', 'x']]));
    }
    expect(held.has('nul␀name/1')).toBe(true);
    const found = await inventory.versions(orgId, { search: 'B_C\\' });
    expect(found.items.map((row) => row.modelName)).toEqual(['a%b_c\\d?e#f&g']);
    expect((await sync()).counts).toMatchObject({ created: 0, updated: 0, removed: 0 });
  });

  it('stamps a version removed only when MLflow says that it is gone, and un-stamps none by itself', async () => {
    const name = 'leaving';
    await mlflow.api.createModel(name);
    await mlflow.api.createVersion(name);
    await mlflow.api.createVersion(name);
    await sync();
    await mlflow.api.deleteVersion(name, '1');
    const run = await sync();
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: 0, updated: 0, removed: 1 } });
    const all = await inventory.versions(orgId, { search: name, removed: 'true' });
    expect(all.items.find((row) => row.version === '1')?.removedAt).not.toBeNull();
    const shown = await inventory.versions(orgId, { search: name });
    expect(shown.items.map((row) => row.version)).toEqual(['2']);
  });

  it('takes a model deleted and made again under the same name for another model', async () => {
    const name = 'phoenix';
    await mlflow.api.createModel(name);
    await mlflow.api.createVersion(name, { description: 'first life' });
    await sync();
    await mlflow.api.deleteModel(name);
    await mlflow.api.createModel(name);
    await mlflow.api.createVersion(name, { description: 'second life' });
    expect((await sync()).counts).toMatchObject({ created: 1, removed: 1 });
    const all = await inventory.versions(orgId, { search: name, removed: 'true' });
    expect(all.items.map((row) => [row.description, row.removedAt === null]).sort()).toEqual([
      ['first life', false],
      ['second life', true],
    ]);
  });

  it('takes a renamed model for one removed and one created', async () => {
    await mlflow.api.createModel('before-rename');
    await mlflow.api.createVersion('before-rename');
    await sync();
    await mlflow.api.renameModel('before-rename', 'after-rename');
    expect((await sync()).counts).toMatchObject({ created: 1, removed: 1 });
  });

  it('returns the active run to a second request', async () => {
    const first = await engine.request(orgId, 'manual', ADMIN);
    const second = await engine.request(orgId, 'manual', ADMIN);
    expect(second.id).toBe(first.id);
    await engine.run(orgId, first.id, FOREVER);
    expect((await history.get(orgId, first.id)).status).toBe('succeeded');
  });

  it('fences a worker that wakes up while another one goes on with its run', async () => {
    const run = await engine.request(orgId, 'manual', ADMIN);
    const [paused, newest] = [
      await history.start(orgId, run.id, null),
      await history.start(orgId, run.id, null),
    ];
    if (!paused || !newest) throw new Error('the run did not start');
    const nothing = { models: 0, versions: 0, requests: 0, created: 0, updated: 0, removed: 0 };
    const writes = (lease: Lease): (() => Promise<void>)[] => [
      () => rooms.database.orgTransaction(orgId, () => history.fence(orgId, lease)),
      () => history.heartbeat(orgId, lease),
      () => history.progress(orgId, lease, { phase: 'reading', currentModel: null, ...nothing }),
      () =>
        history.end(orgId, lease, { status: 'failed', code: null, complete: false, held: 0, requests: 0 }),
    ];
    for (const write of writes(paused)) await expect(write()).rejects.toMatchObject({ name: 'LeaseLost' });
    await history.release(orgId, paused);
    expect((await history.get(orgId, run.id)).status).toBe('running');
    for (const write of writes(newest).slice(0, -1)) await write();
    expect((await engine.cancel(orgId, run.id, ADMIN)).status).toBe('cancelled');
  });

  it('goes on with the counts of an attempt that died, and ends equal to a clean run', async () => {
    const other = await rooms.createOrganization('Other');
    await connection.save(other, { trackingServerUrl: mlflow.url, authMethod: 'none' }, ADMIN);
    const run = await engine.request(other, 'manual', ADMIN);
    await engine.run(other, run.id, killedAfterOneChunk(inventory)).catch(() => undefined);
    jest.restoreAllMocks();
    expect((await history.get(other, run.id)).status).toBe('running');
    await engine.run(other, run.id, FOREVER);
    const ended = await history.get(other, run.id);
    const { total } = await inventory.versions(other, { limit: 1 });
    expect(ended).toMatchObject({
      status: 'succeeded',
      counts: { created: total, updated: 0, unchanged: 0, removed: 0 },
    });
  });

  it('holds everything back when more is missing than work explains', async () => {
    const held = (await inventory.versions(orgId, { limit: 200 })).items;
    // All but one, and each proved gone: how many there are is what holds them back.
    for (const row of held.slice(1)) {
      await mlflow.api.deleteVersion(row.modelName.replace('␀', '\0'), row.version).catch(() => undefined);
    }
    const run = await sync();
    expect(run).toMatchObject({
      status: 'partial',
      error: { code: 'removals-held' },
      counts: { removed: 0 },
    });
    expect(held.length).toBeGreaterThan(21);
    expect(run.held).toBe(held.length - 1);
    expect(await connection.get(orgId)).toMatchObject({
      status: 'action-required',
      lastError: { code: 'removals-held' },
    });
  });

  it('fails with a code when MLflow dies, keeps what was read and removes nothing', async () => {
    const before = (await inventory.versions(orgId, { limit: 1 })).total;
    await mlflow.stop();
    const run = await sync();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'mlflow-unreachable' } });
    expect((await inventory.versions(orgId, { limit: 1 })).total).toBe(before);
    expect(await connection.get(orgId)).toMatchObject({ lastError: { code: 'mlflow-unreachable' } });
  });
});
