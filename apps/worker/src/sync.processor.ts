import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import type { OnModuleDestroy } from '@nestjs/common';
import { Governance } from '@vw/governance';
import { Log, SYNC_QUEUE, type SyncJob } from '@vw/platform';
import { SyncEngine, WorkerStopping } from '@vw/sync-engine';
import type { Job } from 'bullmq';

/** Syncs of one process at a time: each holds two chunks of versions in memory. */
const CONCURRENCY = 2;
/** A worker that dies is noticed after these, and its run goes on elsewhere: 4.6 s instead of 60 s. In milliseconds. */
const LOCK_MS = 5_000;
const STALLED_MS = 2_000;

@Processor(SYNC_QUEUE, {
  concurrency: CONCURRENCY,
  lockDuration: LOCK_MS,
  stalledInterval: STALLED_MS,
  maxStalledCount: 20,
})
export class SyncProcessor extends WorkerHost implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(
    private readonly engine: SyncEngine,
    private readonly governance: Governance,
    private readonly log: Log,
  ) {
    super();
  }

  override async process({ data }: Job<SyncJob>): Promise<void> {
    await this.engine.run(data.orgId, data.runId, this.stopping.signal);
    await this.governance.evaluate(data.orgId, data.runId);
  }

  /** Without a listener BullMQ prints the whole client, password and all. It reconnects by itself. */
  @OnWorkerEvent('error')
  onError({ name, message }: Error): void {
    this.log.warn({ error: { name, message } }, 'queue connection');
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<SyncJob> | undefined, { name, message }: Error): void {
    this.log.error(
      { orgId: job?.data.orgId, runId: job?.data.runId, error: { name, message } },
      'sync interrupted',
    );
  }

  onModuleDestroy(): void {
    this.stopping.abort(new WorkerStopping());
  }
}
