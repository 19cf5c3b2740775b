import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { Governance } from '@vw/governance';
import { SyncEngine } from '@vw/sync-engine';
import { SyncHistory } from '@vw/sync-history';

/** The page calls a worker stopped after 3 minutes without this. In milliseconds. */
const HEARTBEAT_MS = 15_000;

/** Asks each minute for the syncs that are due, tells again of runs that nobody works on, and has the rules look at what ran out. Every worker has one; none leads. */
@Injectable()
export class SyncClock implements OnApplicationBootstrap {
  private readonly workerId = `${hostname()}-${randomUUID()}`;

  constructor(
    private readonly engine: SyncEngine,
    private readonly governance: Governance,
    private readonly history: SyncHistory,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.heartbeat();
    await this.tick();
  }

  @Cron(CronExpression.EVERY_MINUTE)
  async tick(): Promise<void> {
    await this.engine.requestDue();
    await this.engine.recover();
    await this.governance.evaluateLapsed();
  }

  @Interval(HEARTBEAT_MS)
  async heartbeat(): Promise<void> {
    await this.history.workerSeen(this.workerId);
  }
}
