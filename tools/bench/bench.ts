/**
 * Measures the product against the least that a whole read can cost, in one run on one machine: ratios, not seconds.
 * `npm run bench`, or `npm run bench -- 1000 10000 100000`. Linux only, for it reads process times from /proc.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startMlflow, type MlflowServer } from '../mlflow/mlflow-server.ts';
import { ensureMlflow } from '../mlflow/mlflow-venv.ts';
import { runCommand } from '../mlflow/processes.ts';
import { Product, type Cpu, type Run } from './product.ts';
import { measureReads, type ReadTimes } from './reads.ts';
import { readFloor, type Floor } from './raw-floor.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const DATA = join(ROOT, '.data');
/** As many as the machine that the figures of others were taken on. */
const MLFLOW_WORKERS = 2;
/** Floors and syncs alternate; the fastest floor counts, for MLflow's own speed has two modes. */
const ROUNDS = 2;

interface Measured {
  versions: number;
  floor: Floor;
  first: Run;
  second: Run;
  peak: number;
  cpu: Cpu;
  reads: ReadTimes[];
}

const sizes = process.argv.slice(2).map(Number);
const measured: Measured[] = [];
for (const versions of sizes.length > 0 ? sizes : [1_000, 10_000]) measured.push(await measure(versions));
const text = report(measured);
console.log(text);
mkdirSync(join(ROOT, 'docs'), { recursive: true });
writeFileSync(join(ROOT, 'docs/benchmarks.md'), text);

async function measure(versions: number): Promise<Measured> {
  const folder = join(DATA, `bench-${process.pid}-${versions}`);
  const mlflow = await seededMlflow(join(folder, 'mlflow'), versions);
  try {
    const floors: Floor[] = [await readFloor(mlflow.url)];
    const product = await Product.start(join(folder, 'product'));
    try {
      const before = product.cpu();
      const first = await product.connect(mlflow.url);
      const after = product.cpu();
      const peak = product.workerPeak();
      let second = await product.sync();
      for (let round = 1; round < ROUNDS; round += 1) {
        floors.push(await readFloor(mlflow.url));
        const again = await product.sync();
        if (millisecondsOf(again) < millisecondsOf(second)) second = again;
      }
      expectWhole({ versions, first, second });
      const cpu = { worker: after.worker - before.worker, postgres: after.postgres - before.postgres };
      const floor = floors.reduce((best, one) => (one.milliseconds < best.milliseconds ? one : best));
      const reads = await measureReads(product);
      return { versions, floor, first, second, peak: Math.max(peak, product.workerPeak()), cpu, reads };
    } finally {
      await product.stop();
    }
  } finally {
    await mlflow.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

/** A server whose database was filled before it started. */
async function seededMlflow(folder: string, versions: number): Promise<MlflowServer> {
  const options = { dataDir: DATA, folder, workers: MLFLOW_WORKERS };
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

function millisecondsOf(run: Run): number {
  return Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt);
}

function report(all: readonly Measured[]): string {
  const cells = (title: string, cell: (one: Measured) => string): string =>
    `| ${[title, ...all.map(cell)].join(' | ')} |`;
  const ratio = (part: number, whole: number): string => `${(part / whole).toFixed(2)} ×`;
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  return `# Benchmarks

Made by \`npm run bench\`: one real MLflow with ${MLFLOW_WORKERS} workers on SQLite, the product as \`npm start\` runs it, on one machine. The raw
floor reads the same registry (version pages of 5,000, 250 runs a request, 4 connections), parses it and throws it away.
10 metrics and 15 parameters a version. Ratios compare within this run; seconds differ from machine to machine.

| versions | ${all.map(({ versions }) => versions.toLocaleString('en-US')).join(' | ')} |
|---|${all.map(() => '---|').join('')}
${cells('raw floor', ({ floor }) => `${seconds(floor.milliseconds)}, ${floor.requests} requests`)}
${cells('first sync', ({ first, floor }) => `${seconds(millisecondsOf(first))}, ${ratio(millisecondsOf(first), floor.milliseconds)}`)}
${cells('second sync, nothing changed', ({ second, floor }) => `${seconds(millisecondsOf(second))}, ${ratio(millisecondsOf(second), floor.milliseconds)}`)}
${cells('requests', ({ first, floor }) => `${first.requests}, ${ratio(first.requests, floor.requests)}`)}
${cells('peak memory of the worker', ({ peak }) => `${peak.toFixed(0)} MiB`)}
${cells('CPU of the first sync a version', ({ cpu, versions }) => `worker ${(cpu.worker / versions).toFixed(2)} ms, Postgres ${(cpu.postgres / versions).toFixed(2)} ms`)}
${readRows(all)}
`;
}

function readRows(all: readonly Measured[]): string {
  const [first] = all;
  return (first?.reads ?? [])
    .map(({ name, readers }, index) => {
      const cells = all.map(({ reads }) => {
        const times = reads[index];
        return times ? `p50 ${times.p50.toFixed(0)} ms, p95 ${times.p95.toFixed(0)} ms` : '';
      });
      return `| ${[`${name}, ${readers} reader${readers === 1 ? '' : 's'}`, ...cells].join(' | ')} |`;
    })
    .join('\n');
}
