import { GovernanceModule } from '@vw/governance';
import { MlflowConnection } from '@vw/mlflow-connection';
import type { SyncRun } from '@vw/shared-contracts';
import { SyncEngine, SyncEngineModule } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  eventually,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  ownPostgres,
  startFaultProxy,
  startRooms,
  startTestMlflow,
  startWorkerProcess,
  type FaultProxy,
  type OwnPostgres,
  type TestMlflow,
  type TestRooms,
  type WorkerProcess,
} from '@vw/testing';
import { Client } from 'pg';

const ADMIN = { id: null, name: 'Åsa', via: 'command' as const };
const MODELS = ['credit-risk', 'fraud', 'churn'];
/** The promise is two minutes. */
const RESUMED_MS = 120_000;
const TWO_HOURS = 7_200_000;

/** Real workers, a real Postgres of their own, a real MLflow behind the proxy: whatever happens to one of them, the inventory ends up whole. */
describeWithMlflow('syncs on a bad night', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let postgres: OwnPostgres;
  let rooms: TestRooms;
  let orgId: string;
  let edits = 0;
  let workers: WorkerProcess[] = [];

  const history = (): SyncHistory => rooms.app.get(SyncHistory, { strict: false });
  const request = (org = orgId): Promise<SyncRun> =>
    rooms.app.get(SyncEngine, { strict: false }).request(org, 'manual', ADMIN);
  /** Without light polls between the syncs, which would find some of what is edited here first. */
  const save = (org: string, requestTimeoutSeconds: number): Promise<unknown> => {
    const settings = { trackingServerUrl: proxy.url, authMethod: 'none' as const, pollSeconds: 0 };
    return rooms.app
      .get(MlflowConnection, { strict: false })
      .save(org, { ...settings, requestTimeoutSeconds }, ADMIN);
  };
  const startWorker = (
    options: { clockAhead?: number; env?: Record<string, string> } = {},
  ): WorkerProcess => {
    const worker = startWorkerProcess({ databaseUrl: rooms.test.url, ...options });
    workers.push(worker);
    return worker;
  };
  const killAll = async (): Promise<void> => {
    for (const worker of workers) worker.signal('SIGKILL');
    await Promise.all(workers.map(({ exited }) => exited));
    workers = [];
  };
  const ended = (run: { id: string }, org = orgId): Promise<SyncRun> =>
    eventually(async () => {
      const now = await history().get(org, run.id);
      expect(now.finishedAt).not.toBeNull();
      return now;
    }, RESUMED_MS);
  const attempts = async (run: { id: string }): Promise<number | undefined> =>
    (
      await rooms.test.asSuperuser<{ attempt: number }>('SELECT attempt FROM sync_run WHERE id = $1', [
        run.id,
      ])
    )[0]?.attempt;
  const reading = (run: { id: string }): Promise<void> =>
    eventually(async () => expect((await history().get(orgId, run.id)).progress.models).toBeGreaterThan(0));
  const expectEqual = (org = orgId): Promise<void> =>
    expectWhole({ ask: rooms.test.asSuperuser, orgId: org, mlflowUrl: mlflow.url });
  /** So that the next sync has something of every kind to write. */
  const edit = async (): Promise<void> => {
    edits += 1;
    const runId = await mlflow.api.createRun('0', {
      metrics: { auc: edits / 100 },
      params: { edit: String(edits) },
    });
    await mlflow.api.createVersion('fraud', { runId, description: `edit ${edits}` });
    await mlflow.api.setVersionTag('credit-risk', '1', 'edit', String(edits));
    await mlflow.api.setAlias('churn', 'champion', String((edits % 2) + 1));
  };
  /** Where the next run writes its changes it has to wait, in the middle of its transaction. */
  const holdWrites = async (): Promise<Client> => {
    const holder = new Client({ connectionString: rooms.test.adminUrl });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE version_change IN ACCESS EXCLUSIVE MODE');
    return holder;
  };
  const writing = (): Promise<void> =>
    eventually(async () => {
      const waiting = await rooms.test.asSuperuser(
        `SELECT FROM pg_stat_activity WHERE application_name = 'vw-worker' AND wait_event_type = 'Lock' AND datname = current_database()`,
      );
      expect(waiting).toHaveLength(1);
    });

  beforeAll(async () => {
    postgres = ownPostgres('bad-night');
    [mlflow, rooms] = await Promise.all([
      startTestMlflow(),
      startRooms([SyncEngineModule, GovernanceModule], {}, postgres.dataDir),
    ]);
    proxy = await startFaultProxy(mlflow.url);
    for (const name of MODELS) {
      await mlflow.api.createModel(name, { description: name });
      for (let made = 0; made < 2; made += 1) {
        const runId = await mlflow.api.createRun('0', {
          metrics: { auc: 0.9, loss: 'NaN' },
          params: { depth: '7' },
        });
        await mlflow.api.createVersion(name, { runId });
      }
    }
    await mlflow.api.setAlias('churn', 'champion', '1');
    orgId = await rooms.createOrganization();
    await save(orgId, 30);
  }, MLFLOW_START_TIMEOUT_MS);

  afterEach(async () => {
    await killAll();
    proxy.reset();
  });

  afterAll(async () => {
    await rooms?.close();
    await postgres?.remove();
    await proxy?.stop();
    await mlflow?.stop();
  });

  it('are one run, however many workers find it due at once, and need no API', async () => {
    await rooms.test.asSuperuser(`UPDATE mlflow_connection SET next_sync_at = now()`);
    for (let started = 0; started < 4; started += 1) startWorker();
    await eventually(async () =>
      expect((await history().list(orgId, {})).items).toMatchObject([{ status: 'succeeded' }]),
    );
    await eventually(async () => {
      const seen = await rooms.test.asSuperuser('SELECT FROM worker_heartbeat');
      expect(seen).toHaveLength(4);
    });
    const { items } = await history().list(orgId, {});
    expect(items).toMatchObject([{ trigger: 'scheduled', counts: { created: 6 } }]);
    expect(await attempts({ id: items[0]?.id ?? '' })).toBe(1);
    await expectEqual();
  }, 90_000);

  it('go on where a worker was killed in the middle of a transaction, and end as if it had lived', async () => {
    await edit();
    const doomed = startWorker();
    const holder = await holdWrites();
    const run = await request();
    await writing();
    doomed.signal('SIGKILL');
    await holder.end();
    startWorker();
    expect(await ended(run)).toMatchObject({
      status: 'succeeded',
      counts: { created: 1, updated: 3, unchanged: 3, removed: 0 },
    });
    expect(await attempts(run)).toBeGreaterThan(1);
    await expectEqual();
  }, 150_000);

  it('are left alone by a worker that wakes up after another one went on', async () => {
    await edit();
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 2_000 }, times: 1 });
    const paused = startWorker();
    const run = await request();
    await reading(run);
    paused.signal('SIGSTOP');
    const other = startWorker();
    const before = await ended(run);
    expect(before).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    paused.signal('SIGCONT');
    other.signal('SIGKILL');
    const next = await request();
    expect(await ended(next)).toMatchObject({ status: 'succeeded', counts: { created: 0, updated: 0 } });
    expect(await history().get(orgId, run.id)).toEqual(before);
    await expectEqual();
  }, 150_000);

  it('end whole, and tell instants by the clock of Postgres, with workers whose clocks are four hours apart', async () => {
    await edit();
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 3_000 }, times: 1 });
    startWorker({ clockAhead: TWO_HOURS });
    startWorker({ clockAhead: -TWO_HOURS });
    const run = await ended(await request());
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    const [clocks] = await rooms.test.asSuperuser<{ late: number; early: number }>(
      `SELECT count(*) FILTER (WHERE last_seen_at > now() + interval '1 minute')::int AS late,
         (SELECT count(*)::int FROM sync_run WHERE finished_at NOT BETWEEN now() - interval '1 hour' AND now()) AS early
       FROM worker_heartbeat`,
    );
    expect(clocks).toEqual({ late: 0, early: 0 });
    await expectEqual();
  }, 150_000);

  it('are asked for again when the queue has lost all that it held', async () => {
    const truncate = async (): Promise<void> => {
      const tables = await rooms.test.asSuperuser<{ name: string }>(
        `SELECT format('bullmq.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
      );
      await rooms.test.asSuperuser(`TRUNCATE ${tables.map(({ name }) => name).join(', ')} CASCADE`);
    };
    const run = await request();
    await truncate();
    await rooms.test.asSuperuser(
      `UPDATE sync_run SET requested_at = now() - interval '1 minute' WHERE id = $1`,
      [run.id],
    );
    startWorker();
    expect(await ended(run)).toMatchObject({ status: 'succeeded' });

    await edit();
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 1_000 }, times: 1 });
    const interrupted = await request();
    await reading(interrupted);
    await truncate();
    expect(await ended(interrupted)).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    expect(await ended(await request())).toMatchObject({ status: 'succeeded', counts: { updated: 0 } });
    await expectEqual();
  }, 150_000);

  it('go on where Postgres was killed under them', async () => {
    await edit();
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 2_000 }, times: 1 });
    startWorker();
    const run = await request();
    await reading(run);
    const before = await postgres.postmaster(rooms.test);
    process.kill(before, 'SIGKILL');
    const done = await eventually(async () => {
      const now = await history().get(orgId, run.id);
      expect(now.finishedAt).not.toBeNull();
      return now;
    }, RESUMED_MS);
    expect(await postgres.postmaster(rooms.test)).not.toBe(before);
    expect(done).toMatchObject({ status: 'succeeded', counts: { created: 1, updated: 3 } });
    await expectEqual();
  }, 180_000);

  it('go on with a worker of the build before, when a migration has added to the schema', async () => {
    await rooms.test.asSuperuser(`
      ALTER TABLE model_version ADD COLUMN added_later text;
      ALTER TABLE sync_run ADD COLUMN added_later integer NOT NULL DEFAULT 0;
      CREATE TABLE added_later (org_id uuid);
      INSERT INTO schema_migration (timestamp, name) VALUES (1890000000001, 'AddedLater1890000000001')`);
    await edit();
    startWorker();
    expect(await ended(await request())).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
    await expectEqual();
  }, 90_000);

  it('fail with a code at a drip, a gzip bomb and a gigabyte, and the memory of the worker stays flat', async () => {
    const worker = startWorker();
    const org = await rooms.createOrganization('Floods');
    await save(org, 1);
    const codeOf = async (fault: Parameters<FaultProxy['on']>[0]['fault']): Promise<string | undefined> => {
      proxy.on({ match: 'registered-models/search', fault });
      return (await ended(await request(org), org)).error?.code;
    };
    const memory = (): number => (process.platform === 'linux' ? worker.peakMemory() : 0);
    // Where an Admin has to act a sync asks once, without retries.
    expect(await codeOf({ kind: 'html' })).toBe('mlflow-not-mlflow');
    const before = memory();
    expect(await codeOf({ kind: 'drip', everyMs: 20 })).toBe('mlflow-timeout');
    proxy.reset();
    await save(org, 60);
    expect(await codeOf({ kind: 'gzip-bomb', bytes: 100 * 1024 * 1024 })).toBe('mlflow-bad-response');
    expect(await codeOf({ kind: 'flood', bytes: 1024 * 1024 * 1024 })).toBe('mlflow-bad-response');
    // What one answer may be at most, twice over; a quarter of what was sent.
    expect(memory() - before).toBeLessThan(256);
    await expectWhole({ ask: rooms.test.asSuperuser, orgId: org });
    proxy.reset();
    expect(await ended(await request(org), org)).toMatchObject({ status: 'succeeded' });
    await expectEqual(org);
  }, 150_000);
});
