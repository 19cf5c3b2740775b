import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, isAlive } from './processes.ts';

/** A holder writes its pid right after making the folder; one without a pid for so long died in between. */
const UNNAMED_HOLDER_MS = 5_000;
const POLL_MS = 200;

/** Does the work while holding a lock folder, so that one process at a time does it; a dead holder's lock is taken over. */
export async function withFolderLock<T>(
  path: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  await acquire(path, onWait);
  try {
    return await work();
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

async function acquire(path: string, onWait: () => void): Promise<void> {
  let announced = false;
  let unnamedSince: number | null = null;
  for (;;) {
    if (await tryMake(path)) return;
    const holder = await holderOf(path);
    if (holder === null) unnamedSince ??= Date.now();
    const dead = holder === null ? Date.now() - (unnamedSince ?? 0) > UNNAMED_HOLDER_MS : !isAlive(holder);
    if (dead) {
      await rm(path, { recursive: true, force: true });
      continue;
    }
    if (!announced) onWait();
    announced = true;
    await sleep(POLL_MS);
  }
}

async function tryMake(path: string): Promise<boolean> {
  try {
    await mkdir(path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await writeFile(join(path, 'pid'), String(process.pid));
  return true;
}

async function holderOf(path: string): Promise<number | null> {
  const text = await readFile(join(path, 'pid'), 'utf8').catch(() => '');
  return /^\d+$/.test(text) ? Number(text) : null;
}
