/**
 * The keeper of one data folder's Postgres: a process of its own, so that no user of the database owns it. Each user holds a connection to
 * it; the keeper restarts a Postgres that dies and stops it when the last user has gone.
 *
 * Life: take the lock → start Postgres → write `keeper.json` → answer each user with the address → last one gone → stop Postgres → end.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresFolder } from './postgres-folder.ts';
import { startServer } from './postgres-server.ts';

/** Before the keeper gives up on a first user, or on a next one after the last has gone, in milliseconds. */
const LINGER_MS = 700;

const dataDir = resolve(process.argv[2] ?? '.data');
const lockFile = join(dataDir, 'keeper.pid');
const addressFile = join(dataDir, 'keeper.json');

mkdirSync(dataDir, { recursive: true });
takeLock();
process.on('SIGINT', () => undefined);
process.on('SIGHUP', () => undefined);

const folder = await postgresFolder(dataDir, (line) => process.stderr.write(`${line}\n`));
let running = await startServer(folder);
let stopping = false;
const users = new Set<Socket>();
watch();

const server = createServer((socket) => {
  users.add(socket);
  socket.write(`${JSON.stringify(running.address)}\n`);
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

function takeLock(): void {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
  } catch {
    // Another keeper, or what a killed one left.
    const pid = Number(readFileSync(lockFile, 'utf8'));
    if (isKeeper(pid)) process.exit(0);
    rmSync(lockFile, { force: true });
    rmSync(addressFile, { force: true });
    takeLock();
  }
}

function isKeeper(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres-keeper')
    );
  } catch {
    // Gone: what is left of it may be cleared away.
    return false;
  }
}

/** A Postgres that ended without being asked is started again, on the port that its users know. */
function watch(): void {
  running.child.once('exit', () => {
    if (!stopping) void restart();
  });
}

async function restart(): Promise<void> {
  const port = Number(new URL(running.address.appUrl).port);
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
  if (existsSync(addressFile)) rmSync(addressFile);
  const ended = new Promise((done) => running.child.once('exit', done));
  if (running.child.exitCode === null) {
    running.child.kill('SIGINT');
    await ended;
  }
  rmSync(lockFile, { force: true });
  process.exit(0);
}
