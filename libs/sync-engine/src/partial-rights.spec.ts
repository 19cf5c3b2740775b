import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  startRooms,
  startTestMlflow,
  type TestMlflow,
  type TestRooms,
} from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const READER = { username: 'svc-verifywise-ro', password: 'correct horse battery staple' };
const MODELS = Array.from({ length: 24 }, (_, index) => `model-${String(index).padStart(2, '0')}`);

describeWithMlflow('a sync with an account that loses rights', () => {
  let mlflow: TestMlflow;
  let rooms: TestRooms;
  let orgId: string;
  let experimentId: string;

  const inventory = (): ModelInventory => rooms.app.get(ModelInventory, { strict: false });
  const engine = (): SyncEngine => rooms.app.get(SyncEngine, { strict: false });
  const history = (): SyncHistory => rooms.app.get(SyncHistory, { strict: false });
  const connection = (): MlflowConnection => rooms.app.get(MlflowConnection, { strict: false });
  const sync = async (): Promise<SyncRun> => {
    const run = await engine().request(orgId, 'manual', ADMIN);
    await engine().run(orgId, run.id, new AbortController().signal);
    return history().get(orgId, run.id);
  };
  const held = async (): Promise<number | null> => (await inventory().versions(orgId, { limit: 1 })).total;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ appName: 'basic-auth' });
    const { api } = mlflow;
    experimentId = await api.createExperiment('credit');
    for (const name of MODELS) {
      const runId = await api.createRun(experimentId, {
        ...{ metrics: { auc: 0.9 }, params: { depth: '7' } },
        tags: { 'mlflow.source.git.commit': '3f9c0c1e', 'mlflow.user': 'åsa' },
      });
      await api.createModel(name);
      await api.createVersion(name, { runId });
    }
    await api.createUser(READER.username, READER.password);
    await api.grant(READER.username, 'registered_model', '*', 'READ');
    await api.grant(READER.username, 'experiment', '*', 'READ');
    rooms = await startRooms([SyncEngineModule]);
    orgId = await rooms.createOrganization();
    const settings = {
      trackingServerUrl: mlflow.url,
      authMethod: 'basic' as const,
      requestTimeoutSeconds: 60,
      ...READER,
    };
    await connection().save(orgId, settings, ADMIN);
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await rooms?.close();
    await mlflow?.stop();
  });

  it('reads everything while it may', async () => {
    expect(await sync()).toMatchObject({
      status: 'succeeded',
      counts: { created: MODELS.length, removed: 0 },
    });
  });

  it('keeps the last known values of runs that it may no longer read, marked', async () => {
    await mlflow.api.grant(READER.username, 'experiment', experimentId, 'DENY');
    expect(await sync()).toMatchObject({
      status: 'succeeded',
      counts: { created: 0, updated: MODELS.length, removed: 0 },
    });
    const { items } = await inventory().versions(orgId, { limit: 1 });
    expect(await inventory().version(orgId, items[0]?.id ?? '')).toMatchObject({
      run: { state: 'unreadable', status: 'FINISHED' },
      metrics: { auc: 0.9 },
      parameters: { depth: '7' },
      ...{ commit: '3f9c0c1e', creator: 'åsa' },
      experiment: { id: experimentId, name: 'credit' },
    });
  });

  it('holds back a single model that is hidden from it, for hidden is not gone', async () => {
    // An unreadable run is asked for by itself, and this server takes half a second to check a password.
    await mlflow.api.revoke(READER.username, 'experiment', experimentId);
    await mlflow.api.grant(READER.username, 'registered_model', 'model-00', 'DENY');
    expect(await sync()).toMatchObject({
      status: 'partial',
      held: 1,
      error: { code: 'removals-held' },
      counts: { removed: 0 },
    });
    expect(await held()).toBe(MODELS.length);
  });

  it('holds back half of the registry that is hidden from it', async () => {
    for (const name of MODELS.slice(1, MODELS.length / 2)) {
      await mlflow.api.grant(READER.username, 'registered_model', name, 'DENY');
    }
    expect(await sync()).toMatchObject({
      status: 'partial',
      held: 12,
      error: { code: 'removals-held' },
      counts: { removed: 0 },
    });
    expect(await held()).toBe(MODELS.length);
  });

  it('lists what a run held back, also of an older run', async () => {
    const runs = (await history().list(orgId, {})).items.filter(({ held }) => held > 0);
    const names = async (runId = ''): Promise<string[]> =>
      (await engine().heldBy(orgId, runId, { limit: 200 })).items.map(({ modelName }) => modelName);
    expect(runs.map(({ held }) => held)).toEqual([12, 1]);
    expect(await names(runs[0]?.id)).toEqual(MODELS.slice(0, 12));
    expect(await names(runs[1]?.id)).toEqual(['model-00']);
    const first = await engine().heldBy(orgId, runs[0]?.id ?? '', { limit: 5 });
    const next = await engine().heldBy(orgId, runs[0]?.id ?? '', {
      limit: 7,
      cursor: first.nextCursor ?? '',
    });
    expect(first.total).toBe(12);
    expect([...first.items, ...next.items].map(({ modelName }) => modelName)).toEqual(MODELS.slice(0, 12));
    expect(next.nextCursor).toBeNull();
  });

  it('holds back everything when nothing is left to see', async () => {
    for (const name of MODELS.slice(MODELS.length / 2)) {
      await mlflow.api.grant(READER.username, 'registered_model', name, 'DENY');
    }
    expect(await sync()).toMatchObject({ status: 'partial', held: MODELS.length, counts: { removed: 0 } });
    expect(await held()).toBe(MODELS.length);
  });

  it('lets an Admin confirm the newest whole read only', async () => {
    const [newest, older] = (await history().list(orgId, {})).items;
    const conflict = { code: 'conflict', status: 409 };
    await expect(engine().confirmRemovals(orgId, older?.id ?? '', ADMIN)).rejects.toMatchObject(conflict);
    const running = await engine().request(orgId, 'manual', ADMIN);
    await expect(engine().confirmRemovals(orgId, newest?.id ?? '', ADMIN)).rejects.toMatchObject(conflict);
    expect(await engine().cancel(orgId, running.id, ADMIN)).toMatchObject({ status: 'cancelled' });
    await expect(engine().cancel(orgId, running.id, ADMIN)).rejects.toMatchObject(conflict);
    expect(await held()).toBe(MODELS.length);
  });

  it('stamps exactly what an Admin confirmed, and clears the card', async () => {
    const { items } = await history().list(orgId, {});
    const partial = items.find(({ status }) => status === 'partial');
    const confirmed = await engine().confirmRemovals(orgId, partial?.id ?? '', ADMIN);
    expect(confirmed).toMatchObject({
      status: 'succeeded',
      error: null,
      held: MODELS.length,
      counts: { removed: MODELS.length },
    });
    expect(await held()).toBe(0);
    expect(await inventory().summary(orgId)).toMatchObject({ models: 0 });
    expect(await connection().get(orgId)).toMatchObject({ status: 'connected', lastError: null });
    const changes = await inventory().changesOfRun(orgId, confirmed.id, { limit: 200 });
    expect(changes.items.filter(({ field }) => field === 'removedAt')).toHaveLength(MODELS.length);
    expect((await engine().heldBy(orgId, confirmed.id, {})).total).toBe(MODELS.length);
    await expect(engine().confirmRemovals(orgId, confirmed.id, ADMIN)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('takes the confirmed ones back when the account sees them again', async () => {
    for (const name of MODELS) await mlflow.api.revoke(READER.username, 'registered_model', name);
    expect(await sync()).toMatchObject({
      status: 'succeeded',
      held: 0,
      counts: { created: 0, updated: MODELS.length, removed: 0 },
    });
    expect(await held()).toBe(MODELS.length);
    expect(await inventory().summary(orgId)).toMatchObject({ models: MODELS.length });
  });

  it('asks once and says what to do after its password was changed, and reads on with the new one', async () => {
    const password = 'another battery, another staple';
    await mlflow.api.call('PATCH', 'users/update-password', { username: READER.username, password });
    for (let hour = 0; hour < 2; hour += 1) {
      expect(await sync()).toMatchObject({
        ...{ status: 'failed', requests: 1, error: { code: 'mlflow-unauthorized' } },
        counts: { created: 0, updated: 0, removed: 0 },
      });
      expect(await connection().get(orgId)).toMatchObject({ status: 'action-required' });
    }
    expect(await held()).toBe(MODELS.length);
    const settings = {
      trackingServerUrl: mlflow.url,
      authMethod: 'basic' as const,
      requestTimeoutSeconds: 60,
    };
    await connection().save(orgId, { ...settings, ...READER, password }, ADMIN);
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 0, removed: 0 } });
    const { username, password: adminPassword } = mlflow.adminAuth ?? { username: '', password: '' };
    const authorization = `Basic ${Buffer.from(`${username}:${adminPassword}`).toString('base64')}`;
    await expectWhole({ ask: rooms.test.asSuperuser, orgId, mlflowUrl: mlflow.url, authorization });
  });
});

describeWithMlflow('a first sync with an account that sees half of the models of an MLflow 2', () => {
  let mlflow: TestMlflow;
  let rooms: TestRooms;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version: '2.22.5', appName: 'basic-auth' });
    const { api } = mlflow;
    await api.createUser(READER.username, READER.password);
    for (const [index, name] of MODELS.slice(0, 6).entries()) {
      await api.createModel(name);
      await api.createVersion(name);
      const permission = index % 2 === 0 ? 'READ' : 'NO_PERMISSIONS';
      const body = { name, username: READER.username, permission };
      await api.call('POST', 'registered-models/permissions/create', body);
    }
    rooms = await startRooms([SyncEngineModule]);
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await rooms?.close();
    await mlflow?.stop();
  });

  it('reads that half, although this server lists the versions of all', async () => {
    const orgId = await rooms.createOrganization();
    const settings = { trackingServerUrl: mlflow.url, authMethod: 'basic' as const, ...READER };
    await rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
    const engine = rooms.app.get(SyncEngine, { strict: false });
    const run = await engine.request(orgId, 'manual', ADMIN);
    await engine.run(orgId, run.id, new AbortController().signal);
    expect(await rooms.app.get(SyncHistory, { strict: false }).get(orgId, run.id)).toMatchObject({
      status: 'succeeded',
      counts: { created: 3, removed: 0 },
    });
    const { items } = await rooms.app.get(ModelInventory, { strict: false }).versions(orgId, { limit: 200 });
    expect(items.map(({ modelName }) => modelName).sort()).toEqual(['model-00', 'model-02', 'model-04']);
  });
});
