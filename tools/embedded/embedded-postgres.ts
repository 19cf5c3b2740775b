import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresAddress } from './postgres-server.ts';

/** A hold on the embedded Postgres of one data folder. It runs for as long as anyone holds it. */
export interface HeldPostgres {
  address: PostgresAddress;
  release(): void;
}

/** What a keeper says to whoever connects, on one line. */
export interface KeeperGreeting {
  /** The folder that it keeps: after a crash the keeper of another one may listen on the port. */
  folder: string;
  address: PostgresAddress;
}

interface Joined {
  address: PostgresAddress;
  socket: Socket;
}

/** A first start makes a cluster; on a busy machine that takes a few seconds. In milliseconds. */
const START_DEADLINE_MS = 60_000;
/** A keeper greets at once; whoever takes longer on its port is a stranger. In milliseconds. */
const GREETING_DEADLINE_MS = 1_000;

/**
 * Starts the embedded Postgres of the folder, or joins the one that runs. Throws when it does not start within a minute.
 *
 * A keeper that is killed leaves its Postgres without a guard: whoever holds it notices at once and starts another keeper, which starts
 * Postgres anew where it was. So the address stays true for as long as it is held.
 */
export async function holdPostgres(dataDir: string): Promise<HeldPostgres> {
  mkdirSync(dataDir, { recursive: true });
  const folder = realpathSync(dataDir);
  let joined = await joinOrStart(folder);
  let isReleased = false;

  const holdOn = (): void => {
    if (isReleased) joined.socket.destroy();
    else joined.socket.once('close', () => void joinAgain());
  };
  const joinAgain = async (): Promise<void> => {
    if (isReleased) return;
    try {
      joined = await joinOrStart(folder);
      holdOn();
    } catch (error) {
      // It did not start within its minute: as long as somebody wants it, it is tried again.
      console.error(error instanceof Error ? error.message : String(error));
      void joinAgain();
    }
  };
  holdOn();
  return {
    address: joined.address,
    release: () => {
      isReleased = true;
      joined.socket.destroy();
    },
  };
}

async function joinOrStart(folder: string): Promise<Joined> {
  const deadline = Date.now() + START_DEADLINE_MS;
  let spawned = 0;
  while (Date.now() < deadline) {
    const joined = await joinKeeper(folder);
    if (joined) return joined;
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

async function joinKeeper(folder: string): Promise<Joined | null> {
  const port = keeperPort(folder);
  if (port === null) return null;
  return new Promise((done) => {
    const socket: Socket = connect(port, '127.0.0.1');
    const leave = (): void => {
      clearTimeout(deadline);
      socket.destroy();
      done(null);
    };
    const deadline = setTimeout(leave, GREETING_DEADLINE_MS);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      clearTimeout(deadline);
      const address = readGreeting(text, folder);
      if (address === null) return leave();
      socket.removeAllListeners('data');
      socket.resume();
      socket.unref();
      done({ address, socket });
    });
    socket.on('error', leave);
    socket.on('close', leave);
  });
}

function keeperPort(folder: string): number | null {
  const file = join(folder, 'keeper.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')).port;
  } catch {
    // Removed between the two looks: the keeper just ended.
    return null;
  }
}

/** Null for what no keeper of this folder says. */
function readGreeting(text: string, folder: string): PostgresAddress | null {
  try {
    const greeting: KeeperGreeting = JSON.parse(text);
    return greeting.folder === folder ? greeting.address : null;
  } catch {
    // No JSON, or JSON of another kind: a stranger.
    return null;
  }
}

function startKeeper(folder: string): void {
  const log = openSync(join(folder, 'keeper.log'), 'a', 0o600);
  const script = resolve(import.meta.dirname, 'postgres-keeper.ts');
  spawn(process.execPath, ['--no-warnings', script, folder], {
    detached: true,
    stdio: ['ignore', log, log],
  }).unref();
}
