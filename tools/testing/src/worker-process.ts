import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MALLOC, NODE_FLAGS } from '../../launch/node-flags.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface WorkerProcess {
  pid: number;
  /** A real signal to the real process. */
  signal(name: NodeJS.Signals): void;
  /** Its exit code, null where a signal ended it. */
  exited: Promise<number | null>;
  /** The most memory that it has held at once, in MiB. Linux only. */
  peakMemory(): number;
}

export interface WorkerProcessOptions {
  databaseUrl: string;
  env?: Record<string, string>;
  /** Sets its own clock apart from everybody else's. In milliseconds. */
  clockAhead?: number;
}

/** The built worker as a process of its own, as `npm run worker` runs it. It ends with this process at the latest. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const { databaseUrl, env = {}, clockAhead = 0 } = options;
  const args = [
    ...NODE_FLAGS.worker,
    ...(clockAhead === 0 ? [] : ['--import', shiftedClock(clockAhead)]),
    'dist/apps/worker/main.js',
  ];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
      LOG_LEVEL: 'error',
      ...MALLOC.worker,
      ...env,
    },
    // The pipe tells it when this process is gone.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error('The worker could not be started.');
  return {
    pid,
    signal: (name) => void child.kill(name),
    exited: new Promise((done) => child.once('exit', (code) => done(code))),
    peakMemory: () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024,
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
