import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { MlflowConnection } from '@vw/mlflow-connection';
import { SyncEngine, SyncEngineModule } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';
import {
  describeWithMlflow,
  eventually,
  expectWhole,
  MLFLOW_START_TIMEOUT_MS,
  startRooms,
  startTestMlflow,
  startWorkerProcess,
  type TestMlflow,
  type TestRooms,
  type WorkerProcess,
} from '@vw/testing';
import { Client } from 'pg';
import { vaultCommand } from './vault-command';

const ROOT = resolve(import.meta.dirname, '../../..');
const ADMIN = { id: null, name: 'Åsa', via: 'command' as const };
const key = (kid: string, fill: number): string => `${kid}:${Buffer.alloc(32, fill).toString('base64')}`;
const [OLD, NEW] = [key('k1', 7), key('k2', 8)];

describeWithMlflow('npm run vault', () => {
  let mlflow: TestMlflow;
  let rooms: TestRooms;
  let worker: WorkerProcess;
  let orgIds: string[];

  const run = async (verb: string, ...keys: string[]): Promise<{ code: number; lines: string[] }> => {
    const lines: string[] = [];
    const env = { DATABASE_URL: rooms.test.url, ENCRYPTION_KEYS: keys.join() };
    const code = await vaultCommand([verb], 'Usage', { env, say: (line) => lines.push(line) });
    return { code, lines };
  };
  const sync = async (orgId: string): Promise<string> => {
    const { id } = await rooms.app.get(SyncEngine, { strict: false }).request(orgId, 'manual', ADMIN);
    return eventually(async () => {
      const { status, finishedAt } = await rooms.app.get(SyncHistory, { strict: false }).get(orgId, id);
      expect(finishedAt).not.toBeNull();
      return status;
    }, 60_000);
  };
  const startWorker = (...keys: string[]): void => {
    worker?.signal('SIGKILL');
    worker = startWorkerProcess({ databaseUrl: rooms.test.url, env: { ENCRYPTION_KEYS: keys.join() } });
  };

  beforeAll(async () => {
    [mlflow, rooms] = await Promise.all([
      startTestMlflow(),
      startRooms([SyncEngineModule], { ENCRYPTION_KEYS: OLD }),
    ]);
    await mlflow.api.createModel('credit-risk');
    await mlflow.api.createVersion('credit-risk');
    orgIds = [];
    for (const name of ['A', 'B', 'C']) orgIds.push(await rooms.createOrganization(name));
    orgIds.sort();
    for (const orgId of orgIds) {
      const settings = {
        trackingServerUrl: mlflow.url,
        authMethod: 'token' as const,
        apiToken: `token-${orgId}`,
      };
      await rooms.app.get(MlflowConnection, { strict: false }).save(orgId, settings, ADMIN);
    }
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    worker?.signal('SIGKILL');
    await rooms?.close();
    await mlflow?.stop();
  });

  it('doctor counts what each key seals, and fails where a key is missing', async () => {
    expect(await run('doctor', NEW, OLD)).toEqual({
      code: 0,
      lines: ['key      k2  0 credentials', 'key      k1  3 credentials'],
    });
    const { code, lines } = await run('doctor', NEW);
    expect([code, lines]).toEqual([
      1,
      [
        'key      k2  0 credentials',
        'MISSING  k1  3 credentials',
        ...orgIds.map((orgId) => `SHUT     ${orgId} mlflow-token: its key k1 is missing`),
      ],
    ]);
  });

  it('reseal is done again where it was killed in the middle, and no sync fails meanwhile', async () => {
    startWorker(NEW, OLD);
    const statuses: string[] = [];
    let isResealing = true;
    const syncing = orgIds.map(async (orgId) => {
      do statuses.push(await sync(orgId));
      while (isResealing);
    });

    const [first, second] = orgIds;
    const holder = new Client({ connectionString: rooms.test.adminUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM credential WHERE org_id = $1 FOR UPDATE', [second]);
    const doomed = spawn(process.execPath, ['dist/tools/commands/main.js', 'vault', 'reseal'], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], DATABASE_URL: rooms.test.url, ENCRYPTION_KEYS: `${NEW},${OLD}` },
      stdio: 'inherit',
    });
    const exited = new Promise((done) => doomed.once('exit', done));
    await eventually(async () => {
      const waiting = await rooms.test.asSuperuser(
        `SELECT FROM pg_stat_activity WHERE application_name = 'vw-command' AND wait_event_type = 'Lock'`,
      );
      expect(waiting).toHaveLength(1);
    });
    doomed.kill('SIGKILL');
    await exited;
    await holder.query('ROLLBACK');
    await holder.end();
    const sealed = await rooms.test.asSuperuser('SELECT org_id, kid FROM credential ORDER BY org_id');
    expect(sealed).toEqual(orgIds.map((orgId) => ({ org_id: orgId, kid: orgId === first ? 'k2' : 'k1' })));

    expect(await run('reseal', NEW, OLD)).toEqual({
      code: 0,
      lines: ['2 credentials resealed with k2, 0 cannot be opened'],
    });
    const rows = (): Promise<object[]> =>
      rooms.test.asSuperuser('SELECT c::text, xmin::text FROM credential c');
    const before = await rows();
    expect((await run('reseal', NEW, OLD)).lines).toEqual([
      '0 credentials resealed with k2, 0 cannot be opened',
    ]);
    expect(await rows()).toEqual(before);

    isResealing = false;
    await Promise.all(syncing);
    expect(new Set(statuses)).toEqual(new Set(['succeeded']));
    for (const orgId of orgIds) {
      const told = await rooms.test.asSuperuser(
        `SELECT FROM audit_event WHERE org_id = $1 AND action = 'credential.resealed'`,
        [orgId],
      );
      expect(told).toHaveLength(1);
      await expectWhole({ ask: rooms.test.asSuperuser, orgId, mlflowUrl: mlflow.url });
    }
  }, 120_000);

  it('the old key can be dropped once doctor counts nothing under it, and syncs go on', async () => {
    expect(await run('doctor', NEW)).toEqual({ code: 0, lines: ['key      k2  3 credentials'] });
    startWorker(NEW);
    for (const orgId of orgIds) expect(await sync(orgId)).toBe('succeeded');
  }, 60_000);

  it('reseal leaves what it cannot open as it is, and fails', async () => {
    expect(await run('reseal', key('k3', 9))).toEqual({
      code: 1,
      lines: ['0 credentials resealed with k3, 3 cannot be opened'],
    });
    expect(await run('doctor', NEW)).toMatchObject({ code: 0 });
  });

  it('shows its usage for anything else', async () => {
    expect(await run('open')).toEqual({ code: 2, lines: ['Usage'] });
  });
});
