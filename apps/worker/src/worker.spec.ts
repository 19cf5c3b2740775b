import { Governance, GovernanceModule } from '@vw/governance';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import { SyncEngine, SyncEngineModule } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import type { SyncRun } from '@vw/shared-contracts';
import {
  describeWithMlflow,
  eventually,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  seedDemoRegistry,
  startFaultProxy,
  startRooms,
  startTestMlflow,
  startWorkerProcess,
  type FaultProxy,
  type TestMlflow,
  type TestRooms,
  type WorkerProcess,
} from '@vw/testing';

const ADMIN = { id: null, name: 'Åsa', via: 'command' as const };

describeWithMlflow('the background worker', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let rooms: TestRooms;
  let orgId: string;
  const workers: WorkerProcess[] = [];

  const startWorker = (): void => {
    workers.push(startWorkerProcess({ databaseUrl: rooms.test.url }));
  };
  const history = (): SyncHistory => rooms.app.get(SyncHistory, { strict: false });
  const request = (): Promise<SyncRun> =>
    rooms.app.get(SyncEngine, { strict: false }).request(orgId, 'manual', ADMIN);
  const ended = (id: string, org = orgId): Promise<SyncRun> =>
    eventually(async () => {
      const run = await history().get(org, id);
      expect(run.finishedAt).not.toBeNull();
      return run;
    }, 120_000);

  beforeAll(async () => {
    mlflow = await startTestMlflow();
    await seedDemoRegistry(mlflow.url);
    proxy = await startFaultProxy(mlflow.url);
    rooms = await startRooms([SyncEngineModule, GovernanceModule]);
    orgId = await rooms.createOrganization();
    await rooms.app
      .get(MlflowConnection, { strict: false })
      .save(orgId, { trackingServerUrl: proxy.url, authMethod: 'none' }, ADMIN);
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    for (const worker of workers) worker.signal('SIGKILL');
    await rooms?.close();
    await proxy?.stop();
    await mlflow?.stop();
  });

  it('leaves a run queued while no worker runs, and syncs as soon as one does', async () => {
    const run = await request();
    expect(run.status).toBe('queued');
    expect(await history().workerLastSeenAt()).toBeNull();
    startWorker();
    expect(await ended(run.id)).toMatchObject({
      status: 'succeeded',
      counts: { updated: 0, unchanged: 0, removed: 0 },
    });
    expect(await history().workerLastSeenAt()).not.toBeNull();
  });

  it('goes on with the run of a worker killed in the middle, and ends equal to a clean run', async () => {
    const other = await rooms.createOrganization('Killed');
    await rooms.app
      .get(MlflowConnection, { strict: false })
      .save(other, { trackingServerUrl: proxy.url, authMethod: 'none' }, ADMIN);
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 20_000 }, times: 1 });
    const run = await rooms.app.get(SyncEngine, { strict: false }).request(other, 'manual', ADMIN);
    await eventually(async () =>
      expect((await history().get(other, run.id)).progress.models).toBeGreaterThan(0),
    );
    for (const worker of workers) worker.signal('SIGKILL');
    proxy.reset();
    startWorker();
    const done = await ended(run.id, other);
    await expectWhole({ ask: rooms.test.asSuperuser, orgId: other, mlflowUrl: mlflow.url });
    const inventory = rooms.app.get(ModelInventory, { strict: false });
    const clean = await inventory.versions(orgId, { limit: 200, sort: 'modelName' });
    const resumed = await inventory.versions(other, { limit: 200, sort: 'modelName' });
    const shown = (page: typeof clean) =>
      page.items
        .map(({ id: _id, openGaps: _gaps, ...row }) => row)
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    expect(shown(resumed)).toEqual(shown(clean));
    expect(done).toMatchObject({
      status: 'succeeded',
      counts: { created: clean.total, updated: 0, unchanged: 0, removed: 0 },
    });
  }, 150_000);

  it('starts a queued run again whose job was lost', async () => {
    const run = await rooms.database.orgTransaction(orgId, async (tx) => {
      const asked = await history().request(orgId, 'manual', 'Åsa');
      await tx.execute(
        `UPDATE sync_run SET requested_at = now() - interval '5 minutes' WHERE org_id = $1 AND id = $2`,
        [orgId, asked.run.id],
      );
      return asked.run;
    });
    expect(await ended(run.id)).toMatchObject({ status: 'succeeded', counts: { created: 0, updated: 0 } });
  }, 120_000);

  it('has the rules look at what a run brought, again where that was lost', async () => {
    const governance = rooms.app.get(Governance, { strict: false });
    const known = () =>
      eventually(async () => {
        const { live, requirements } = await governance.summary(orgId);
        expect(live).toBeGreaterThan(0);
        for (const one of requirements) expect(one).toMatchObject({ unknown: 0, missing: live });
        return live;
      }, 120_000);
    const live = await known();
    expect((await governance.findings(orgId, { requirement: 'bias-assessment' })).total).toBe(live);
    await rooms.database.orgTransaction(orgId, async (tx) => {
      await tx.execute('UPDATE model_version SET open_gaps = NULL WHERE org_id = $1', [orgId]);
      await tx.execute(
        `UPDATE sync_run SET evaluated_at = NULL, finished_at = finished_at - interval '5 minutes' WHERE org_id = $1`,
        [orgId],
      );
    });
    const inventory = rooms.app.get(ModelInventory, { strict: false });
    await eventually(async () => expect(await inventory.pendingEvaluation(orgId)).toEqual([]), 120_000);
  }, 150_000);

  it('lets go of its run on SIGTERM within 15 seconds', async () => {
    const worker = workers.at(-1);
    if (!worker) throw new Error('no worker runs');
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(0);
  }, 20_000);
});
