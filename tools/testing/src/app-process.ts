import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MALLOC, NODE_FLAGS } from '../../launch/node-flags.ts';
import { freePort } from '../../launch/port.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A built app as a process of its own, as `npm start` runs it. */
export interface AppProcess {
  pid: number;
  /** A real signal to the real process. */
  signal(name: NodeJS.Signals): void;
  /** Its exit code, null where a signal ended it. */
  exited: Promise<number | null>;
  /** What it has logged so far. */
  log(): string;
}

export interface WorkerProcess extends AppProcess {
  /** The most memory that it has held at once, in MiB. Linux only. */
  peakMemory(): number;
}

export interface ApiProcess extends AppProcess {
  /** The origin that it listens on. */
  url: string;
  /** The status of `/health/ready`; 0 where nobody answers. */
  ready(): Promise<number>;
}

export interface AppProcessOptions {
  databaseUrl: string;
  env?: Record<string, string>;
}

export interface WorkerProcessOptions extends AppProcessOptions {
  /** Sets its own clock apart from everybody else's. In milliseconds. */
  clockAhead?: number;
}

/** It ends with this process at the latest. */
export function startWorkerProcess({ clockAhead = 0, ...options }: WorkerProcessOptions): WorkerProcess {
  const worker = startApp('worker', options, clockAhead === 0 ? [] : ['--import', shiftedClock(clockAhead)]);
  return {
    ...worker,
    peakMemory: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) /
      1024,
  };
}

/** On a free port of loopback; it listens a moment later. It ends with this process at the latest. */
export async function startApiProcess({ databaseUrl, env = {} }: AppProcessOptions): Promise<ApiProcess> {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  return {
    ...startApp('api', { databaseUrl, env: { PORT: port, HOST: '127.0.0.1', ...env } }),
    url,
    ready: async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status ?? 0,
  };
}

function startApp(
  app: 'api' | 'worker',
  { databaseUrl, env = {} }: AppProcessOptions,
  flags: readonly string[] = [],
): AppProcess {
  const child = spawn(process.execPath, [...NODE_FLAGS[app], ...flags, `dist/apps/${app}/main.js`], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      LOG_LEVEL: 'error',
      ...MALLOC[app],
      ...env,
    },
    // The channel tells it when this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`The ${app} could not be started.`);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
      // Whoever looks for the cause of a failure needs it.
      process.stderr.write(chunk);
    });
  return {
    pid,
    signal: (name) => void child.kill(name),
    // Not at `exit`: what it logged last is read after that.
    exited: new Promise((done) => child.once('close', (code) => done(code))),
    log: () => log,
  };
}

/** A module that moves `Date` before anything else is loaded. */
function shiftedClock(ms: number): string {
  const code = `const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts) { if (parts.length === 0) super(Real.now() + ${ms}); else super(...parts); }
      static now() { return Real.now() + ${ms}; }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
