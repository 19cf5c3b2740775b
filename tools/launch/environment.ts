import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdPostgres } from '../embedded/embedded-postgres.ts';
import { atEnd, lastly } from './ending.ts';
import { BUILT, ROOT } from './paths.ts';

/** Whatever this shell is set up for, in variables or in files: with these a product touches no database, queue or key but its own. */
export const OWN_SETTINGS: Readonly<Record<string, string>> = Object.fromEntries(
  ['DATABASE_URL', 'DATABASE_OWNER_URL', 'QUEUE_URL', 'ENCRYPTION_KEYS'].flatMap((name) => [
    [name, ''],
    [`${name}_FILE`, ''],
  ]),
);

/**
 * The environment of our processes. Without DATABASE_URL: the embedded Postgres of the folder, held until this launcher ends, migrated, and
 * an encryption key beside it. With DATABASE_URL everything is the operator's: nothing is migrated, no key is made.
 */
export async function prepareEnvironment(
  dataDir: string,
  given: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
  const env = { ...given, DATA_DIR: dataDir };
  if (given['DATABASE_URL'] || given['DATABASE_URL_FILE']) return env;
  const held = await holdPostgres(dataDir);
  lastly(() => held.release());
  const urls = { DATABASE_URL: held.address.appUrl, DATABASE_OWNER_URL: held.address.ownerUrl };
  await migrate({ ...env, ...urls });
  // The owner's URL stays here: no process that serves people may hold it.
  return { ...env, DATABASE_URL: urls.DATABASE_URL, ...keysOf(dataDir, given) };
}

/** Runs one of our commands to its end and answers its exit code. */
export function runCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [BUILT.commands, ...args], {
      cwd: ROOT,
      env,
      stdio: ['ignore', onLine ? 'pipe' : 'inherit', 'inherit'],
    });
    atEnd({ stop: () => void child.kill('SIGTERM') });
    let rest = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach((line) => onLine?.(line));
    });
    child.on('error', failed);
    child.on('close', (code) => done(code ?? 1));
  });
}

async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const code = await runCommand(['db:migrate', '--quiet'], env, (line) => console.log(line));
  if (code !== 0) throw new Error('The database could not be migrated.');
}

function keysOf(dataDir: string, given: NodeJS.ProcessEnv): Record<string, string> {
  if (given['ENCRYPTION_KEYS'] || given['ENCRYPTION_KEYS_FILE']) return {};
  const file = join(dataDir, 'encryption-keys');
  if (!existsSync(file)) makeKey(dataDir, file);
  return { ENCRYPTION_KEYS_FILE: file };
}

/** Written whole and then linked: of two first starts at once, both read the key of the one that came first. */
function makeKey(dataDir: string, file: string): void {
  const draft = join(dataDir, `encryption-keys.${process.pid}`);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(draft, `k1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    // EEXIST: the other one was faster.
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
