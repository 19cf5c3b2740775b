import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { atEnd, end, isEnding } from './ending.ts';
import { MALLOC, NODE_FLAGS } from './node-flags.ts';
import { BUILT, ROOT } from './paths.ts';

export interface ServiceOptions {
  env: NodeJS.ProcessEnv;
  /** `restart`: a dead process is started again. `end`: the launcher ends with it. */
  whenDead: 'restart' | 'end';
  /** A file for its output; default: this terminal. */
  logFile?: string;
}

export interface Service {
  /** Stops the process and lets the rule of `whenDead` start it again. */
  restart(): void;
}

/** Long enough to finish a page of a sync, short of the 15 s after which orchestrators kill. */
const STOP_GRACE_MS = 13_000;
/** The first wait before a dead process is started again; each further one doubles, and none exceeds the last. */
const RESTART_WAITS_MS = [200, 400, 800, 1_600, 3_200] as const;
/** Having lived so long, a process counts as well again. */
const HEALTHY_AFTER_MS = 30_000;
/** A process that leaves with an error so early, at its first start, is wrongly configured: starting it again changes nothing. */
const REFUSED_WITHIN_MS = 10_000;

/**
 * Runs a built app as a child of this process, in its group. The `ipc` pipe tells it when this process is gone, however that happened.
 */
export function startService(name: 'api' | 'worker', options: ServiceOptions): Service {
  let child: ChildProcess;
  let failures = 0;

  const start = (isFirst: boolean): void => {
    const startedAt = Date.now();
    child = launch(name, options);
    child.once('exit', (code, signal) => {
      if (isEnding()) return;
      const lived = Date.now() - startedAt;
      if (options.whenDead === 'end') return void end(code ?? 1);
      if (isFirst && code !== null && code !== 0 && lived < REFUSED_WITHIN_MS) return void end(code);
      failures = lived > HEALTHY_AFTER_MS ? 0 : failures + 1;
      const wait = RESTART_WAITS_MS[Math.min(Math.max(failures, 1), RESTART_WAITS_MS.length) - 1];
      console.error(`The ${name} process ended (${signal ?? `exit code ${code}`}); it is started again.`);
      setTimeout(() => {
        if (!isEnding()) start(false);
      }, wait);
    });
  };

  start(true);
  atEnd({ stop: () => stopChild(child), kill: () => void child.kill('SIGKILL') });
  return {
    restart: () => {
      failures = 0;
      child.kill('SIGTERM');
    },
  };
}

function launch(name: 'api' | 'worker', { env, logFile }: ServiceOptions): ChildProcess {
  const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...NODE_FLAGS[name], '--enable-source-maps', BUILT[name]], {
    cwd: ROOT,
    env: { ...MALLOC[name], ...env },
    stdio: ['ignore', output, output, 'ipc'],
  });
  if (typeof output === 'number') closeSync(output);
  return child;
}

/** SIGTERM, and SIGKILL to one that does not obey. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(killing);
}
