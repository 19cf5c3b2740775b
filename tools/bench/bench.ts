/**
 * Measures the product against the least that a whole read can cost, in one run on one machine: ratios, not seconds.
 * `npm run bench` for 1,000, 10,000 and 100,000 versions and for 200 organizations beside each other, which takes an hour;
 * `npm run bench -- 1000` for that many versions alone, `npm run bench -- 1000 --organizations 50` for both. Writes docs/benchmarks.md. Linux
 * only, for it reads process times from /proc.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { startMlflow, type MlflowServer } from '../mlflow/mlflow-server.ts';
import { ensureMlflow } from '../mlflow/mlflow-venv.ts';
import { runCommand } from '../mlflow/processes.ts';
import { webhookEnv } from '../mlflow/webhook-env.ts';
import { startRedis } from '../redis/redis-server.ts';
import { measureBetweenReads } from './between-reads.ts';
import type { Cpu } from './cpu-watch.ts';
import { measureWaits, VERSIONS_EACH, type Waits } from './organizations.ts';
import { plansOf } from './plans.ts';
import { Product, type Run } from './product.ts';
import { measureReads, measureReadsInSync } from './reads.ts';
import { readFloor, type Floor } from './raw-floor.ts';
import { MLFLOW_WORKERS, millisecondsOf, report, type Measured } from './report.ts';
import { profiledInto, sharesOf, type Shares } from './shares.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DATA = join(ROOT, '.data');
/**
 * Floors and syncs alternate; the fastest of each counts, for MLflow's own speed has two modes. Of process time the least does, for on a
 * machine that is shared the same work costs up to a fifth more.
 */
const ROUNDS = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { organizations: { type: 'string' } },
});
const isWhole = positionals.length === 0;
const sizes = isWhole ? [1_000, 10_000, 100_000] : positionals.map(Number);
const organizations = Number(values.organizations ?? (isWhole ? 200 : 0));
const measured: Measured[] = [];
for (const versions of sizes) measured.push(await measure(versions));
let text = report(measured, []);
if (organizations > 0) {
  // Hours of measuring are not lost with what is measured last.
  console.log(text);
  text = report(measured, await measureOrganizations(organizations));
}
console.log(text);
mkdirSync(join(ROOT, 'docs'), { recursive: true });
const page = join(ROOT, 'docs/benchmarks.md');
writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));

/** What one round tells, on a product that has synced twice. */
type LastRound = Omit<
  Measured,
  'versions' | 'floor' | 'first' | 'second' | 'slowest' | 'shares' | 'cpu' | 'rules'
>;

async function measure(versions: number): Promise<Measured> {
  return onRegistry(versions, async (mlflow, folder) => {
    const floors: Floor[] = [];
    const firsts: Run[] = [];
    const seconds: Run[] = [];
    const used: { cpu: Cpu; rules: Cpu }[] = [];
    let rest: LastRound | null = null;
    for (let round = 1; round <= ROUNDS; round += 1) {
      floors.push(await readFloor(mlflow.url));
      rest = await onProduct(join(folder, `product-${round}`), {}, async (product) => {
        const { first, ...cpus } = await firstSync(product, mlflow.url);
        floors.push(await readFloor(mlflow.url));
        const before = await nextTransaction(product);
        const second = await product.sync();
        expectWhole({ versions, first, second });
        firsts.push(first);
        seconds.push(second);
        used.push(cpus);
        if (round < ROUNDS) return null;
        await product.evaluated();
        const rowsWritten = await rowsWrittenSince(product, before);
        const peak = product.workerPeak();
        const reads = await measureReads(product);
        return {
          ...{ peak, rowsWritten, reads },
          readsInSync: await measureReadsInSync(product),
          plans: await plansOf(product),
          postgres: await versionOf(product),
          between: await measureBetweenReads(product, mlflow.url),
        };
      });
    }
    if (!rest) throw new Error('Nothing was measured.');
    const floor = best(floors, (one) => one.milliseconds);
    const shares = await profile(mlflow.url, folder);
    return {
      versions,
      floor,
      first: best(firsts, millisecondsOf),
      second: best(seconds, millisecondsOf),
      slowest: { first: slowest(firsts), second: slowest(seconds) },
      ...best(used, ({ cpu }) => cpu.worker + cpu.postgres),
      shares,
      ...rest,
    };
  });
}

async function firstSync(product: Product, url: string): Promise<{ first: Run; cpu: Cpu; rules: Cpu }> {
  const before = product.cpu();
  const watch = product.watchCpu();
  try {
    const first = await product.connect(url);
    await product.evaluated();
    const synced = watch.at(new Date(first.finishedAt ?? ''));
    return { first, cpu: between(before, synced), rules: between(synced, product.cpu()) };
  } finally {
    watch.stop();
  }
}

/** Once more with a profiler, whose own time would else be measured too. */
async function profile(url: string, folder: string): Promise<Shares> {
  const profiles = join(folder, 'profiles');
  await onProduct(join(folder, 'profiled'), profiledInto(profiles), async (product) => {
    await product.connect(url);
  });
  return sharesOf(profiles);
}

/** With the queue in Postgres, then in Redis. */
async function measureOrganizations(count: number): Promise<Waits[]> {
  return onRegistry(VERSIONS_EACH, async (mlflow, folder) => {
    const redis = await startRedis(DATA);
    try {
      const waits: Waits[] = [];
      for (const [queue, env] of [
        ['Postgres', {}],
        ['Redis', { QUEUE_URL: redis.url }],
      ] as const)
        await onProduct(join(folder, queue), env, async (product) => {
          waits.push({ queue, ...(await measureWaits(product, mlflow.url, count)) });
        });
      return waits;
    } finally {
      await redis.stop();
    }
  });
}

async function versionOf(product: Product): Promise<string> {
  return product.inDatabase(async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? '';
  });
}

/** The transaction that comes next: what later ones wrote carries a higher number. */
async function nextTransaction(product: Product): Promise<string> {
  return product.inDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS id',
    );
    return rows[0]?.id ?? '';
  });
}

/** Rows of what was synced that this transaction or later ones wrote. Postgres' own statistics tell of writes seconds late. */
async function rowsWrittenSince(product: Product, transaction: string): Promise<number> {
  const tables = [
    'model',
    'model_version',
    'run',
    'experiment',
    'version_change',
    'version_count',
    'model_count',
    'experiment_count',
  ];
  return product.inOrganization(async (client) => {
    let written = 0;
    for (const table of tables) {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${table} WHERE xmin::text::bigint >= $1::bigint`,
        [transaction],
      );
      written += rows[0]?.n ?? 0;
    }
    return written;
  });
}

/** A server whose database was filled before it started. */
async function onRegistry<Result>(
  versions: number,
  work: (mlflow: MlflowServer, folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = join(DATA, `bench-${process.pid}-${versions}`);
  try {
    const mlflow = await seededMlflow(join(folder, 'mlflow'), versions);
    try {
      return await work(mlflow, folder);
    } finally {
      await mlflow.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

async function onProduct<Result>(
  dataDir: string,
  env: Record<string, string>,
  work: (product: Product) => Promise<Result>,
): Promise<Result> {
  const product = await Product.start(dataDir, env);
  try {
    return await work(product);
  } finally {
    await product.stop();
  }
}

async function seededMlflow(folder: string, versions: number): Promise<MlflowServer> {
  const options = { dataDir: DATA, folder, workers: MLFLOW_WORKERS, extraEnv: webhookEnv() };
  const empty = await startMlflow(options);
  await empty.stop();
  const python = join(await ensureMlflow(DATA, () => undefined), 'python');
  const seed = fileURLToPath(new URL('seed.py', import.meta.url));
  const seeded = await runCommand(python, [seed, join(folder, 'mlflow.db'), String(versions)], process.env);
  if (seeded.code !== 0) throw new Error(seeded.output);
  return startMlflow(options);
}

/** A fast answer that is wrong is no answer. */
function expectWhole({ versions, first, second }: Pick<Measured, 'versions' | 'first' | 'second'>): void {
  const counts = JSON.stringify([first.counts, second.counts]);
  if (first.counts.created !== versions || second.counts.unchanged !== versions)
    throw new Error(`Not every version was counted: ${counts}`);
}

function between(before: Cpu, after: Cpu): Cpu {
  return { worker: after.worker - before.worker, postgres: after.postgres - before.postgres };
}

function slowest(runs: readonly Run[]): number {
  return Math.max(...runs.map(millisecondsOf));
}

function best<One>(all: readonly One[], time: (one: One) => number): One {
  return all.reduce((fastest, one) => (time(one) < time(fastest) ? one : fastest));
}
