import { cpus } from 'node:os';
import { MLFLOW_VERSION } from '../mlflow/mlflow-venv.ts';
import { VERSIONS_EACH, WORKERS, type Waits } from './organizations.ts';
import type { BetweenReads, Course } from './between-reads.ts';
import type { Cpu } from './cpu-watch.ts';
import type { Run } from './product.ts';
import type { Floor } from './raw-floor.ts';
import { READS, type ReadTimes } from './reads.ts';
import { toText, type Shares } from './shares.ts';

/** As many as the machine that the figures of others were taken on. */
export const MLFLOW_WORKERS = 2;

/** What an answer may take, by the number of readers. */
const IDLE: ReadonlyMap<number, string> = new Map([
  [1, 'p95 ≤ 25 ms'],
  [20, 'p95 ≤ 100 ms'],
]);
const IN_SYNC: ReadonlyMap<number, string> = new Map([[1, 'p95 ≤ 25 ms']]);

export interface Measured {
  versions: number;
  floor: Floor;
  first: Run;
  second: Run;
  /** Of the rounds, in milliseconds: near the fastest, none of them met MLflow's slow mode. */
  slowest: { first: number; second: number };
  /** MiB. */
  peak: number;
  /** Of the first sync, and of the rules after it. */
  cpu: Cpu;
  rules: Cpu;
  shares: Shares;
  /** By the second sync and the rules after it. */
  rowsWritten: number;
  reads: ReadTimes[];
  readsInSync: ReadTimes[];
  plans: string;
  between: BetweenReads;
  postgres: string;
}

/** From the request to the end; the last row is committed before it. */
export function millisecondsOf(run: Run): number {
  return Date.parse(run.finishedAt ?? '') - Date.parse(run.requestedAt);
}

export function report(all: readonly Measured[], waits: readonly Waits[]): string {
  const cells = (title: string, limit: string, cell: (one: Measured) => string): string =>
    `| ${[title, limit, ...all.map(cell)].join(' | ')} |`;
  const largest = all.at(-1);
  return `# Benchmarks

Made by \`npm run bench\`: one real MLflow with ${MLFLOW_WORKERS} workers on SQLite, the product as \`npm start\` runs it, on one machine with
${cpus().length} cores (Node ${process.versions.node}, Postgres ${largest?.postgres ?? ''}, MLflow ${MLFLOW_VERSION}). The raw floor reads the same registry (version pages of
5,000, 250 runs a request, 4 connections), parses it and throws it away; floors and syncs alternate, and the fastest of each counts,
of CPU the least. Of reads, ${READS.toLocaleString('en-US')} each are timed. 10 metrics and 15 parameters a version. Ratios compare within one run;
seconds differ from machine to machine. What is to reach is meant from 10,000 versions on: before, what each sync costs whatever it reads
weighs more.

| versions | to reach | ${all.map(({ versions }) => versions.toLocaleString('en-US')).join(' | ')} |
|---|---|${all.map(() => '---|').join('')}
${cells('raw floor', '', ({ floor }) => `${seconds(floor.milliseconds)}, ${floor.requests} requests`)}
${cells('first sync, from its request to the last row', '≤ 1.2 ×', ({ first, floor, slowest }) => `${times(millisecondsOf(first), floor.milliseconds)} (slowest ${ratio(slowest.first, floor.milliseconds)})`)}
${cells('second sync, nothing changed', '≤ 1.15 ×, 0 rows', ({ second, floor, slowest, rowsWritten }) => `${times(millisecondsOf(second), floor.milliseconds)} (slowest ${ratio(slowest.second, floor.milliseconds)}), ${rowsWritten} rows written`)}
${cells('requests', '≤ 1.2 ×', ({ first, floor }) => `${first.requests}, ${ratio(first.requests, floor.requests)}`)}
${cells('peak memory of the worker', '≤ 250 MiB, growth ≤ 10 %', ({ peak }) => `${peak.toFixed(0)} MiB`)}
${cells('CPU of the first sync a version', '≤ 0.25 ms', ({ cpu, versions }) => perVersion(cpu, versions))}
${cells('CPU of the rules after it a version', '', ({ rules, versions }) => perVersion(rules, versions))}
${cells("the worker's time in a first sync", '', ({ shares }) => toText(shares))}
${cells('light poll, nothing changed: its requests and all CPU of the worker meanwhile', '≤ 0.1 ×', ({ between, floor }) => `${between.pollMilliseconds.toFixed(0)} ms + ${between.pollCpu.toFixed(0)} ms, ${((between.pollMilliseconds + between.pollCpu) / floor.milliseconds).toFixed(3)} ×`)}
${cells('change in MLflow to pixel', '', ({ between }) => `webhook ${toPixel(between.webhookToPixel)}; poll each 10 s ${toPixel(between.pollToPixel)}`)}
${readRows(all, { when: '', limits: IDLE }, ({ reads }) => reads)}
${readRows(all, { when: ', while a sync runs', limits: IN_SYNC }, ({ readsInSync }) => readsInSync)}
${waits.length > 0 ? toSection(waits) : ''}
## How the reads are answered at ${largest?.versions.toLocaleString('en-US') ?? ''} versions

\`\`\`text
${largest?.plans ?? ''}
\`\`\`
`;
}

function toSection(waits: readonly Waits[]): string {
  const rows = waits.map(
    ({ queue, median, longest }) =>
      `| ${queue} | ${seconds(median)} | ${seconds(longest)} | ${ratio(longest, median)} |`,
  );
  return `
## Many organizations

${waits[0]?.organizations} organizations of ${VERSIONS_EACH} versions each become due in one moment; ${WORKERS} worker and 2 API processes on one Postgres, one MLflow. Every sync
succeeds. From being due to its end:

| queue | median | longest | longest to median |
|---|---|---|---|
${rows.join('\n')}
`;
}

function toPixel({ median, longest }: Course): string {
  return `${seconds(median)}, longest ${seconds(longest)}`;
}

function perVersion({ worker, postgres }: Cpu, versions: number): string {
  const [ours, theirs] = [worker / versions, postgres / versions];
  return `worker ${ours.toFixed(3)} ms, Postgres ${theirs.toFixed(3)} ms, in sum ${(ours + theirs).toFixed(2)} ms`;
}

function times(part: number, whole: number): string {
  return `${seconds(part)}, ${ratio(part, whole)}`;
}

function ratio(part: number, whole: number): string {
  return `${(part / whole).toFixed(2)} ×`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function readRows(
  all: readonly Measured[],
  { when, limits }: { when: string; limits: ReadonlyMap<number, string> },
  of: (one: Measured) => ReadTimes[],
): string {
  const [first] = all;
  return (first ? of(first) : [])
    .map(({ name, readers }, index) => {
      const limit = limits.get(readers) ?? '';
      const cells = all.map((one) => {
        const found = of(one)[index];
        return found ? `p50 ${found.p50.toFixed(0)} ms, p95 ${found.p95.toFixed(0)} ms` : '';
      });
      return `| ${[`${name}, ${readers} reader${readers === 1 ? '' : 's'}${when}`, limit, ...cells].join(' | ')} |`;
    })
    .join('\n');
}
