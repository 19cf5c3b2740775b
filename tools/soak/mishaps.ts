import type { ChildProcess } from 'node:child_process';
import type { Fault, FaultProxy } from '../testing/src/mlflow/fault-proxy.ts';
import type { Dice } from './dice.ts';
import type { Product } from './product.ts';

const KINDS = { fault: 12, killWorker: 4, pauseWorker: 2, killPostgres: 2 } as const;
export type Mishap = keyof typeof KINDS;

const ENDPOINTS = [
  'registered-models/search',
  'model-versions/search',
  'experiments/search',
  'runs/search',
  'runs/get',
  'model-versions/get',
  'registered-models/get',
];
/** None of them lies: each is an answer that a server or a proxy in trouble gives, not a wrong one. */
const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 401 },
  { kind: 'status', status: 404 },
  { kind: 'html' },
  { kind: 'redirect', location: 'http://sign-in.example/' },
  { kind: 'cut' },
  { kind: 'rewrite', rewrite: (body) => body.slice(0, -9) },
  { kind: 'reset' },
  { kind: 'delay', ms: 1_500 },
  { kind: 'drip', everyMs: 50 },
];
/** Longer than BullMQ holds a silent worker's job. In steps. */
const PAUSED_STEPS = 60;

/** What goes wrong, by the dice alone. */
export class Mishaps {
  private readonly product: Product;
  private readonly proxy: FaultProxy;
  private readonly dice: Dice;
  private readonly paused = new Map<ChildProcess, number>();

  constructor(product: Product, proxy: FaultProxy, dice: Dice) {
    this.product = product;
    this.proxy = proxy;
    this.dice = dice;
  }

  async next(): Promise<Mishap> {
    const kind = this.dice.weighed(KINDS);
    const index = this.dice.number(2);
    const [match, fault, times] = [
      this.dice.pick(ENDPOINTS),
      this.dice.pick(FAULTS),
      1 + this.dice.number(6),
    ];
    if (kind === 'fault') this.proxy.on({ match, fault, times });
    else if (kind === 'killPostgres') await this.product.killPostgres();
    else this.hurt(this.product.worker(index), kind);
    return kind;
  }

  /** A step has passed: who slept long enough wakes up. */
  step(): void {
    for (const [child, left] of this.paused) {
      if (left > 0) this.paused.set(child, left - 1);
      else this.wake(child);
    }
  }

  end(): void {
    this.proxy.reset();
    for (const child of this.paused.keys()) this.wake(child);
  }

  private hurt(worker: ChildProcess | undefined, kind: 'killWorker' | 'pauseWorker'): void {
    if (!worker) return;
    worker.kill(kind === 'killWorker' ? 'SIGKILL' : 'SIGSTOP');
    if (kind === 'pauseWorker') this.paused.set(worker, PAUSED_STEPS);
  }

  private wake(child: ChildProcess): void {
    child.kill('SIGCONT');
    this.paused.delete(child);
  }
}
