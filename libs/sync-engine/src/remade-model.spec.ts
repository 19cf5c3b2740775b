import { jest } from '@jest/globals';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startMlflowRooms, type MlflowRooms } from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };

describeWithMlflow('a model that is deleted and made again while it is read', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const sync = async (): Promise<SyncRun> => {
    const engine = scene.rooms.app.get(SyncEngine, { strict: false });
    const run = await engine.request(orgId, 'manual', ADMIN);
    await engine.run(orgId, run.id, new AbortController().signal);
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

  it('has its new versions under the new model, without the aliases and the entry of the old one', async () => {
    const inventory = scene.rooms.app.get(ModelInventory, { strict: false });
    const { api } = scene.mlflow;
    const applyModels = inventory.applyModels.bind(inventory);
    const spy = jest.spyOn(inventory, 'applyModels').mockImplementationOnce(async (...args) => {
      const keys = await applyModels(...args);
      await api.deleteModel('fraud');
      await api.createModel('fraud');
      await api.createVersion('fraud', { description: 'Of the new model.' });
      return keys;
    });
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1, removed: 1 } });
    spy.mockRestore();
    const rows = await scene.rooms.test.asSuperuser<{ of_newest: boolean; aliases: string[] }>(
      `SELECT m.created_at = (SELECT max(n.created_at) FROM model n WHERE n.org_id = v.org_id AND n.name = v.model_name) AS of_newest, v.aliases
       FROM model_version v JOIN model m ON m.org_id = v.org_id AND m.id = v.model_id
       WHERE v.org_id = $1 AND v.model_name = 'fraud' AND v.removed_at IS NULL`,
      [orgId],
    );
    expect(rows).toEqual([{ of_newest: true, aliases: [] }]);
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 0, removed: 0 } });
  });

  it('is asked for once more only where a version is younger than the list of models', async () => {
    scene.proxy.reset();
    await sync();
    expect(scene.proxy.requests.filter(({ url }) => url.includes('registered-models/get'))).toEqual([]);
  });
});
