import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { Governance, GovernanceModule } from '@vw/governance';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import { SyncEngine, SyncEngineModule } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import type { SyncRun } from '@vw/shared-contracts';
import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  seedDemoRegistry,
  startFaultProxy,
  startRooms,
  startTestMlflow,
  type FaultProxy,
  type TestMlflow,
  type TestRooms,
} from '@vw/testing';

const ROOT = resolve(import.meta.dirname, '../../..');
const ADMIN = { id: null, name: 'Åsa', via: 'command' as const };

/** Retries the assertion until it holds, never sleeps for a guess. */
async function eventually<Result>(
  look: () => Promise<Result | null | false>,
  within = 90_000,
): Promise<Result> {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((done) => setTimeout(done, 50));
  }
}

describeWithMlflow('the background worker', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let rooms: TestRooms;
  let orgId: string;
  const workers: ChildProcess[] = [];

  const startWorker = (): ChildProcess => {
    const worker = spawn(process.execPath, [resolve(ROOT, 'dist/apps/worker/main.js')], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: rooms.test.url,
        ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    workers.push(worker);
    return worker;
  };
  const history = (): SyncHistory => rooms.app.get(SyncHistory, { strict: false });
  const request = (): Promise<SyncRun> =>
    rooms.app.get(SyncEngine, { strict: false }).request(orgId, 'manual', ADMIN);
  const ended = (id: string): Promise<SyncRun> =>
    eventually(async () => {
      const run = await history().get(orgId, id);
      return run.finishedAt !== null && run;
    });

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
    for (const worker of workers) worker.kill('SIGKILL');
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
    await eventually(async () => (await history().get(other, run.id)).progress.models > 0);
    for (const worker of workers) worker.kill('SIGKILL');
    proxy.reset();
    startWorker();
    const done = await eventually(async () => {
      const now = await history().get(other, run.id);
      return now.finishedAt !== null && now;
    }, 120_000);
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
        return live > 0 && requirements.every((one) => one.unknown === 0 && one.missing === live) && live;
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
    await eventually(async () => (await inventory.pendingEvaluation(orgId)).length === 0, 120_000);
  }, 150_000);

  it('lets go of its run on SIGTERM within 15 seconds', async () => {
    const worker = workers.at(-1);
    if (!worker) throw new Error('no worker runs');
    const exit = new Promise<number | null>((done) => worker.once('exit', (code) => done(code)));
    worker.kill('SIGTERM');
    expect(await exit).toBe(0);
  }, 20_000);
});
