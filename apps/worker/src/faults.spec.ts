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
  startApiProcess,
  startFaultProxy,
  startRooms,
  startTestMlflow,
  startWorkerProcess,
  type ApiProcess,
  type AppProcess,
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
  let processes: AppProcess[] = [];

  const history = (): SyncHistory => rooms.app.get(SyncHistory, { strict: false });
  const request = (): Promise<SyncRun> =>
    rooms.app.get(SyncEngine, { strict: false }).request(orgId, 'manual', ADMIN);
  const startWorker = (
    options: { clockAhead?: number; env?: Record<string, string> } = {},
  ): WorkerProcess => {
    const worker = startWorkerProcess({ databaseUrl: rooms.test.url, ...options });
    processes.push(worker);
    return worker;
  };
  /** Returns once it serves. */
  const startApi = async (): Promise<ApiProcess> => {
    const api = await startApiProcess({ databaseUrl: rooms.test.url });
    processes.push(api);
    await expectReady(api, 200);
    return api;
  };
  const expectReady = (api: ApiProcess, status: number): Promise<void> =>
    eventually(async () => expect(await api.ready()).toBe(status));
  const killAll = async (): Promise<void> => {
    for (const one of processes) one.signal('SIGKILL');
    await Promise.all(processes.map(({ exited }) => exited));
    processes = [];
  };
  const ended = (run: { id: string }): Promise<SyncRun> =>
    eventually(async () => {
      const now = await history().get(orgId, run.id);
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
  /** Every byte of every version. */
  const versions = (): Promise<object[]> =>
    rooms.test.asSuperuser('SELECT v::text, xmin::text FROM model_version v ORDER BY id');
  const expectEqual = (): Promise<void> =>
    expectWhole({ ask: rooms.test.asSuperuser, orgId, mlflowUrl: mlflow.url });
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
    // Without light polls between the syncs, which would find some of what is edited here first.
    const settings = { trackingServerUrl: proxy.url, authMethod: 'none', pollSeconds: 0 } as const;
    await rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
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

  it('are one run, however many workers find it due at once, and go on while the API is stopped', async () => {
    const api = await startApi();
    api.signal('SIGTERM');
    expect(await api.exited).toBe(0);
    expect(await api.ready()).toBe(0);
    const dueIn = (time: string): Promise<unknown> =>
      rooms.test.asSuperuser('UPDATE mlflow_connection SET next_sync_at = now() + $1::interval', [time]);
    await dueIn('1 day');
    for (let started = 0; started < 4; started += 1) startWorker();
    await eventually(async () => {
      const seen = await rooms.test.asSuperuser('SELECT FROM worker_heartbeat');
      expect(seen).toHaveLength(4);
    });
    // Their clocks strike at once.
    await dueIn('0 seconds');
    await eventually(async () =>
      expect((await history().list(orgId, {})).items).toMatchObject([{ status: 'succeeded' }]),
    );
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

  it('go on where Postgres was killed under them, while the API answers 503 until it is back', async () => {
    await edit();
    proxy.on({ match: 'runs/search', fault: { kind: 'delay', ms: 2_000 }, times: 1 });
    startWorker();
    const api = await startApi();
    const run = await request();
    await reading(run);
    const before = await postgres.postmaster(rooms.test);
    process.kill(before, 'SIGKILL');
    await expectReady(api, 503);
    await expectReady(api, 200);
    const done = await eventually(async () => {
      const now = await history().get(orgId, run.id);
      expect(now.finishedAt).not.toBeNull();
      return now;
    }, RESUMED_MS);
    expect(await postgres.postmaster(rooms.test)).not.toBe(before);
    expect(done).toMatchObject({ status: 'succeeded', counts: { created: 1, updated: 3 } });
    await expectEqual();
  }, 180_000);

  it('go on under a schema that a later migration has added to', async () => {
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

  it('wait under a schema that lacks a column which they need, say so, and end whole once it is back', async () => {
    await edit();
    const before = await versions();
    await rooms.test.asSuperuser('ALTER TABLE version_change RENAME COLUMN field TO taken_away');
    const worker = startWorker();
    const run = await request();
    await eventually(() => expect(worker.log()).toMatch(/field.* does not exist.*sync interrupted/));
    expect(await history().get(orgId, run.id)).toMatchObject({ status: 'running', finishedAt: null });
    expect(await versions()).toEqual(before);
    await rooms.test.asSuperuser('ALTER TABLE version_change RENAME COLUMN taken_away TO field');
    // A silent run is taken up again; it need not be waited for.
    await rooms.test.asSuperuser(
      `UPDATE sync_run SET heartbeat_at = now() - interval '1 minute' WHERE id = $1`,
      [run.id],
    );
    expect(await ended(run)).toMatchObject({
      status: 'succeeded',
      counts: { created: 1, updated: 3, removed: 0 },
    });
    await expectEqual();
  }, 150_000);
});
