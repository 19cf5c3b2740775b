import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresFolder } from './postgres-folder.ts';

/** How processes reach the embedded server. */
export interface PostgresAddress {
  /** May create tables and databases' contents; never used by the app. */
  ownerUrl: string;
  /** The role that row level security binds. */
  appUrl: string;
  /** Superuser, for throw-away databases of specs. */
  adminUrl: string;
}

interface Passwords {
  postgres: string;
  verifywise_owner: string;
  verifywise_app: string;
}

const DATABASE = 'verifywise';

/** Starts the server in its folder, making the cluster, roles and database on first use. */
export async function startServer(
  folder: PostgresFolder,
  fixedPort?: number,
): Promise<{ address: PostgresAddress; child: ChildProcess }> {
  const passwords = readPasswords(folder);
  if (!existsSync(join(folder.home, 'data', 'PG_VERSION'))) makeCluster(folder, passwords);
  // Whoever still uses an orphan knows its port only.
  const lastPort = await endOrphan(folder);
  const port = fixedPort ?? (await freePort(lastPort));
  const child = spawnServer(folder, port);
  const admin = await connectWhenReady(url('postgres', passwords.postgres, port, 'postgres'), child);
  try {
    await prepareDatabase(admin, passwords);
  } finally {
    await admin.end();
  }
  return {
    child,
    address: {
      ownerUrl: url('verifywise_owner', passwords.verifywise_owner, port, DATABASE),
      appUrl: url('verifywise_app', passwords.verifywise_app, port, DATABASE),
      adminUrl: url('postgres', passwords.postgres, port, 'postgres'),
    },
  };
}

/** The wished port where nobody listens on it at this moment, else one that is free. */
async function freePort(wished = 0): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().once('error', (error) => (wished === 0 ? failed(error) : done(freePort())));
    server.listen(wished, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function readPasswords(folder: PostgresFolder): Passwords {
  const file = join(folder.home, 'passwords.json');
  if (!existsSync(file)) {
    const made = () => randomBytes(24).toString('base64url');
    const passwords: Passwords = { postgres: made(), verifywise_owner: made(), verifywise_app: made() };
    writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

function makeCluster(folder: PostgresFolder, passwords: Passwords): void {
  const data = join(folder.home, 'data');
  rmSync(data, { recursive: true, force: true });
  const passwordFile = join(folder.home, 'initial-password');
  writeFileSync(passwordFile, passwords.postgres, { mode: 0o600 });
  if (folder.user) chownSync(passwordFile, folder.user.uid, folder.user.gid);
  const options = [
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  const made = spawnSync(join(folder.native, 'bin', 'initdb'), ['-D', data, ...options], {
    ...(folder.user ?? {}),
    cwd: folder.home,
    encoding: 'utf8',
  });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
}

/** A server whose keeper was killed still holds the data folder: it is asked to stop. Returns the port that it, or a killed one, had. */
async function endOrphan(folder: PostgresFolder): Promise<number | undefined> {
  const data = join(folder.home, 'data');
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  // Process, data folder, start, port, one a line.
  const [pid, , , port] = readFileSync(file, 'utf8').split('\n').map(Number);
  for (let tries = 0; tries < 100 && pid && isPostgres(pid, data); tries += 1) {
    process.kill(pid, tries < 60 ? 'SIGINT' : 'SIGQUIT');
    await sleep(100);
  }
  rmSync(file, { force: true });
  return port || undefined;
}

/** Numbers are given out again: on Linux the process must be the server of this very folder. */
function isPostgres(pid: number, data: string): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data)
    );
  } catch {
    // Gone, or not ours to signal: either way not the orphan.
    return false;
  }
}

function spawnServer(folder: PostgresFolder, port: number): ChildProcess {
  const data = join(folder.home, 'data');
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    // A socket file would need a folder that the server's user may write.
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_min_messages: 'warning',
    shared_buffers: '256MB',
  };
  const logFile = join(folder.home, 'postgres.log');
  appendFileSync(logFile, '');
  chmodSync(logFile, 0o600);
  const log = openSync(logFile, 'a');
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn(join(folder.native, 'bin', 'postgres'), ['-D', data, ...flags], {
    ...(folder.user ?? {}),
    cwd: folder.home,
    // A group of its own: Ctrl-C in the terminal must not reach it before the processes that use it.
    detached: true,
    stdio: ['ignore', log, log],
  });
}

async function connectWhenReady(adminUrl: string, child: ChildProcess): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ connectionString: adminUrl });
    try {
      await client.connect();
      return client;
    } catch (error) {
      // Still starting, or ended: the second is final, the first is asked again.
      if (hasEnded(child))
        throw new Error('Postgres ended at its start; see postgres.log.', { cause: error });
      await sleep(50);
    }
  }
}

/** By itself, or by a signal. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function prepareDatabase(admin: pg.Client, passwords: Passwords): Promise<void> {
  const has = async (sql: string): Promise<boolean> => Boolean((await admin.query(sql)).rowCount);
  for (const [group, login, password] of [
    ['vw_owner', 'verifywise_owner', passwords.verifywise_owner],
    ['vw_app', 'verifywise_app', passwords.verifywise_app],
  ]) {
    if (!(await has(`SELECT FROM pg_roles WHERE rolname = '${group}'`)))
      await admin.query(`CREATE ROLE ${group} NOLOGIN`);
    if (!(await has(`SELECT FROM pg_roles WHERE rolname = '${login}'`))) {
      await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD '${password}' IN ROLE ${group}`);
    }
  }
  if (!(await has(`SELECT FROM pg_database WHERE datname = '${DATABASE}'`))) {
    await admin.query(`CREATE DATABASE ${DATABASE} OWNER vw_owner`);
  }
}

function url(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}
