import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { Governance } from '@vw/governance';
import { RegistryWatch, SyncEngine, WorkerStopping } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';

/** The page calls a worker stopped after 3 minutes without this. In milliseconds. */
const HEARTBEAT_MS = 15_000;
/** How late a poll may be. One indexed statement over all organizations, which answers in under a millisecond. In milliseconds. */
const POLL_MS = 5_000;

/** Asks each half minute for the syncs that are due, polls in between, tells again of runs that nobody works on, and has the rules look at what ran out. Every worker has one; none leads. */
@Injectable()
export class SyncClock implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly workerId = `${hostname()}-${randomUUID()}`;

  constructor(
    private readonly engine: SyncEngine,
    private readonly watch: RegistryWatch,
    private readonly governance: Governance,
    private readonly history: SyncHistory,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.heartbeat();
    await this.tick();
  }

  @Cron(CronExpression.EVERY_30_SECONDS)
  async tick(): Promise<void> {
    await this.engine.requestDue();
    await this.engine.recover();
    await this.governance.evaluateLapsed();
  }

  @Interval(POLL_MS)
  async poll(): Promise<void> {
    // What the process is asked to let go of is polled by the next worker.
    if (!this.stopping.signal.aborted) await this.watch.pollDue(this.stopping.signal);
  }

  @Interval(HEARTBEAT_MS)
  async heartbeat(): Promise<void> {
    await this.history.workerSeen(this.workerId);
  }

  onModuleDestroy(): void {
    this.stopping.abort(new WorkerStopping());
  }
}
