import { Injectable } from '@nestjs/common';
import { Database, LiveFeed, toExactText } from '@vw/platform';
import type { ProblemCode, SyncRun } from '@vw/shared-contracts';
import {
  addNames,
  hasActive,
  insertFailedPoll,
  insertPoll,
  insertWebhookRun,
  lockLightRuns,
  selectWaiting,
  untilNextWebhookRun,
} from './light-statements';
import { toSyncRun } from './run-statements';

/** Webhook runs of one organization start at least this far apart: what is told meanwhile goes into the next one. In seconds. */
const WEBHOOK_RUNS_APART_SECONDS = 5;

/** A webhook run that was asked for, and when it may start. */
export interface RungRun {
  runId: string;
  delayMs: number;
}

/** Runs that read some models only, because a poll found or a webhook named them. Owned by the same tables as all runs. */
@Injectable()
export class LightRuns {
  constructor(
    private readonly database: Database,
    private readonly live: LiveFeed,
  ) {}

  /** Asks for a poll run on these models. Null while a poll or a full run is active. */
  async requestPoll(orgId: string, names: readonly string[]): Promise<SyncRun | null> {
    return this.database.orgTransaction(orgId, async (tx) => {
      await lockLightRuns(tx, orgId);
      const row = await insertPoll(tx, orgId, names.map(toExactText));
      if (row) await this.live.publish(orgId, 'sync-run', row.id);
      return row && toSyncRun(row);
    });
  }

  /** Asks for a webhook run on these models. Null where one that has not started yet takes them with it. */
  async requestWebhook(orgId: string, names: readonly string[]): Promise<RungRun | null> {
    return this.database.orgTransaction(orgId, async (tx) => {
      await lockLightRuns(tx, orgId);
      if (await addNames(tx, orgId, names.map(toExactText))) return null;
      const row = await insertWebhookRun(tx, orgId, names.map(toExactText));
      await this.live.publish(orgId, 'sync-run', row.id);
      const wait = await untilNextWebhookRun(tx, orgId, WEBHOOK_RUNS_APART_SECONDS);
      return { runId: row.id, delayMs: Math.max(0, wait) };
    });
  }

  /** Keeps a poll that failed before there was a run. */
  async keepFailedPoll(
    orgId: string,
    failure: { code: ProblemCode; requests: number; milliseconds: number },
  ): Promise<string> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const id = await insertFailedPoll(tx, orgId, failure);
      for (const topic of ['sync-run', 'connection', 'inventory'] as const)
        await this.live.publish(orgId, topic, id);
      return id;
    });
  }

  /** Whether a poll or a full run is active: a poll beside one would find what that is about to write. */
  async isActive(orgId: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, (tx) => hasActive(tx, orgId));
  }

  /** Ids of the light runs that wait. */
  async waiting(orgId: string): Promise<string[]> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectWaiting(tx, orgId));
    return rows.map((row) => row.id);
  }
}
