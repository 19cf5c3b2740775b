import { jest } from '@jest/globals';
import type { Actor } from '@vw/audit';
import { MlflowConnection } from '@vw/mlflow-connection';
import type { ConnectionInput, SyncRun } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  startMlflowRooms,
  type MlflowRooms,
} from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FOREVER = new AbortController().signal;
const SIX_HOURS = 6 * 3_600_000;

describeWithMlflow('the end of a sync', () => {
  let scene: MlflowRooms;
  let engine: SyncEngine;
  let connection: MlflowConnection;
  let orgId: string;

  const run = async (id: string): Promise<SyncRun> => {
    await engine.run(orgId, id, FOREVER);
    return scene.rooms.app.get(SyncHistory, { strict: false }).get(orgId, id);
  };
  const sync = async (): Promise<SyncRun> => run((await engine.request(orgId, 'manual', ADMIN)).id);
  const save = (input: Partial<ConnectionInput>): Promise<unknown> =>
    connection.save(
      orgId,
      { trackingServerUrl: scene.proxy.url, authMethod: 'none', pollSeconds: 0, ...input },
      ADMIN,
    );

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    engine = scene.rooms.app.get(SyncEngine, { strict: false });
    connection = scene.rooms.app.get(MlflowConnection, { strict: false });
    await scene.mlflow.api.createModel('fraud');
    await scene.mlflow.api.createVersion('fraud', { runId: await scene.mlflow.api.createRun('0') });
  }, MLFLOW_START_TIMEOUT_MS);

  beforeEach(async () => {
    scene.proxy.reset();
    orgId = await scene.rooms.createOrganization();
  });

  // The last sync of each of them ended well.
  afterEach(() => expectWhole({ ask: scene.rooms.test.asSuperuser, orgId, mlflowUrl: scene.mlflow.url }));

  afterAll(() => scene?.stop());

  it('comes after six hours at the latest, with mlflow-timeout, whatever each request may take', async () => {
    await save({ requestTimeoutSeconds: 600 });
    const { id } = await engine.request(orgId, 'manual', ADMIN);
    scene.proxy.on({ match: 'model-versions/search', fault: { kind: 'drip', everyMs: 20 } });
    // Six hours are a second here: nothing else of the run is changed.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const clock = jest
      .spyOn(AbortSignal, 'timeout')
      .mockImplementation((ms) => timeout((ms / SIX_HOURS) * 1_000));
    try {
      expect(await run(id)).toMatchObject({ status: 'failed', error: { code: 'mlflow-timeout' } });
      expect(clock.mock.calls).toEqual([[SIX_HOURS]]);
    } finally {
      clock.mockRestore();
    }
    expect(await connection.get(orgId)).toMatchObject({
      ...{ status: 'error', lastError: { code: 'mlflow-timeout' } },
    });
    scene.proxy.reset();
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
  });

  it('comes by the same six hours, whichever worker it went on with', async () => {
    await save({});
    const takenOver = async (age: string): Promise<SyncRun> => {
      const { id } = await engine.request(orgId, 'manual', ADMIN);
      await scene.rooms.test.asSuperuser(
        `UPDATE sync_run SET status = 'running', attempt = 1, started_at = now() - $2::interval, heartbeat_at = now() - interval '1 minute'
         WHERE id = $1`,
        [id, age],
      );
      return run(id);
    };
    expect(await takenOver('5 hours 59 minutes')).toMatchObject({ status: 'succeeded' });
    expect(await takenOver('6 hours 1 minute')).toMatchObject({
      status: 'failed',
      error: { code: 'mlflow-timeout' },
    });
    expect(await sync()).toMatchObject({ status: 'succeeded' });
  });

  it('is worker-lost where ten workers died of it, and no attempt earlier', async () => {
    await save({});
    const died = async (attempts: number): Promise<SyncRun> => {
      const { id } = await engine.request(orgId, 'manual', ADMIN);
      await scene.rooms.test.asSuperuser(
        `UPDATE sync_run SET status = 'running', attempt = $2, started_at = now(), heartbeat_at = now() - interval '1 minute'
         WHERE id = $1`,
        [id, attempts],
      );
      scene.proxy.reset();
      return run(id);
    };
    expect(await died(9)).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    expect(await died(10)).toMatchObject({
      status: 'failed',
      error: { code: 'worker-lost' },
      counts: { created: 0, updated: 0, removed: 0 },
    });
    expect(scene.proxy.requests).toEqual([]);
    expect(await connection.get(orgId)).toMatchObject({
      ...{ status: 'error', lastError: { code: 'worker-lost' } },
    });
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 0, updated: 0 } });
  });

  it('is credential-unreadable, without a request, where the stored secret does not open, and the next one is well again', async () => {
    await save({ authMethod: 'token', apiToken: 'a-token-that-lasts' });
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    const flip = (): Promise<unknown> =>
      scene.rooms.test.asSuperuser(
        `UPDATE credential SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE org_id = $1`,
        [orgId],
      );
    await flip();
    scene.proxy.reset();
    expect(await sync()).toMatchObject({ status: 'failed', error: { code: 'credential-unreadable' } });
    expect(scene.proxy.requests).toEqual([]);
    expect(await connection.get(orgId)).toMatchObject({
      ...{ status: 'action-required', lastError: { code: 'credential-unreadable' } },
      hasStoredToken: true,
    });
    await flip();
    expect(await sync()).toMatchObject({ status: 'succeeded', counts: { updated: 0 } });
    expect(await connection.get(orgId)).toMatchObject({ status: 'connected', lastError: null });
  });
});
