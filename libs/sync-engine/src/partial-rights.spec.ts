import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
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
  const sync = async (): Promise<SyncRun> => {
    const engine = rooms.app.get(SyncEngine, { strict: false });
    const run = await engine.request(orgId, 'manual', ADMIN);
    await engine.run(orgId, run.id, new AbortController().signal);
    return rooms.app.get(SyncHistory, { strict: false }).get(orgId, run.id);
  };
  const held = async (): Promise<number | null> => (await inventory().versions(orgId, { limit: 1 })).total;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ appName: 'basic-auth' });
    const { api } = mlflow;
    experimentId = await api.createExperiment('credit');
    for (const name of MODELS) {
      const runId = await api.createRun(experimentId, { metrics: { auc: 0.9 }, params: { depth: '7' } });
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
    await rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
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
      experiment: { id: experimentId, name: 'credit' },
    });
  });

  it('holds back a single model that is hidden from it, for hidden is not gone', async () => {
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

  it('holds back everything when nothing is left to see', async () => {
    for (const name of MODELS.slice(MODELS.length / 2)) {
      await mlflow.api.grant(READER.username, 'registered_model', name, 'DENY');
    }
    expect(await sync()).toMatchObject({ status: 'partial', held: MODELS.length, counts: { removed: 0 } });
    expect(await held()).toBe(MODELS.length);
  });
});
