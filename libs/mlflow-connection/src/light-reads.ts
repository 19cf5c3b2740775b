import { Injectable } from '@nestjs/common';
import { Database, fromExactText, LiveFeed, toExactText } from '@vw/platform';
import { PROBLEMS, type ProblemCode } from '@vw/shared-contracts';
import { clearLightError, selectPoll, updateFinding, updateLightError, updateSeen } from './poll-statements';
import { deleteUnread, putUnread } from './webhook-statements';

/** A light run that failed with one of these may go well when MLflow is back; with any other it would end the same. */
const PASSING: readonly ProblemCode[] = [
  'mlflow-unreachable',
  'mlflow-timeout',
  'mlflow-rate-limited',
  'mlflow-server-error',
];
/** How long polls wait after one that may go well. In seconds. */
const PAUSE_SECONDS = 300;

/** How far the polls of an organization have seen, by MLflow's own clock in epoch milliseconds. */
export interface Seen {
  models: number;
  versions: number;
}

export interface PollState {
  /** Of the saved settings; null where there are none. */
  revision: number | null;
  /** Null before a first whole read of this server. */
  seen: Seen | null;
  /** What the last poll run was asked for and did not fail to read: the same once more would bring nothing. */
  finding: string | null;
  /** Whether the last light read failed. */
  failing: boolean;
  /** Models that deliveries named and no run has read since. */
  unread: string[];
}

/**
 * When polls are due, how far they have seen, what deliveries named that is not read yet, and whether light reads work. Owns those columns
 * of `mlflow_connection`, and `unread_delivery`.
 */
@Injectable()
export class LightReads {
  constructor(
    private readonly database: Database,
    private readonly live: LiveFeed,
  ) {}

  /** Claims polls that are due, over all organizations: each is told to one worker, once an interval. */
  async claimDue(most: number): Promise<string[]> {
    const rows = await this.database.acrossOrganizations((tx) =>
      tx.query<{ org_id: string }>('SELECT claim_polls($1) AS org_id', [most]),
    );
    return rows.map((row) => row.org_id);
  }

  async state(orgId: string): Promise<PollState> {
    const row = await this.database.orgTransaction(orgId, (tx) => selectPoll(tx, orgId));
    const seen =
      row?.modelsSeenAt && row.versionsSeenAt
        ? { models: row.modelsSeenAt.getTime(), versions: row.versionsSeenAt.getTime() }
        : null;
    return {
      revision: row?.revision ?? null,
      seen,
      finding: row?.finding ?? null,
      failing: row?.failing ?? false,
      unread: row?.unread.map(fromExactText) ?? [],
    };
  }

  /** All that was changed before this is in the inventory. */
  async sawAllUntil(orgId: string, seen: Seen): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => updateSeen(tx, orgId, seen));
  }

  async found(orgId: string, finding: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => updateFinding(tx, orgId, finding));
  }

  /**
   * Keeps a model that a delivery named, until a run that started after it has read it: its own run may fail, or end for a whole read
   * that does. Call it after the run is asked for: a run that ends writes itself, then these.
   */
  async named(orgId: string, modelName: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => putUnread(tx, orgId, toExactText(modelName)));
  }

  /** A run that started then has read these models; null: all of them. */
  async wereRead(orgId: string, names: readonly string[] | null, startedAt: string): Promise<void> {
    const read = { names: names && names.map(toExactText), by: startedAt };
    await this.database.orgTransaction(orgId, (tx) => deleteUnread(tx, orgId, read));
  }

  /** What was found last was not read after all: found once more, it is news. */
  async forget(orgId: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => updateFinding(tx, orgId, null));
  }

  /**
   * Keeps that a poll or its run failed, until one of them, a whole read or a test succeeds. True where nobody was told yet: a server that is
   * away for an hour is one failure, not sixty. The next poll waits after a run, which reads more than a poll: some minutes, or where
   * another try would end the same until the scheduled sync.
   */
  async failed(orgId: string, code: ProblemCode, what: 'poll' | 'run'): Promise<boolean> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const isNews = !(await selectPoll(tx, orgId))?.failing;
      if (isNews || what === 'run' || PROBLEMS[code].card === 'action-required')
        await updateLightError(tx, orgId, { code, pauseSeconds: what === 'poll' ? 0 : pauseAfterRun(code) });
      return isNews || PROBLEMS[code].card === 'action-required';
    });
  }

  /** A read of MLflow went well: what light reads said against it is over. */
  async work(orgId: string): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      if ((await clearLightError(tx, orgId)) > 0) await this.live.publish(orgId, 'connection', orgId);
    });
  }
}

/** Null: until the next scheduled sync. */
function pauseAfterRun(code: ProblemCode): number | null {
  return PASSING.includes(code) ? PAUSE_SECONDS : null;
}
