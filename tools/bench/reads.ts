import type { Product } from './product.ts';

export interface ReadTimes {
  name: string;
  readers: number;
  /** In milliseconds. */
  p50: number;
  p95: number;
}

const BASE = 'model-inventory/mlflow';
/** The most that a page may have. */
const MOST_ROWS = 200;
const READERS = [1, 20];
/** Of one kind. p95 of fewer would be that of each connection's first. */
export const READS = 1_000;

interface VersionPage {
  nextCursor: string | null;
  total: number | null;
}

/** The same while syncs follow each other. */
export async function measureReadsInSync(product: Product): Promise<ReadTimes[]> {
  let isMeasured = false;
  const syncing = (async () => {
    while (!isMeasured) await product.sync();
  })();
  const times = await measureReads(product).finally(() => (isMeasured = true));
  await syncing;
  return times;
}

/** How long the API takes for what the table asks. */
export async function measureReads(product: Product): Promise<ReadTimes[]> {
  const deep = await deepCursor(product);
  const questions: [string, string][] = [
    ['first page', `${BASE}/versions?limit=25`],
    ['deep page', `${BASE}/versions?limit=25&cursor=${encodeURIComponent(deep)}`],
    ['search', `${BASE}/versions?limit=25&search=model-0000`],
    ['search that finds all', `${BASE}/versions?limit=25&search=model`],
    ['stage filter', `${BASE}/versions?limit=25&stage=Production`],
    ['gap filter', `${BASE}/versions?limit=25&gap=any`],
    ['summary', `${BASE}/summary`],
  ];
  const times: ReadTimes[] = [];
  for (const readers of READERS) {
    for (const [name, path] of questions)
      times.push({ name, readers, ...(await timed(product, path, readers)) });
  }
  return times;
}

/** Behind nine in ten of the rows. */
async function deepCursor(product: Product): Promise<string> {
  const page = async (cursor: string): Promise<VersionPage> => {
    const after = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    return (await product.call('GET', `${BASE}/versions?limit=${MOST_ROWS}${after}`)) as VersionPage;
  };
  const first = await page('');
  let cursor = first.nextCursor ?? '';
  for (let rows = MOST_ROWS; rows < 0.9 * (first.total ?? 0); rows += MOST_ROWS)
    cursor = (await page(cursor)).nextCursor ?? cursor;
  return cursor;
}

async function timed(product: Product, path: string, readers: number): Promise<{ p50: number; p95: number }> {
  const times: number[] = [];
  const read = async (): Promise<void> => {
    for (let left = READS / readers; left > 0; left -= 1) {
      const started = performance.now();
      await product.call('GET', path);
      times.push(performance.now() - started);
    }
  };
  await product.call('GET', path);
  await Promise.all(Array.from({ length: readers }, read));
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}
