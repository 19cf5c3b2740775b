import { setTimeout as sleep } from 'node:timers/promises';
import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type Queue, type QueueBaseOptions } from 'bullmq';
import type { Env } from './env';
import { Log } from './logging';

/** The one queue: sync runs to work on. */
export const SYNC_QUEUE = 'sync';

export interface SyncJob {
  orgId: string;
  runId: string;
}

/** Connections a queue or worker may hold: BullMQ's own default of 10 each is for far more traffic. */
const POOL_SIZE = 2;

/** Where the jobs live: in the same Postgres by default, on Redis or Valkey with `QUEUE_URL`. */
export function queueConnection(env: Env): QueueBaseOptions {
  if (env.queueUrl) {
    setDefaultBackendFactory();
    return { connection: { url: env.queueUrl, maxRetriesPerRequest: null } };
  }
  setDefaultBackendFactory(createPostgresBackend);
  const connection = { connectionString: env.databaseUrl, max: POOL_SIZE, schema: 'bullmq', migrate: false };
  // Nest types a connection as Redis'; BullMQ hands it to the backend chosen above as it is.
  return { connection: connection as unknown as QueueBaseOptions['connection'] };
}

/** As the log names it. */
export function queueName(env: Env): 'postgres' | 'redis' {
  return env.queueUrl ? 'redis' : 'postgres';
}

/** How long the one who rings waits for a queue that is away: Redis is asked again until it answers. In milliseconds. */
const PATIENCE_MS = 2_000;

/** Tells workers that a run waits. It may be lost: the run in Postgres is the truth, and the clock tells again. */
@Injectable()
export class SyncQueue {
  private isAway = false;

  constructor(
    @InjectQueue(SYNC_QUEUE) private readonly queue: Queue<SyncJob>,
    private readonly log: Log,
  ) {
    // Without a listener BullMQ prints the whole client, password and all, whenever the connection breaks; it reconnects by itself.
    queue.on('error', ({ name, message }) => log.warn({ error: { name, message } }, 'queue connection'));
  }

  /** The job is named by its run, so ringing twice for one run is one job. A finished job is not kept: it would swallow the next ring. */
  async ring(orgId: string, runId: string, delayMs = 0): Promise<void> {
    // Redis is away: what waits first tells when it is back, and the clock tells again of all others.
    if (this.isAway) return;
    const options = { jobId: runId, delay: delayMs, removeOnComplete: true, removeOnFail: true };
    const rung = this.queue
      .add('run', { orgId, runId }, options)
      .catch(({ name, message }: Error) =>
        this.log.warn({ runId, error: { name, message } }, 'queue refused'),
      )
      .finally(() => {
        this.isAway = false;
      });
    this.isAway = await Promise.race([rung.then(() => false), sleep(PATIENCE_MS, true, { ref: false })]);
  }
}
