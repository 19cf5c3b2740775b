import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensurePythonTool } from '../../mlflow/python-venv.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const VERSION = '4.32.5';

/** A minute with pip where uv does not work. */
export const SCHEMATHESIS_INSTALL_MS = 240_000;

/** Every limit of every field is some 2,000 requests: half a minute, ten times that on a machine with other work. */
export const SCHEMATHESIS_RUN_MS = 600_000;

export interface Examined {
  /** Null: it took too long. */
  code: number | null;
  /** All that it printed. */
  output: string;
}

/** Installs schemathesis on first use and answers how to run it: `st run` with these arguments. */
export async function installSchemathesis(): Promise<(args: readonly string[]) => Promise<Examined>> {
  const packages = [`schemathesis==${VERSION}`];
  const tool = { name: 'schemathesis', title: 'schemathesis', version: VERSION, packages };
  const bin = await ensurePythonTool(tool, join(ROOT, '.data'), () => undefined);
  return (args) =>
    new Promise((done, failed) => {
      const child = spawn(join(bin, 'st'), ['--no-color', ...args], {
        // Where it keeps its examples.
        cwd: join(ROOT, '.data'),
        env: { ...process.env, PYTHONUTF8: '1' },
        // One that hangs must not outlive its spec.
        timeout: SCHEMATHESIS_RUN_MS - 10_000,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
      child.on('error', failed);
      child.on('close', (code) => done({ code, output }));
    });
}
