import { mkdtempSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { MlflowConnection } from '@vw/mlflow-connection';
import type { SyncRun, SyncRunPage } from '@vw/shared-contracts';
import { SyncEngine, SyncEngineModule } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import {
  ApiSession,
  createTestDatabase,
  describeWithMlflow,
  eventually,
  expectWhole,
  fillMlflow,
  itOnlyWith,
  LINUX,
  MLFLOW_START_TIMEOUT_MS,
  startApiProcess,
  startMlflowRooms,
  startTestMlflow,
  startWorkerProcess,
  type AppProcess,
  type FaultProxy,
  type MlflowRooms,
  type WorkerProcess,
} from '@vw/testing';

const ROOT = resolve(import.meta.dirname, '../../..');
const ADMIN = { id: null, name: 'Åsa', via: 'command' as const };
const PERSON = {
  organizationName: 'Norrfjärd',
  name: 'Åsa',
  email: 'asa@norrfjard.example',
  password: 'a passphrase for the registry',
};
const SYNCED_MS = 120_000;
const MEBIBYTE = 1024 * 1024;
/** What one answer may be at most, unpacked, thrice over; a collector that is late on a busy machine needs the third. In MiB. */
const THREE_ANSWERS = 192;
const [SMALL, LARGE] = [5_000, 15_000];
/**
 * A page of 5,000 and two chunks of it are held at once, however many pages there are; the rest is a late collector. In MiB: of each
 * version more, less than 7 kB stay.
 */
const MOST_GROWTH = 64;

describeWithMlflow('the memory of a worker', () => {
  let folders: string[] = [];
  let scene: MlflowRooms;
  let processes: AppProcess[] = [];

  const newFolder = (): string => {
    const folder = mkdtempSync(resolve(ROOT, '.data/spec-memory-mlflow-'));
    folders.push(folder);
    return folder;
  };
  const startWorker = (databaseUrl: string): WorkerProcess => {
    const worker = startWorkerProcess({ databaseUrl });
    processes.push(worker);
    return worker;
  };
  const endAll = async (): Promise<void> => {
    for (const one of processes) one.signal('SIGKILL');
    await Promise.all(processes.map(({ exited }) => exited));
    processes = [];
  };

  beforeAll(async () => {
    scene = await startMlflowRooms([SyncEngineModule], { mlflow: { folder: newFolder() } });
  }, MLFLOW_START_TIMEOUT_MS);

  afterEach(endAll);

  afterAll(async () => {
    await scene?.stop();
    for (const folder of folders)
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    folders = [];
  });

  itOnlyWith(
    LINUX,
    'stays flat at a drip, a gzip bomb and a gigabyte, with which a sync fails and by which the next one is not hurt',
    async () => {
      const { rooms, proxy, mlflow } = scene;
      await mlflow.api.createModel('fraud');
      await mlflow.api.createVersion('fraud');
      const orgId = await rooms.createOrganization('Floods');
      const save = (requestTimeoutSeconds: number): Promise<unknown> =>
        rooms.app.get(MlflowConnection, { strict: false }).save(
          orgId,
          {
            ...{ trackingServerUrl: proxy.url, authMethod: 'none' as const, pollSeconds: 0 },
            requestTimeoutSeconds,
          },
          ADMIN,
        );
      const sync = async (): Promise<SyncRun> => {
        const { id } = await rooms.app.get(SyncEngine, { strict: false }).request(orgId, 'manual', ADMIN);
        return eventually(async () => {
          const run = await rooms.app.get(SyncHistory, { strict: false }).get(orgId, id);
          expect(run.finishedAt).not.toBeNull();
          return run;
        }, SYNCED_MS);
      };
      const codeOf = async (fault: Parameters<FaultProxy['on']>[0]['fault']): Promise<string | undefined> => {
        proxy.on({ match: 'registered-models/search', fault });
        return (await sync()).error?.code;
      };
      const worker = startWorker(rooms.test.url);
      await save(1);
      // Where an Admin has to act a sync asks once, without retries.
      expect(await codeOf({ kind: 'html' })).toBe('mlflow-not-mlflow');
      const before = worker.peakMemory();
      expect(await codeOf({ kind: 'drip', everyMs: 20 })).toBe('mlflow-timeout');
      proxy.reset();
      await save(60);
      expect(await codeOf({ kind: 'gzip-bomb', bytes: 100 * MEBIBYTE })).toBe('mlflow-bad-response');
      expect(await codeOf({ kind: 'flood', bytes: 1024 * MEBIBYTE })).toBe('mlflow-bad-response');
      expect(worker.peakMemory() - before).toBeLessThan(THREE_ANSWERS);
      await expectWhole({ ask: rooms.test.asSuperuser, orgId });
      proxy.reset();
      expect(await sync()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
      await expectWhole({ ask: rooms.test.asSuperuser, orgId, mlflowUrl: mlflow.url });
    },
    150_000,
  );

  /** Syncs all of it for the first time, by an API and a worker of its own, while somebody reads the list without a pause. */
  const firstSync = async (trackingServerUrl: string): Promise<{ run: SyncRun; peak: number }> => {
    const test = await createTestDatabase();
    try {
      const api = await startApiProcess({ databaseUrl: test.url });
      processes.push(api);
      const worker = startWorker(test.url);
      await eventually(async () => expect(await api.ready()).toBe(200));
      const session = new ApiSession(api.url);
      await session.call('POST', 'setup', PERSON);
      await session.call('PUT', 'integrations/mlflow', {
        ...{ trackingServerUrl, authMethod: 'none', requestTimeoutSeconds: 120, pollSeconds: 0 },
      });
      let isAnswered = true;
      const run = await eventually(async () => {
        isAnswered &&= await session.call('GET', 'model-inventory/mlflow/versions?limit=50').then(
          () => true,
          () => false,
        );
        const page = (await session.call('GET', 'integrations/mlflow/sync-runs?limit=1')) as SyncRunPage;
        const [newest] = page.items;
        if (!newest?.finishedAt) throw new Error('The sync goes on.');
        return newest;
      }, SYNCED_MS);
      expect(isAnswered).toBe(true);
      return { run, peak: worker.peakMemory() };
    } finally {
      await endAll();
      await test.drop();
    }
  };

  itOnlyWith(
    LINUX,
    `grows by less than ${MOST_GROWTH} MiB from ${SMALL} versions to ${LARGE}, while the API goes on answering`,
    async () => {
      const largeFolder = newFolder();
      const large = await startTestMlflow({ folder: largeFolder });
      try {
        const [smallFolder = ''] = folders;
        fillMlflow(smallFolder, SMALL);
        fillMlflow(largeFolder, LARGE);
        const few = await firstSync(scene.mlflow.url);
        const many = await firstSync(large.url);
        expect(few.run).toMatchObject({ status: 'succeeded' });
        expect(many.run).toMatchObject({ status: 'succeeded', counts: { created: LARGE } });
        expect(many.peak - few.peak).toBeLessThan(MOST_GROWTH);
      } finally {
        await large.stop();
      }
    },
    MLFLOW_START_TIMEOUT_MS,
  );
});
