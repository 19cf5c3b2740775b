import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startMlflowRooms, type MlflowRooms } from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };

describeWithMlflow('a record that Postgres cannot hold', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const inventory = (): ModelInventory => scene.rooms.app.get(ModelInventory, { strict: false });
  const sync = async (): Promise<SyncRun> => {
    const engine = scene.rooms.app.get(SyncEngine, { strict: false });
    const run = await engine.request(orgId, 'manual', ADMIN);
    // What the log tells of it, and its end does not.
    await engine.run(orgId, run.id, new AbortController().signal).catch(() => undefined);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, run.id);
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    orgId = await scene.rooms.createOrganization();
    const settings = { trackingServerUrl: scene.proxy.url, authMethod: 'none' as const };
    await scene.rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
    await scene.mlflow.api.createModel('odd');
    await scene.mlflow.api.call('POST', 'model-versions/create', {
      ...{ name: 'odd', source: 's3://bucket/model', run_id: 'r\0x' },
    });
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(() => scene?.stop());

  it('for a NUL in the id of its run is held with a sign in its place, and read like any other', async () => {
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    const { items } = await inventory().versions(orgId, {});
    expect(await inventory().version(orgId, items[0]?.id ?? '')).toMatchObject({
      runId: 'r\u2400x',
      run: { state: 'missing' },
    });
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { unchanged: 1 } });
  });

  it('for an instant beyond any calendar ends the sync at once, which says that the answer cannot be read', async () => {
    const beyond = (body: string): string =>
      body.replaceAll(/"last_updated_timestamp": ?\d+/g, '"last_updated_timestamp": 9000000000000000');
    scene.proxy.on({ match: 'model-versions/search', fault: { kind: 'rewrite', rewrite: beyond } });
    expect(await sync()).toMatchObject({ status: 'failed', error: { code: 'mlflow-bad-response' } });
    scene.proxy.reset();
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { unchanged: 1 } });
  });
});
