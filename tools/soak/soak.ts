/**
 * Lets everything go wrong at random for a while, then looks: random edits in a real MLflow, faults by the proxy before it, kills of workers
 * and of Postgres. `npm run soak`, or `npm run soak -- --seconds 60 --seed 42`: the seed alone decides what happens in which order.
 * The last line tells the counts; exit code 0 where the inventory equals MLflow in the end and the audit trail is whole, else 1.
 */
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from '../launch/build.ts';
import { end, endOnSignals, lastly } from '../launch/ending.ts';
import { ROOT } from '../launch/paths.ts';
import { mlflowApi } from '../mlflow/mlflow-api.ts';
import { startMlflow } from '../mlflow/mlflow-server.ts';
import { startFaultProxy } from '../testing/src/mlflow/fault-proxy.ts';
import { faultsFound } from '../testing/src/wholeness/expect-whole.ts';
import { Dice } from './dice.ts';
import { Mishaps } from './mishaps.ts';
import { Product, type Run } from './product.ts';
import { RegistryEdits } from './registry-edits.ts';

const STORM = { edit: 80, sync: 8, confirm: 2, mishap: 10 } as const;
/** Between storms, some syncs end well: what they leave behind is hurt, too. */
const CALM = { edit: 86, sync: 10, confirm: 4, mishap: 0 } as const;
const STORM_STEPS = 240;
const CALM_STEPS = 160;
/** Leaves a sync the time to be in the middle of something. In milliseconds. */
const STEP_MS = 40;
/** Within which a quiet product must have caught up with a quiet MLflow. In milliseconds. */
const SETTLED_MS = 240_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? randomInt(0x7fff_ffff) : Number(values.seed);
if (!(seconds > 0) || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run soak -- [--seconds SECONDS] [--seed NUMBER]');
  process.exit(2);
}
endOnSignals(130);
console.log(`seed ${seed}, ${seconds} s`);
await end(await soak());

async function soak(): Promise<number> {
  await build(['api', 'worker', 'commands']);
  const dataDir = join(ROOT, '.data', `soak-${process.pid}`);
  lastly(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 }));
  const mlflow = await startMlflow({ dataDir: join(ROOT, '.data') });
  const proxy = await startFaultProxy(mlflow.url);
  const product = await Product.start(dataDir);
  try {
    await product.connect(proxy.url);
    const dice = new Dice(seed);
    const edits = new RegistryEdits(mlflowApi(mlflow.url), dice);
    const counts = await letItGoWrong(product, edits, new Mishaps(product, proxy, dice), dice);
    await settle(product);
    const { ask, orgId } = product;
    const found = await faultsFound({ ask, orgId, mlflowUrl: mlflow.url });
    found.forEach((line) => console.log(line));
    console.log(`seed ${seed}: ${counts}, ${await syncCounts(product)}, ${found.length} differences`);
    return found.length === 0 ? 0 : 1;
  } finally {
    await product.stop();
    await proxy.stop();
    await mlflow.stop();
  }
}

async function letItGoWrong(
  product: Product,
  edits: RegistryEdits,
  mishaps: Mishaps,
  dice: Dice,
): Promise<string> {
  const counts = new Map<string, number>(
    ['edits', 'faults', 'killed workers', 'paused workers', 'killed Postgres'].map((name) => [name, 0]),
  );
  const count = (name: string): unknown => counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = {
    fault: 'faults',
    killWorker: 'killed workers',
    pauseWorker: 'paused workers',
    killPostgres: 'killed Postgres',
  } as const;
  const deadline = Date.now() + seconds * 1_000;
  for (let step = 0; Date.now() < deadline; step += 1, await sleep(STEP_MS)) {
    const isCalm = step % (STORM_STEPS + CALM_STEPS) >= STORM_STEPS;
    if (isCalm) mishaps.end();
    const kind = dice.weighed(isCalm ? CALM : STORM);
    if (kind === 'edit') {
      await edits.next();
      count('edits');
    } else if (kind === 'sync') await product.requestSync();
    else if (kind === 'confirm') await product.confirmHeld();
    else count(names[await mishaps.next()]);
    mishaps.step();
  }
  mishaps.end();
  return [...counts].map(([name, n]) => `${n} ${name}`).join(', ');
}

/** Syncs in peace until one has read MLflow whole. What is held back, more having vanished than work explains, is confirmed. */
async function settle(product: Product): Promise<void> {
  // The first may be one that began before the peace.
  await product.ended(await product.requestSync());
  let last: Run | null = null;
  for (const deadline = Date.now() + SETTLED_MS; Date.now() < deadline;) {
    last = await product.ended(await product.requestSync());
    if (last.status === 'partial' && last.held > 0) await product.confirmHeld();
    else if (last.status === 'succeeded') return;
  }
  throw new Error(`No sync succeeded in peace: ${JSON.stringify(last)}`);
}

async function syncCounts(product: Product): Promise<string> {
  const rows = await product.ask<{ status: string; n: number }>(
    'SELECT status, count(*)::int AS n FROM sync_run GROUP BY status ORDER BY status',
  );
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  return `${total} syncs (${rows.map(({ status, n }) => `${n} ${status}`).join(', ')})`;
}
