import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/**
 * How V8 keeps house: a sync throws away far more than it holds, and left alone V8 lets that come together first. Under a limit, and where
 * its heap may grow by half only, it collects earlier; the limit itself is far away. With what else was mended, a worker's peak at 10,000
 * versions fell from 393 to 190 MiB. The flags stand in a file, for the image reads them too.
 */
export const NODE_FLAGS: Readonly<Record<'api' | 'worker', readonly string[]>> = {
  api: [],
  worker: readFileSync(join(ROOT, 'apps/worker/node.flags'), 'utf8').trim().split(' '),
};

/** One arena of glibc's for all threads: with one each, what a thread once held stays with it. The image's script says the same. */
export const MALLOC: Readonly<Record<'api' | 'worker', Readonly<Record<string, string>>>> = {
  api: {},
  worker: { MALLOC_ARENA_MAX: '1' },
};
