import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withFolderLock } from '../mlflow/folder-lock.ts';
import { atEnd, isEnding } from './ending.ts';
import { ROOT } from './paths.ts';
import { killTree } from './process-tree.ts';

/** A build that finds everything cached takes 1 s; a longer one says what the wait is for. */
const SAY_AFTER_MS = 1_800;

/** Set by who has built all of it: a build beside specs would take away for a moment what others of them run. */
export const BUILT_BEFORE = 'VW_BUILT_BEFORE';

export interface NxOptions {
  /** `inherit` shows the output as it comes; `collect` keeps it for the error. */
  output: 'inherit' | 'collect';
  env?: Readonly<Record<string, string>>;
}

/** Builds what changed since the last time, unless BUILT_BEFORE is set. Throws with the build's own output. */
export async function build(projects: readonly string[]): Promise<void> {
  if (process.env[BUILT_BEFORE]) return;
  const saying = setTimeout(() => console.log('Building…'), SAY_AFTER_MS);
  mkdirSync(join(ROOT, '.nx'), { recursive: true });
  try {
    // Two terminals may start at once, and would write the same files.
    await withFolderLock(
      join(ROOT, '.nx/build.lock'),
      () => undefined,
      async () => {
        const built = await nx(
          ['run-many', '-t', 'build', '-p', projects.join(','), '--output-style=static'],
          { output: 'collect' },
        );
        if (built.code !== 0) throw new Error(`The build failed.\n${built.output}`);
      },
    );
  } finally {
    clearTimeout(saying);
  }
}

/** Runs nx without its daemon and its terminal pictures. */
export function nx(args: readonly string[], options: NxOptions): Promise<{ code: number; output: string }> {
  return new Promise((done, failed) => {
    const stream = options.output === 'inherit' ? 'inherit' : 'pipe';
    const script = join(ROOT, 'node_modules/nx/dist/bin/nx.js');
    const child = spawn(process.execPath, [script, ...args], {
      cwd: ROOT,
      env: { ...toolEnv(), ...options.env },
      stdio: ['ignore', stream, stream],
    });
    const { pid } = child;
    atEnd({
      stop: () => {
        if (pid !== undefined && child.exitCode === null && child.signalCode === null) killTree(pid);
      },
    });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString('utf8'));
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', failed);
    child.on('close', (code) => {
      // Stopped on the way out: what follows this build or test must not begin.
      if (!isEnding()) done({ code: code ?? 1, output });
    });
  });
}

/**
 * The workspace's own commands first: the Node that npm brought, eslint, tsc. Under a task of nx this is no part of that task: nx would
 * take two builds at the same time for a loop.
 */
function toolEnv(): NodeJS.ProcessEnv {
  const bin = join(ROOT, 'node_modules/.bin');
  return {
    ...process.env,
    NX_INVOCATION_ROOT_PID: undefined,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    NX_TUI: 'false',
    NX_DAEMON: 'false',
  };
}
