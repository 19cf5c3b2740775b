import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface Stack {
  url: string;
  dataDir: string;
  /** Of the launcher, whose children are the API and the worker. */
  pid: number;
  /** All that the processes have printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** API and worker as `npm start` runs them, on a data folder of their own, with nothing set up. */
export async function startStack(logLevel: 'warn' | 'trace' = 'warn'): Promise<Stack> {
  const dataDir = join(ROOT, '.data', `e2e-${randomBytes(4).toString('hex')}`);
  mkdirSync(dataDir, { recursive: true });
  const port = await freePort();
  const launcher = spawn(process.execPath, ['--no-warnings', 'tools/run.ts', 'start'], {
    cwd: ROOT,
    env: { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: logLevel },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString('utf8')));
  }
  const url = `http://localhost:${port}`;
  await untilReady(url, launcher).catch((error: unknown) => {
    throw new Error(`the stack did not start: ${printed.join('')}`, { cause: error });
  });
  return {
    url,
    dataDir,
    pid: launcher.pid ?? 0,
    output: () => printed.join(''),
    stop: async () => {
      const ended = new Promise((done) => launcher.once('exit', done));
      launcher.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
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

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
