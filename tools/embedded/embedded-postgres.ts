import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresAddress } from './postgres-server.ts';

/** A hold on the embedded Postgres of one data folder. It runs for as long as anyone holds it. */
export interface HeldPostgres {
  address: PostgresAddress;
  release(): void;
}

/** A first start makes a cluster; on a busy machine that takes a few seconds. In milliseconds. */
const START_DEADLINE_MS = 60_000;

/** Starts the embedded Postgres of the folder, or joins the one that runs. Throws when it does not start within a minute. */
export async function holdPostgres(dataDir: string): Promise<HeldPostgres> {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  const deadline = Date.now() + START_DEADLINE_MS;
  let spawned = 0;
  while (Date.now() < deadline) {
    const held = await joinKeeper(folder);
    if (held) return held;
    if (Date.now() - spawned > 5_000) {
      startKeeper(folder);
      spawned = Date.now();
    }
    await sleep(100);
  }
  throw new Error(
    `The embedded Postgres did not start. See ${join(folder, 'keeper.log')} and ${join(folder, 'postgres', 'postgres.log')}.`,
  );
}

async function joinKeeper(folder: string): Promise<HeldPostgres | null> {
  const file = join(folder, 'keeper.json');
  if (!existsSync(file)) return null;
  let port: number;
  try {
    port = JSON.parse(readFileSync(file, 'utf8')).port;
  } catch {
    // Removed between the two looks: the keeper just ended.
    return null;
  }
  return new Promise((done) => {
    const socket: Socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      socket.removeAllListeners('data');
      socket.resume();
      socket.unref();
      done({ address: JSON.parse(text), release: () => socket.destroy() });
    });
    socket.on('error', () => done(null));
    socket.on('close', () => done(null));
  });
}

function startKeeper(folder: string): void {
  const log = openSync(join(folder, 'keeper.log'), 'a', 0o600);
  const script = resolve(import.meta.dirname, 'postgres-keeper.ts');
  spawn(process.execPath, ['--no-warnings', script, folder], {
    detached: true,
    stdio: ['ignore', log, log],
  }).unref();
}
