import { jest } from '@jest/globals';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startMlflowRooms, type MlflowRooms } from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
const HOUR_MS = 3_600_000;
/** Of the first chunk. */
const FIRST_VERSIONS = 250;

describeWithMlflow('a model that is deleted and made again while it is read', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const sync = async (): Promise<SyncRun> => {
    const engine = scene.rooms.app.get(SyncEngine, { strict: false });
    const run = await engine.request(orgId, 'manual', ADMIN);
    await engine.run(orgId, run.id, FOREVER);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, run.id);
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    const { api } = scene.mlflow;
    for (const name of ['fraud', 'churn']) {
      await api.createModel(name);
      await api.createVersion(name);
    }
    await api.setAlias('fraud', 'champion', '1');
    orgId = await scene.rooms.createOrganization();
    const settings = { trackingServerUrl: scene.proxy.url, authMethod: 'none' as const };
    await scene.rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
    await sync();
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(() => scene?.stop());

  /** Once its models are read, and its new version says so in its description. */
  const remadeMeanwhile = async (said: string, work: () => Promise<SyncRun>): Promise<SyncRun> => {
    const inventory = scene.rooms.app.get(ModelInventory, { strict: false });
    const { api } = scene.mlflow;
    const applyModels = inventory.applyModels.bind(inventory);
    const spy = jest.spyOn(inventory, 'applyModels').mockImplementationOnce(async (...args) => {
      const keys = await applyModels(...args);
      await api.deleteModel('fraud');
      await api.createModel('fraud');
      await api.createVersion('fraud', { description: said });
      return keys;
    });
    return work().finally(() => spy.mockRestore());
  };
  const standsUnderTheNewModel = async (said: string): Promise<void> => {
    const rows = await scene.rooms.test.asSuperuser<{ of_newest: boolean; aliases: string[] }>(
      `SELECT m.created_at = (SELECT max(n.created_at) FROM model n WHERE n.org_id = v.org_id AND n.name = v.model_name) AS of_newest, v.aliases
       FROM model_version v JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
       WHERE v.org_id = $1 AND v.description = $2 AND v.removed_at IS NULL`,
      [orgId, said],
    );
    expect(rows).toEqual([{ of_newest: true, aliases: [] }]);
  };

  it('has its new versions under the new model, without the aliases and the entry of the old one', async () => {
    const run = await remadeMeanwhile('of the second model', sync);
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: 1, removed: 1 } });
    await standsUnderTheNewModel('of the second model');
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 0, removed: 0 } });
  });

  it('has them there after a light run, too, and where the clock of the worker is two hours ahead', async () => {
    const { mlflow, rooms } = scene;
    await mlflow.api.setAlias('fraud', 'champion', '1');
    await sync();
    await mlflow.api.createVersion('fraud');
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 2 * HOUR_MS);
    const run = await remadeMeanwhile('of the third model', async () => {
      const asked = await rooms.app.get(RegistryWatch, { strict: false }).poll(orgId, FOREVER);
      await rooms.app.get(SyncEngine, { strict: false }).run(orgId, asked?.id ?? '', FOREVER);
      return rooms.app.get(SyncHistory, { strict: false }).get(orgId, asked?.id ?? '');
    }).finally(() => clock.mockRestore());
    expect(run).toMatchObject({ status: 'succeeded', trigger: 'poll' });
    await standsUnderTheNewModel('of the third model');
  });

  it('is asked for once more only where a version is younger than the last change of its model', async () => {
    await sync();
    scene.proxy.reset();
    await sync();
    expect(scene.proxy.requests.filter(({ url }) => url.includes('registered-models/get'))).toEqual([]);
  });

  it('has them under the new model also where two chunks that are read side by side hold them', async () => {
    const inventory = scene.rooms.app.get(ModelInventory, { strict: false });
    const { api } = scene.mlflow;
    scene.proxy.on({ match: 'registered-models/get', fault: { kind: 'delay', ms: 2_000 } });
    const applyModels = inventory.applyModels.bind(inventory);
    const spy = jest.spyOn(inventory, 'applyModels').mockImplementationOnce(async (...args) => {
      const keys = await applyModels(...args);
      await api.deleteModel('fraud');
      await api.createModel('fraud');
      // MLflow lists by name: the first chunk ends between these two.
      await api.createVersion('fraud', { description: 'read with one chunk' });
      await api.createVersion('fraud', { description: 'read with the other' });
      let last = '';
      while (last !== String(FIRST_VERSIONS - 1)) last = await api.createVersion('churn');
      return keys;
    });
    await sync().finally(() => spy.mockRestore());
    scene.proxy.reset();
    await standsUnderTheNewModel('read with one chunk');
    await standsUnderTheNewModel('read with the other');
  });
});
