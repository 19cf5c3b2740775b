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
  if (env.queueUrl) return { connection: { url: env.queueUrl, maxRetriesPerRequest: null } };
  setDefaultBackendFactory(createPostgresBackend);
  const connection = { connectionString: env.databaseUrl, max: POOL_SIZE, schema: 'bullmq', migrate: false };
  // Nest types a connection as Redis'; BullMQ hands it to the backend chosen above as it is.
  return { connection: connection as unknown as QueueBaseOptions['connection'] };
}

/** Tells workers that a run waits. It may be lost: the run in Postgres is the truth, and the clock tells again. */
@Injectable()
export class SyncQueue {
  constructor(
    @InjectQueue(SYNC_QUEUE) private readonly queue: Queue<SyncJob>,
    log: Log,
  ) {
    // Without a listener BullMQ prints the whole client, password and all, whenever the connection breaks; it reconnects by itself.
    queue.on('error', ({ name, message }) => log.warn({ error: { name, message } }, 'queue connection'));
  }

  /** The job is named by its run, so ringing twice for one run is one job. A finished job is not kept: it would swallow the next ring. */
  async ring(orgId: string, runId: string, delayMs = 0): Promise<void> {
    await this.queue.add(
      'run',
      { orgId, runId },
      { jobId: runId, delay: delayMs, removeOnComplete: true, removeOnFail: true },
    );
  }
}
