/**
 * The keeper of one data folder's Postgres: a process of its own, so that no user of the database owns it. Each user holds a connection to
 * it; the keeper restarts a Postgres that dies and stops it when the last user has gone.
 *
 * Life: take the lock → start Postgres → write `keeper.json` → answer each user with the address → last one gone → stop Postgres → end.
 */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeeperGreeting } from './embedded-postgres.ts';
import { postgresFolder } from './postgres-folder.ts';
import { hasEnded, startServer } from './postgres-server.ts';

/** Before the keeper gives up on a first user, or on a next one after the last has gone, in milliseconds. */
const LINGER_MS = 700;

mkdirSync(process.argv[2] ?? '.data', { recursive: true });
const dataDir = realpathSync(process.argv[2] ?? '.data');
const lockFile = join(dataDir, 'keeper.pid');
const addressFile = join(dataDir, 'keeper.json');

takeLock();
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

const folder = await postgresFolder(dataDir, (line) => process.stderr.write(`${line}\n`));
let running = await startServer(folder);
let stopping = false;
let restarting: Promise<void> = Promise.resolve();
const users = new Set<Socket>();
watch();

const server = createServer((socket) => {
  users.add(socket);
  const greeting: KeeperGreeting = { folder: dataDir, address: running.address };
  socket.write(`${JSON.stringify(greeting)}\n`);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    users.delete(socket);
    endWhenUnused();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  writeFileSync(`${addressFile}.new`, JSON.stringify({ pid: process.pid, port }), { mode: 0o600 });
  renameSync(`${addressFile}.new`, addressFile);
  endWhenUnused();
});
process.on('SIGTERM', () => void end());

/** Ends this process where the folder has a keeper. Of many that find a dead one's lock at once, one takes its place. */
function takeLock(): void {
  const own = `${lockFile}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  while (!tryLink(own, lockFile)) {
    const holder = lockHolder();
    if (holder !== null && isKeeper(holder)) {
      rmSync(own, { force: true });
      process.exit(0);
    }
    if (holder !== null) clearLockOf(holder);
  }
  rmSync(own, { force: true });
  rmSync(addressFile, { force: true });
}

/** False where the file exists. A link appears whole, where a file just made would be read before its number is in it. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (existsSync(to) || isMissing(error)) return false;
    throw error;
  }
}

/** Null where there is no lock. */
function lockHolder(): number | null {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Takes a dead keeper's lock away; one that another newcomer made in the meantime is put back. */
function clearLockOf(dead: number): void {
  const taken = `${lockFile}.${process.pid}.taken`;
  try {
    renameSync(lockFile, taken);
  } catch (error) {
    // Another newcomer was faster.
    if (isMissing(error)) return;
    throw error;
  }
  if (Number(readFileSync(taken, 'utf8')) !== dead) tryLink(taken, lockFile);
  rmSync(taken, { force: true });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Numbers are given out again: on Linux the process must look like a keeper of this folder. */
function isKeeper(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words.some((word) => word.endsWith('postgres-keeper.ts')) && words.includes(dataDir);
  } catch {
    // Gone: what is left of it may be cleared away.
    return false;
  }
}

/** A Postgres that ended without being asked is started again, on the port that its users know. */
function watch(): void {
  running.child.once('exit', () => {
    if (!stopping) restarting = restart();
  });
}

async function restart(): Promise<void> {
  const port = Number(new URL(running.address.appUrl).port);
  // Without the lock another keeper has taken over, and Postgres is its own.
  if (lockHolder() !== process.pid) return void end();
  for (let wait = 100; !stopping; wait = Math.min(wait * 2, 5_000)) {
    try {
      running = await startServer(folder, port);
      watch();
      return;
    } catch {
      // It may still recover or hold the port; asked again until the last user has gone.
      await sleep(wait);
    }
  }
}

function endWhenUnused(): void {
  setTimeout(() => {
    if (users.size === 0) void end();
  }, LINGER_MS);
}

async function end(): Promise<void> {
  if (stopping) return;
  stopping = true;
  server.close();
  for (const user of users) user.destroy();
  const isOwn = lockHolder() === process.pid;
  if (isOwn) rmSync(addressFile, { force: true });
  // A Postgres that is just being started would be left without a guard.
  await restarting;
  if (!hasEnded(running.child)) {
    const ended = new Promise((done) => running.child.once('exit', done));
    running.child.kill('SIGINT');
    await ended;
  }
  if (isOwn) rmSync(lockFile, { force: true });
  process.exit(0);
}
