import { jest } from '@jest/globals';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  startMlflowRooms,
  type MlflowRooms,
} from '@vw/testing';
import { killedAfterOneChunk } from './killed-worker.fixture';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
const OLD = ['churn', 'credit-risk', 'fraud'];
const NEW = ['churn', 'pricing'];

describeWithMlflow('all versions that were there', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const engine = (): SyncEngine => scene.rooms.app.get(SyncEngine, { strict: false });
  const attempt = async (id: string, signal = FOREVER): Promise<SyncRun> => {
    await engine()
      .run(orgId, id, signal)
      .catch(() => undefined);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, id);
  };
  const request = async (): Promise<string> => (await engine().request(orgId, 'manual', ADMIN)).id;
  const sync = async (): Promise<SyncRun> => attempt(await request());
  const expectEqual = (): Promise<void> =>
    expectWhole({ ask: scene.rooms.test.asSuperuser, orgId, mlflowUrl: scene.mlflow.url });
  const make = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      await scene.mlflow.api.createModel(name);
      await scene.mlflow.api.createVersion(name);
    }
  };
  const unmake = async (names: readonly string[]): Promise<void> => {
    for (const name of names) await scene.mlflow.api.deleteModel(name);
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(async () => {
    orgId = await scene.rooms.createOrganization();
    const settings = { trackingServerUrl: scene.mlflow.url, authMethod: 'none' as const };
    await scene.rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
    await make(OLD);
  });

  afterAll(() => scene?.stop());

  it('are held back however many others came in their place, as with another server at the same URL', async () => {
    await sync();
    await unmake(OLD);
    await make(NEW);
    const run = await sync();
    expect(run).toMatchObject({
      ...{ status: 'partial', error: { code: 'removals-held' } },
      ...{ counts: { created: 2, removed: 0 }, held: 3 },
    });
    expect(await engine().confirmRemovals(orgId, run.id, ADMIN)).toMatchObject({ counts: { removed: 3 } });
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { unchanged: 2, removed: 0 } });
    await expectEqual();
    await unmake(NEW);
  });

  it('are none where only this run has seen them: what a killed worker wrote and MLflow lost since is removed', async () => {
    for (let n = 1; n < 22; n += 1) await scene.mlflow.api.createVersion('fraud');
    const id = await request();
    const killed = killedAfterOneChunk(scene.rooms.app.get(ModelInventory, { strict: false }));
    expect((await attempt(id, killed)).status).toBe('running');
    jest.restoreAllMocks();
    await unmake(OLD);
    expect(await attempt(id)).toMatchObject({ status: 'succeeded', counts: { created: 24, removed: 24 } });
    await expectEqual();
  });
});
