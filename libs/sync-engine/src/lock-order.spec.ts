import type { Actor } from '@vw/audit';
import { LightReads, MlflowConnection } from '@vw/mlflow-connection';
import { SyncHistory, type Lease, type RunEnd } from '@vw/sync-history';
import {
  describeWithMlflow,
  eventually,
  MLFLOW_START_TIMEOUT_MS,
  startMlflowRooms,
  type MlflowRooms,
} from '@vw/testing';
import { SyncEngine } from './sync-engine';
import { SyncEngineModule } from './sync-engine.module';

const ADMIN: Actor = { id: null, name: 'Åsa', via: 'command' };
const FAILED: RunEnd = { status: 'failed', code: 'worker-lost', complete: false, held: 0, requests: 0 };

/** A run that ends writes itself, then how far polls have seen. Whoever holds the second and wants the first lets one of the two fail. */
describeWithMlflow('a run that ends', () => {
  let scene: MlflowRooms;
  let orgId: string;
  let runId: string;
  let engine: SyncEngine;
  let history: SyncHistory;
  let connection: MlflowConnection;

  /** Begins `other` between the two writes of the end, and goes on when that waits. */
  const endsBeside = async <Result>(
    other: () => Promise<Result>,
    end: (lease: Lease) => Promise<void> = async () => undefined,
  ): Promise<Result> => {
    const lightReads = scene.rooms.app.get(LightReads, { strict: false });
    const lease = await history.start(orgId, runId, null);
    if (!lease) throw new Error('the run has ended');
    const isHeld = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const ending = scene.rooms.database.orgTransaction(orgId, async () => {
      await history.fence(orgId, lease);
      isHeld.resolve();
      await mayEnd.promise;
      await lightReads.sawAllUntil(orgId, { models: 1, versions: 1 });
      await end(lease);
    });
    await isHeld.promise;
    const besides = other();
    await eventually(async () => {
      const waiting = await scene.rooms.test.asSuperuser(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    });
    mayEnd.resolve();
    const [result] = await Promise.all([besides, ending]);
    return result;
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule]);
    engine = scene.rooms.app.get(SyncEngine, { strict: false });
    history = scene.rooms.app.get(SyncHistory, { strict: false });
    connection = scene.rooms.app.get(MlflowConnection, { strict: false });
    orgId = await scene.rooms.createOrganization();
    await connection.save(orgId, { trackingServerUrl: scene.mlflow.url, authMethod: 'none' }, ADMIN);
    runId = (await engine.request(orgId, 'manual', ADMIN)).id;
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(() => scene?.stop());

  it('is waited for by the clock, whose next sync is due', async () => {
    await scene.rooms.test.asSuperuser('UPDATE mlflow_connection SET next_sync_at = now()');
    expect(await endsBeside(() => engine.requestDue())).toBe(1);
    expect(await engine.requestDue()).toBe(0);
  });

  it('is waited for, and cancelled in the trail, by who connects another server', async () => {
    const settings = { trackingServerUrl: scene.proxy.url, authMethod: 'none', replaceSource: true } as const;
    await endsBeside(() => connection.save(orgId, settings, ADMIN));
    const events = await scene.rooms.test.asSuperuser(
      `SELECT action FROM audit_event WHERE org_id = $1 AND body::jsonb ->> 'runId' = $2 ORDER BY seq`,
      [orgId, runId],
    );
    expect(events).toEqual([{ action: 'sync.requested' }, { action: 'sync.cancelled' }]);
  });

  it('at the moment when the next sync is due leaves that due, and the clock goes on', async () => {
    runId = (await engine.request(orgId, 'manual', ADMIN)).id;
    await scene.rooms.test.asSuperuser('UPDATE mlflow_connection SET next_sync_at = now()');
    await endsBeside(
      () => engine.requestDue(),
      (lease) => history.end(orgId, lease, FAILED),
    );
    expect(await engine.requestDue()).toBe(1);
    const { items } = await history.list(orgId, { limit: 1 });
    expect(items).toMatchObject([{ trigger: 'scheduled', status: 'queued' }]);
  });

  it('is cancelled when its connection is saved anew, whose sync is another one', async () => {
    const { id } = await engine.request(orgId, 'manual', ADMIN);
    await connection.save(orgId, { trackingServerUrl: scene.proxy.url, authMethod: 'none' }, ADMIN);
    runId = (await engine.request(orgId, 'scheduled', null)).id;
    expect(runId).not.toBe(id);
    expect(await history.get(orgId, id)).toMatchObject({ status: 'cancelled' });
  });

  it('is cancelled where its connection was removed before it began', async () => {
    await connection.disconnect(orgId, ADMIN);
    await engine.run(orgId, runId, new AbortController().signal);
    expect(await history.get(orgId, runId)).toMatchObject({ status: 'cancelled', error: null });
  });
});
