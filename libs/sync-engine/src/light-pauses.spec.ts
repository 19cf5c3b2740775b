import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startMlflowRooms,
  type Fault,
  type MlflowRooms,
} from '@vw/testing';
import { RegistryWatch } from './registry-watch';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
const UNREADABLE: Fault = { kind: 'rewrite', rewrite: () => '[]' };

describeWithMlflow('the next poll after a light run that failed', () => {
  let scene: MlflowRooms;
  let orgId: string;

  const connection = (): MlflowConnection => scene.rooms.app.get(MlflowConnection, { strict: false });
  const engine = (): SyncEngine => scene.rooms.app.get(SyncEngine, { strict: false });
  const run = async (id = ''): Promise<SyncRun> => {
    await engine().run(orgId, id, FOREVER);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, id);
  };
  const sync = async (): Promise<SyncRun> => run((await engine().request(orgId, 'manual', ADMIN)).id);
  const poll = (): Promise<SyncRun | null> =>
    scene.rooms.app.get(RegistryWatch, { strict: false }).poll(orgId, FOREVER);
  /** A poll finds a version, and the run that it asks for fails. */
  const fail = async (fault: Fault): Promise<SyncRun> => {
    await scene.mlflow.api.createVersion('fraud');
    scene.proxy.on({ match: 'registered-models/get', fault });
    const failed = await run((await poll())?.id);
    scene.proxy.reset();
    return failed;
  };
  const secondsToPoll = async (): Promise<number> => {
    const [row] = await scene.rooms.test.asSuperuser<{ seconds: number }>(
      'SELECT extract(epoch FROM next_poll_at - now())::int AS seconds FROM mlflow_connection',
    );
    return row?.seconds ?? 0;
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    await scene.mlflow.api.createModel('fraud');
    orgId = await scene.rooms.createOrganization();
    await connection().save(orgId, { trackingServerUrl: scene.proxy.url, authMethod: 'none' }, ADMIN);
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(async () => {
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    await scene.rooms.test.asSuperuser(
      `UPDATE mlflow_connection SET next_poll_at = now(), next_sync_at = now() + interval '1 hour'`,
    );
  });

  afterAll(() => scene?.stop());

  it('waits some minutes where MLflow may be back by then', async () => {
    const failed = await fail({ kind: 'status', status: 503 });
    expect(failed).toMatchObject({ trigger: 'poll', error: { code: 'mlflow-server-error' } });
    const seconds = await secondsToPoll();
    expect(seconds).toBeGreaterThan(120);
    expect(seconds).toBeLessThanOrEqual(300);
    expect(await run((await poll())?.id)).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
  }, 60_000);

  it('waits for the scheduled sync where another try would end the same, or for a test that succeeds', async () => {
    expect(await fail(UNREADABLE)).toMatchObject({ error: { code: 'mlflow-bad-response' } });
    expect(await secondsToPoll()).toBeGreaterThan(3_000);
    expect(await connection().test(orgId, null, ADMIN)).toMatchObject({ status: 'success' });
    expect(await secondsToPoll()).toBeLessThanOrEqual(60);
  });

  it('waits no longer once a whole read has succeeded', async () => {
    expect(await fail(UNREADABLE)).toMatchObject({ error: { code: 'mlflow-bad-response' } });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
    expect(await secondsToPoll()).toBeLessThanOrEqual(60);
  });
});
