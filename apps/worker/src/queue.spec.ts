import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { MlflowConnection } from '@vw/mlflow-connection';
import { ModelInventory } from '@vw/model-inventory';
import { SyncQueue } from '@vw/platform';
import { SyncEngine, SyncEngineModule } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import type { SyncRun } from '@vw/shared-contracts';
import {
  describeWithMlflow,
  eventually,
  freePort,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startRooms,
  startTestMlflow,
  startTestRedis,
  startWorkerProcess,
  type FaultProxy,
  type TestMlflow,
  type TestRooms,
} from '@vw/testing';

const ROOT = resolve(import.meta.dirname, '../../..');
const ADMIN = { id: null, name: 'Åsa', via: 'command' as const };
const ORGANIZATIONS = 20;
const WITHIN_MS = 150_000;

describeWithMlflow('processes on one Postgres, and the queue', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let redis: Awaited<ReturnType<typeof startTestRedis>>;
  const processes: { child: ChildProcess; log: string[] }[] = [];

  beforeAll(async () => {
    [mlflow, redis] = await Promise.all([startTestMlflow(), startTestRedis()]);
    proxy = await startFaultProxy(mlflow.url);
    for (const name of ['credit', 'churn']) {
      await mlflow.api.createModel(name);
      await mlflow.api.createVersion(name);
    }
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await proxy?.stop();
    await mlflow?.stop();
    await redis?.stop();
  });

  describe.each(['postgres', 'redis'] as const)('on %s', (kind) => {
    let rooms: TestRooms;
    let env: Record<string, string>;

    const room = <Room>(type: new (...parts: never[]) => Room): Room =>
      rooms.app.get(type, { strict: false });
    const start = (app: 'api' | 'worker', more: Record<string, string> = {}): ChildProcess => {
      const child = spawn(process.execPath, [`dist/apps/${app}/main.js`], {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'],
          DATABASE_URL: rooms.test.url,
          ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
          ...env,
          ...more,
        },
        // The channel tells it when this process is gone.
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      const log: string[] = [];
      child.stdout?.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
      processes.push({ child, log });
      return child;
    };
    const endAll = async (): Promise<void> => {
      const running = processes
        .splice(0)
        .filter(({ child }) => child.exitCode === null && child.signalCode === null);
      const ended = running.map(({ child }) => new Promise((done) => child.once('exit', done)));
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all(ended);
    };
    const connected = async (name: string): Promise<string> => {
      const orgId = await rooms.createOrganization(name);
      const settings = { trackingServerUrl: proxy.url, authMethod: 'none', pollSeconds: 0 } as const;
      await room(MlflowConnection).save(orgId, settings, ADMIN);
      return orgId;
    };
    const ended = (orgId: string, id: string): Promise<SyncRun> =>
      eventually(async () => {
        const run = await room(SyncHistory).get(orgId, id);
        expect(run.finishedAt).not.toBeNull();
        return run;
      }, WITHIN_MS);

    beforeAll(async () => {
      env = kind === 'redis' ? { QUEUE_URL: redis.url } : {};
      rooms = await startRooms([SyncEngineModule], env);
    });
    afterEach(endAll);
    afterAll(() => rooms?.close());

    it(
      'is named in the log of a start',
      async () => {
        start('worker');
        start('api', { PORT: String(await freePort()) });
        for (const { log } of processes) {
          await eventually(() => {
            const line =
              log
                .join('')
                .split('\n')
                .find((text) => text.includes(' started')) ?? '{}';
            expect(JSON.parse(line)).toMatchObject({ queue: kind });
          }, WITHIN_MS);
        }
      },
      2 * WITHIN_MS,
    );

    it('keeps a run until a worker starts, once, however often it was told', async () => {
      const orgId = await connected('Waiting');
      const run = await room(SyncEngine).request(orgId, 'manual', ADMIN);
      for (let told = 0; told < 3; told += 1) await room(SyncQueue).ring(orgId, run.id);
      expect(run.status).toBe('queued');
      start('worker');
      expect(await ended(orgId, run.id)).toMatchObject({ status: 'succeeded', counts: { created: 2 } });
      expect((await room(SyncHistory).list(orgId, {})).items).toHaveLength(1);
    });

    it('is nothing that an Admin can aim a connection at, as little as the database is', async () => {
      const orgId = await rooms.createOrganization('Aiming');
      for (const own of new Set([rooms.test.url, env['QUEUE_URL'] ?? rooms.test.url])) {
        const { port } = new URL(own);
        for (const host of ['127.0.0.1', 'localhost', '127.0.0.2', '[::ffff:127.0.0.1]']) {
          const input = { trackingServerUrl: `http://${host}:${port}`, authMethod: 'none' } as const;
          const tested = await room(MlflowConnection).test(orgId, input, ADMIN);
          expect([host, tested.code]).toEqual([host, 'egress-denied']);
        }
      }
    });

    // On Postgres worker.spec.ts proves it; it takes as long as a silent run is waited for.
    if (kind === 'redis')
      it(
        'hands the run of a killed worker to another one',
        async () => {
          const orgId = await connected('Killed');
          proxy.on({ match: 'model-versions/search', fault: { kind: 'delay', ms: 30_000 }, times: 1 });
          const run = await room(SyncEngine).request(orgId, 'manual', ADMIN);
          const first = start('worker');
          await eventually(async () => {
            expect((await room(SyncHistory).get(orgId, run.id)).progress.models).toBe(2);
          }, WITHIN_MS);
          first.kill('SIGKILL');
          proxy.reset();
          start('worker');
          expect(await ended(orgId, run.id)).toMatchObject({
            status: 'succeeded',
            counts: { created: 2, updated: 0 },
          });
        },
        2 * WITHIN_MS,
      );

    it(
      'has two APIs and four workers do the due syncs of 20 organizations, each once',
      async () => {
        const organizations: string[] = [];
        for (let made = 0; made < ORGANIZATIONS; made += 1)
          organizations.push(await connected(`Due ${made}`));
        await rooms.test.asSuperuser('UPDATE mlflow_connection SET next_sync_at = now()');
        const ports = [await freePort(), await freePort()];
        for (const port of ports) start('api', { PORT: String(port) });
        for (let made = 0; made < 4; made += 1) start('worker');

        for (const orgId of organizations) {
          await eventually(async () => {
            const { items } = await room(SyncHistory).list(orgId, {});
            expect(items).toMatchObject([
              { trigger: 'scheduled', status: 'succeeded', counts: { created: 2 } },
            ]);
          }, WITHIN_MS);
          expect((await room(ModelInventory).versions(orgId, {})).total).toBe(2);
        }
        const [attempts] = await rooms.test.asSuperuser<{ most: number }>(
          `SELECT max(attempt)::int AS most FROM sync_run WHERE trigger = 'scheduled'`,
        );
        expect(attempts).toEqual({ most: 1 });
        for (const port of ports) {
          await eventually(async () => {
            expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
          }, WITHIN_MS);
        }
      },
      2 * WITHIN_MS,
    );
  });

  it(
    'loses no run with a Redis that goes away and comes back empty, and keeps nobody waiting for it',
    async () => {
      const own = await startTestRedis();
      const rooms = await startRooms([SyncEngineModule], { QUEUE_URL: own.url });
      const room = <Room>(type: new (...parts: never[]) => Room): Room =>
        rooms.app.get(type, { strict: false });
      const orgId = await rooms.createOrganization();
      const settings = { trackingServerUrl: proxy.url, authMethod: 'none', pollSeconds: 0 } as const;
      await room(MlflowConnection).save(orgId, settings, ADMIN);
      await own.stop();
      const asked = performance.now();
      const run = await room(SyncEngine).request(orgId, 'manual', ADMIN);
      for (let told = 0; told < 20; told += 1) await room(SyncQueue).ring(orgId, run.id);
      expect(performance.now() - asked).toBeLessThan(10_000);
      expect(await room(SyncHistory).get(orgId, run.id)).toMatchObject({ status: 'queued' });

      const back = await startTestRedis(Number(new URL(own.url).port));
      const worker = startWorkerProcess({ databaseUrl: rooms.test.url, env: { QUEUE_URL: own.url } });
      await eventually(async () => {
        expect(await room(SyncHistory).get(orgId, run.id)).toMatchObject({ status: 'succeeded' });
      }, WITHIN_MS);
      worker.signal('SIGKILL');
      await worker.exited;
      await rooms.close();
      await back.stop();
    },
    2 * WITHIN_MS,
  );
});
