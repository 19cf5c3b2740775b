import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../launch/port.ts';
import { withFolderLock } from './folder-lock.ts';
import { ensureMlflow, MLFLOW_VERSION, type MlflowVersion } from './mlflow-venv.ts';
import { removeFolder, runCommand, STOP_GRACE_MS, stopGroup, TIED_LAUNCHER } from './processes.ts';

/** A cold start on two busy cores took 25 s at worst. */
const START_TIMEOUT_MS = 120_000;
export interface MlflowServerOptions {
  /** Holds the virtual environment, the template database and the folders of servers. */
  dataDir: string;
  /** Default: MLFLOW_VERSION. */
  version?: MlflowVersion;
  /** Default: a free one. */
  port?: number;
  /** Where this server keeps its data, and leaves them on stop. Default: a new folder, removed on stop. */
  folder?: string;
  appName?: 'basic-auth';
  /** Default 1: every further worker is a process of 280 MB. */
  workers?: number;
  /** Passed as --allowed-hosts. */
  allowedHosts?: string;
  /** Passed as --static-prefix: everything moves below it; under MLflow 2 the pages alone, the REST API stays where it was. */
  staticPrefix?: string;
  extraEnv?: Readonly<Record<string, string>>;
  log?: (line: string) => void;
}

export interface MlflowServer {
  url: string;
  pid: number;
  /** The administrator of a server with basic-auth. */
  adminAuth?: { username: string; password: string };
  /** Ends all of its processes. */
  stop(): Promise<void>;
}

/** Starts a real MLflow on loopback and waits until it answers. Dies with this process, however that ends. */
export async function startMlflow(options: MlflowServerOptions): Promise<MlflowServer> {
  const log = options.log ?? (() => undefined);
  const bin = await ensureMlflow(options.dataDir, log, options.version);
  const folder = await prepareFolder(options, bin, log);
  const port = options.port ?? (await freePort());
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}${options.version?.startsWith('2.') ? '' : (options.staticPrefix ?? '')}`;
  const adminAuth = options.appName === 'basic-auth' ? await writeAuthConfig(folder) : undefined;
  const launched = launch({ bin, folder, port, options });
  const stop = async () => {
    await stopGroup(launched.pid, STOP_GRACE_MS);
    if (options.folder === undefined) await removeFolder(folder);
  };
  try {
    await waitForHealth({ origin, url }, launched);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: launched.pid, stop, ...(adminAuth === undefined ? {} : { adminAuth }) };
}

async function prepareFolder(
  options: MlflowServerOptions,
  bin: string,
  log: (line: string) => void,
): Promise<string> {
  const servers = resolve(options.dataDir, 'mlflow-servers');
  await mkdir(servers, { recursive: true });
  const folder =
    options.folder === undefined ? await mkdtemp(join(servers, 'server-')) : resolve(options.folder);
  await mkdir(join(folder, 'artifacts'), { recursive: true });
  const database = join(folder, 'mlflow.db');
  if (!existsSync(database)) await copyFile(await templateDatabase(options, bin, log), database);
  return folder;
}

/** Migrating an empty SQLite file takes MLflow 5 s and more; copying one that is migrated takes none. */
async function templateDatabase(
  { dataDir, version = MLFLOW_VERSION }: MlflowServerOptions,
  bin: string,
  log: (line: string) => void,
): Promise<string> {
  const template = resolve(dataDir, `mlflow-template-${version}.db`);
  if (existsSync(template)) return template;
  const announceWait = () => log('Waiting for another process that prepares the MLflow database');
  await withFolderLock(`${template}.lock`, announceWait, async () => {
    if (existsSync(template)) return;
    log('Preparing the MLflow database');
    const draft = `${template}.draft`;
    await rm(draft, { force: true });
    const script =
      'import sys; from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore; ' +
      'SqlAlchemyStore("sqlite:///" + sys.argv[1], "mlflow-artifacts:/")';
    const made = await runCommand(join(bin, 'python'), ['-c', script, draft], serverEnv({}));
    if (made.code !== 0) throw new Error(`MLflow could not make its database:\n${made.output}`);
    await rename(draft, template);
  });
  return template;
}

async function writeAuthConfig(folder: string): Promise<{ username: string; password: string }> {
  const admin = { username: 'admin', password: `admin-${randomBytes(9).toString('hex')}` };
  const known = await readFile(join(folder, 'auth.json'), 'utf8').catch(() => null);
  const auth: { username: string; password: string } = known === null ? admin : JSON.parse(known);
  await writeFile(join(folder, 'auth.json'), JSON.stringify(auth), { mode: 0o600 });
  const lines = [
    '[mlflow]',
    'default_permission = NO_PERMISSIONS',
    `database_uri = sqlite:///${join(folder, 'basic_auth.db')}`,
    `admin_username = ${auth.username}`,
    `admin_password = ${auth.password}`,
    'authorization_function = mlflow.server.auth:authenticate_request_basic_auth',
  ];
  await writeFile(join(folder, 'auth.ini'), `${lines.join('\n')}\n`, { mode: 0o600 });
  return auth;
}

interface Launch {
  bin: string;
  folder: string;
  port: number;
  options: MlflowServerOptions;
}

interface Launched {
  pid: number;
  /** Null while it runs. */
  exitCode(): number | null;
  /** What this start has written to the log so far. */
  output(): Promise<string>;
}

function launch({ bin, folder, port, options }: Launch): Launched {
  const args = [
    ...['server', '--host', '127.0.0.1', '--port', String(port), '--workers', String(options.workers ?? 1)],
    ...['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`],
    ...['--artifacts-destination', join(folder, 'artifacts')],
    ...(options.appName === undefined ? [] : ['--app-name', options.appName]),
    ...(options.staticPrefix === undefined ? [] : ['--static-prefix', options.staticPrefix]),
    ...(options.allowedHosts === undefined ? [] : ['--allowed-hosts', options.allowedHosts]),
  ];
  const authEnv: Record<string, string> =
    options.appName === undefined
      ? {}
      : {
          MLFLOW_AUTH_CONFIG_PATH: join(folder, 'auth.ini'),
          MLFLOW_FLASK_SERVER_SECRET_KEY: randomBytes(24).toString('hex'),
        };
  const log = join(folder, 'server.log');
  const output = openSync(log, 'a');
  const { size } = fstatSync(output);
  const child = spawn(join(bin, 'python'), ['-c', TIED_LAUNCHER, join(bin, 'mlflow'), ...args], {
    cwd: folder,
    detached: true,
    stdio: ['pipe', output, output],
    env: { ...serverEnv({ ...authEnv, ...options.extraEnv }), PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  closeSync(output);
  // EPIPE, when the server ends first.
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error('MLflow could not be started');
  return {
    pid: child.pid,
    exitCode: () => child.exitCode ?? (child.signalCode === null ? null : 1),
    output: async () => (await readFile(log)).subarray(size).toString('utf8'),
  };
}

/** Job execution starts processes of 230 MB each that nothing here needs. */
function serverEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    ...process.env,
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    PYTHONUTF8: '1',
    ...extra,
  };
}

async function waitForHealth(
  { origin, url }: { origin: string; url: string },
  launched: Launched,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (launched.exitCode() !== null) break;
    // A refused connection: it is not listening yet.
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    // Two servers started at the same moment may choose one port: only the one that got it says that it runs there.
    if (answer?.ok === true && saysItRunsAt(origin, await launched.output())) return;
    await sleep(100);
  }
  throw new Error(`MLflow did not start:\n${(await launched.output()).slice(-2000)}`);
}

/** In the words of uvicorn, under MLflow 3, or of gunicorn, under MLflow 2. */
function saysItRunsAt(origin: string, output: string): boolean {
  return output.includes(`running on ${origin} `) || output.includes(`Listening at: ${origin} `);
}
