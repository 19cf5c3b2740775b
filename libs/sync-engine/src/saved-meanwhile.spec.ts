import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import { SyncHistory } from '@vw/sync-history';
import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startMlflowRooms, type MlflowRooms } from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;

describeWithMlflow('a server that another one replaces while it is asked', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const connection = (): MlflowConnection => scene.rooms.app.get(MlflowConnection, { strict: false });
  const save = (trackingServerUrl: string): Promise<unknown> =>
    connection().save(
      orgId,
      { trackingServerUrl, authMethod: 'none', requestTimeoutSeconds: 3, replaceSource: true },
      ADMIN,
    );
  const hang = (): void => scene.proxy.on({ match: '', fault: { kind: 'delay', ms: 6_000 } });
  const expectWell = async (): Promise<void> =>
    expect(await connection().get(orgId)).toMatchObject({
      ...{ status: 'connected', trackingServerUrl: scene.mlflow.url, lastError: null },
    });

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(async () => {
    scene.proxy.reset();
    orgId = await scene.rooms.createOrganization();
    await save(scene.proxy.url);
    const engine = scene.rooms.app.get(SyncEngine, { strict: false });
    const run = await engine.request(orgId, 'manual', ADMIN);
    await engine.run(orgId, run.id, FOREVER);
  });

  afterAll(() => scene?.stop());

  it('sets no card by a poll that fails then, and leaves no run of it', async () => {
    hang();
    const polling = scene.rooms.app.get(RegistryWatch, { strict: false }).poll(orgId, FOREVER);
    await save(scene.mlflow.url);
    expect(await polling).toBeNull();
    await expectWell();
    const { items } = await scene.rooms.app.get(SyncHistory, { strict: false }).list(orgId, {});
    expect(items.map(({ trigger }) => trigger)).not.toContain('poll');
  }, 60_000);

  it('sets no card by a test that fails then', async () => {
    hang();
    const testing = connection().test(orgId, null, ADMIN);
    await save(scene.mlflow.url);
    expect(await testing).toMatchObject({ code: 'mlflow-timeout' });
    await expectWell();
  });

  it('sets no card either where it was disconnected in between', async () => {
    hang();
    const testing = connection().test(orgId, null, ADMIN);
    await connection().disconnect(orgId, ADMIN);
    await save(scene.mlflow.url);
    expect(await testing).toMatchObject({ code: 'mlflow-timeout' });
    await expectWell();
  });
});
