import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { holdPostgres } from '../../../tools/embedded/embedded-postgres.ts';
import { OWN_SETTINGS } from '../../../tools/launch/environment.ts';
import { freePort } from '../../../tools/launch/port.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface StackOptions {
  logLevel?: 'warn' | 'trace';
  /** `included`: as `npm start` runs both. `apart`: as `npm run api` alone, until `startWorker`. */
  worker?: 'included' | 'apart';
}

export interface Stack {
  url: string;
  dataDir: string;
  /** Of the launcher, whose children are the API and the worker. */
  pid: number;
  /** All that the processes have printed so far. */
  output(): string;
  /** As `npm run worker` in a second terminal. */
  startWorker(): void;
  /** Ends what `startWorker` started. */
  stopWorker(): Promise<void>;
  /** One statement on the embedded database, for what only time or an accident would do. */
  asSuperuser(sql: string): Promise<void>;
  stop(): Promise<void>;
}

/** API and worker as the npm scripts run them, on a data folder of their own, with nothing set up. */
export async function startStack({
  logLevel = 'warn',
  worker = 'included',
}: StackOptions = {}): Promise<Stack> {
  const dataDir = join(ROOT, '.data', `e2e-${randomBytes(4).toString('hex')}`);
  mkdirSync(dataDir, { recursive: true });
  const port = await freePort();
  const printed: string[] = [];
  const launch = (command: 'start' | 'api' | 'worker'): ChildProcess => {
    const launched = spawn(process.execPath, ['--no-warnings', 'tools/run.ts', command], {
      cwd: ROOT,
      env: { ...process.env, ...OWN_SETTINGS, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: logLevel },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [launched.stdout, launched.stderr]) {
      stream.on('data', (chunk: Buffer) => printed.push(chunk.toString('utf8')));
    }
    return launched;
  };
  const launcher = launch(worker === 'included' ? 'start' : 'api');
  let apart: ChildProcess | null = null;
  const stopWorker = async (): Promise<void> => {
    if (apart !== null) await stopped(apart);
    apart = null;
  };
  const url = `http://localhost:${port}`;
  await untilReady(url, launcher).catch((error: unknown) => {
    throw new Error(`the stack did not start: ${printed.join('')}`, { cause: error });
  });
  return {
    url,
    dataDir,
    pid: launcher.pid ?? 0,
    output: () => printed.join(''),
    startWorker: () => {
      apart = launch('worker');
    },
    stopWorker,
    asSuperuser: (sql) => asSuperuser(dataDir, sql),
    stop: async () => {
      await stopWorker();
      await stopped(launcher);
      await untilUnheld(dataDir);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

async function stopped(launcher: ChildProcess): Promise<void> {
  if (launcher.exitCode !== null) return;
  const ended = new Promise((done) => launcher.once('exit', done));
  launcher.kill('SIGTERM');
  await ended;
}

/** Postgres ends a moment after its last user, and would write into a folder that is gone. */
async function untilUnheld(dataDir: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    if (!existsSync(join(dataDir, 'keeper.pid'))) return;
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function asSuperuser(dataDir: string, sql: string): Promise<void> {
  const held = await holdPostgres(dataDir);
  const database = new URL(held.address.adminUrl);
  database.pathname = '/verifywise';
  const client = new pg.Client({ connectionString: database.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
    held.release();
  }
}

async function untilReady(url: string, launcher: ChildProcess): Promise<void> {
  for (
    const deadline = Date.now() + 120_000;
    Date.now() < deadline;
    await new Promise((done) => setTimeout(done, 100))
  ) {
    if (launcher.exitCode !== null) throw new Error('the launcher ended');
    const ready = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
  }
  throw new Error('the API did not become ready');
}
