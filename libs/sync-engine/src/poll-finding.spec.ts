import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startMlflowRooms, type MlflowRooms } from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;

describeWithMlflow('what a poll has found', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const engine = (): SyncEngine => scene.rooms.app.get(SyncEngine, { strict: false });
  const run = async ({ id }: SyncRun): Promise<SyncRun> => {
    await engine().run(orgId, id, FOREVER);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, id);
  };
  const poll = (): Promise<SyncRun | null> =>
    scene.rooms.app.get(RegistryWatch, { strict: false }).poll(orgId, FOREVER);
  const found = async (): Promise<SyncRun> => {
    const asked = await poll();
    if (!asked) throw new Error('the poll found nothing');
    return asked;
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    await scene.mlflow.api.createModel('credit-risk');
    await scene.mlflow.api.createVersion('credit-risk');
    orgId = await scene.rooms.createOrganization();
    const settings = { trackingServerUrl: scene.proxy.url, authMethod: 'none' as const };
    await scene.rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
    await run(await engine().request(orgId, 'manual', ADMIN));
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(() => scene?.stop());

  it('is found again where the run that it was asked for is cancelled', async () => {
    await scene.mlflow.api.createVersion('credit-risk');
    await engine().cancel(orgId, (await found()).id, ADMIN);
    expect(await run(await found())).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    expect(await poll()).toBeNull();
  });

  it('is found again where a sync takes the place of its run, and fails', async () => {
    await scene.mlflow.api.createVersion('credit-risk');
    const { id } = await found();
    const whole = await engine().request(orgId, 'manual', ADMIN);
    scene.proxy.on({ match: 'experiments/search', fault: { kind: 'status', status: 500 } });
    expect(await run(whole)).toMatchObject({ status: 'failed' });
    scene.proxy.reset();
    const again = await found();
    expect(again.id).not.toBe(id);
    expect(await run(again)).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
  }, 60_000);

  it('is no news where a row is listed each time that can never be held, also after a change beside it', async () => {
    const ghost = { name: 'ghost', version: '1', creation_timestamp: 1, last_updated_timestamp: 4e12 };
    const withGhost = (body: string): string => {
      const { model_versions = [], ...rest }: { model_versions?: object[] } = JSON.parse(body);
      return JSON.stringify({ ...rest, model_versions: [ghost, ...model_versions] });
    };
    scene.proxy.on({ match: 'model-versions/search', fault: { kind: 'rewrite', rewrite: withGhost } });
    expect(await run(await found())).toMatchObject({ status: 'succeeded', counts: { created: 0 } });
    expect(await poll()).toBeNull();
    await scene.mlflow.api.createVersion('credit-risk');
    expect(await run(await found())).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    expect(await poll()).toBeNull();
    scene.proxy.reset();
  });
});
