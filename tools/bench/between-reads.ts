import { setTimeout as sleep } from 'node:timers/promises';
import { mlflowApi } from '../mlflow/mlflow-api.ts';
import { startBrowser } from '../browser.ts';
import type { Product } from './product.ts';

/** As a connection may be set by who cannot wait; the preset is 60. */
const POLL_SECONDS = 10;
const POLLS = 6;
const CHANGES = 5;
/** What the product lists in a poll. */
const LISTS = ['registered-models/search', 'model-versions/search'];
const PATIENCE_MS = 60_000;
/** Longer than runs of webhooks are apart, so that none waits for the one before; and a part that no clock keeps step with. */
const APART_MS = 6_000;
const AT_RANDOM_MS = POLL_SECONDS * 1_000;

/** In milliseconds. */
export interface Course {
  median: number;
  longest: number;
}

export interface BetweenReads {
  /** The two requests of a poll that finds nothing, fastest of some. */
  pollMilliseconds: number;
  /** CPU of the worker from one such poll to the next, with all else that it does meanwhile. */
  pollCpu: number;
  /** From the answer of MLflow to the row in an open page. */
  webhookToPixel: Course;
  pollToPixel: Course;
}

/** What a poll costs, and how long a change takes to an open page. MLflow must be allowed to deliver to this machine. */
export async function measureBetweenReads(product: Product, mlflowUrl: string): Promise<BetweenReads> {
  const pollMilliseconds = await fastest(() => askAsAPoll(mlflowUrl));
  await product.connect(mlflowUrl, { pollSeconds: POLL_SECONDS });
  const before = product.cpu().worker;
  await sleep(POLLS * POLL_SECONDS * 1_000);
  const pollCpu = (product.cpu().worker - before) / POLLS;
  const pollToPixel = await pixels(product, mlflowUrl);
  await product.connect(mlflowUrl, { pollSeconds: 0 });
  await product.call('PUT', 'integrations/mlflow/webhook', { enabled: true });
  const webhookToPixel = await pixels(product, mlflowUrl);
  return { pollMilliseconds, pollCpu, webhookToPixel, pollToPixel };
}

async function askAsAPoll(url: string): Promise<void> {
  for (const list of LISTS) {
    const query = new URLSearchParams({ max_results: '100', order_by: 'last_updated_timestamp DESC' });
    const answer = await fetch(`${url}/api/2.0/mlflow/${list}?${query}`);
    await answer.json();
  }
}

async function fastest(work: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < POLLS; round += 1) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

async function pixels(product: Product, mlflowUrl: string): Promise<Course> {
  const api = mlflowApi(mlflowUrl);
  const browser = await startBrowser();
  try {
    await browser.context.addCookies([product.browserCookie()]);
    const page = await browser.context.newPage();
    await page.goto(`${product.url}/model-inventory/mlflow`);
    await page.getByRole('row').nth(1).waitFor({ timeout: PATIENCE_MS });
    const times: number[] = [];
    const names = Array.from({ length: CHANGES }, (_, change) => `pixel-${Date.now()}-${change}`);
    // Models first: what is told of one must not hold up the version that is measured.
    for (const name of names) await api.createModel(name);
    await sleep(2 * AT_RANDOM_MS);
    for (const name of names) {
      await sleep(APART_MS + Math.random() * AT_RANDOM_MS);
      await api.createVersion(name);
      const started = performance.now();
      await page.getByText(name).first().waitFor({ timeout: PATIENCE_MS });
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    return { median: times[Math.floor(CHANGES / 2)] ?? Number.NaN, longest: Math.max(...times) };
  } finally {
    await browser.close();
  }
}
