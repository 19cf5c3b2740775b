import { Injectable } from '@nestjs/common';
import { Database, decodeCursor, encodeCursor, fromExactText, LiveFeed, Problem } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type ProblemCode,
  type SyncPhase,
  type SyncRun,
  type SyncRunPage,
  type SyncRunQuery,
  type SyncRunStatus,
  type SyncTrigger,
} from '@vw/shared-contracts';
import { isBusy, lockLightRuns, supersedeLightRuns } from './light-statements';
import {
  countRuns,
  insertRun,
  selectActive,
  selectLastComplete,
  selectRun,
  selectRuns,
  toSyncRun,
  type RunRow,
} from './run-statements';

/**
 * Every move a run may make. Running to running is a worker that takes over from a dead one; running to queued one that lets go;
 * partial to succeeded an Admin who confirms what was held back.
 */
const MOVES: Record<SyncRunStatus, readonly SyncRunStatus[]> = {
  queued: ['running', 'cancelled'],
  running: ['running', 'queued', 'succeeded', 'partial', 'failed', 'cancelled'],
  succeeded: [],
  partial: ['succeeded'],
  failed: [],
  cancelled: [],
};

/** A queued run that no worker fetched is told again after this long, a running one that is silent is taken over. In seconds. */
const QUEUED_SECONDS = 30;
const SILENT_SECONDS = 45;
/** A run that ended is evaluated by its own worker within this; later the clock tells again. In seconds. */
const UNEVALUATED_SECONDS = 60;

/** The right to write for a run: of the attempts at it, only the newest holds. */
export interface Lease {
  readonly runId: string;
  readonly attempt: number;
  readonly trigger: SyncTrigger;
  /** What a light run reads; null: everything. */
  readonly modelNames: readonly string[] | null;
  /** Since the first attempt began, in milliseconds. */
  readonly age: number;
}

export interface RunProgress {
  phase: SyncPhase;
  currentModel: string | null;
  /** Seen by this attempt; the run keeps what an earlier one saw more. */
  models: number;
  versions: number;
  requests: number;
  /** Added to what the run has counted so far, in this and earlier attempts. */
  created: number;
  updated: number;
  removed: number;
}

export interface RunEnd {
  status: 'succeeded' | 'partial' | 'failed' | 'cancelled';
  code: ProblemCode | null;
  /** Whether MLflow was read whole. */
  complete: boolean;
  held: number;
  requests: number;
}

/** As the rules found it when they began to look. */
export interface EndedRun {
  id: string;
  status: string;
}

/** What the status cards need to know of the past full runs: light ones prove too little. */
export interface RunDigest {
  /** The last one that ended by itself. */
  lastEnded: SyncRun | null;
  lastStartedAt: string | null;
  /** End of the last run that read MLflow whole. */
  lastCompleteAt: string | null;
  /** Versions that run saw. */
  lastCompleteVersions: number;
}

/** The run was cancelled, or another worker goes on with it: whoever gets this must not write any more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The sync runs of an organization. Owns `sync_run` and `worker_heartbeat`; the only place that knows a status word. */
@Injectable()
export class SyncHistory {
  constructor(
    private readonly database: Database,
    private readonly live: LiveFeed,
  ) {}

  /** Asks for a full run, or finds the active one. `requested` tells which; a new one supersedes the light runs that are active. */
  async request(
    orgId: string,
    trigger: SyncTrigger,
    requestedBy: string | null,
  ): Promise<{ run: SyncRun; requested: boolean; superseded: SyncRun[] }> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const inserted = await insertRun(tx, { orgId, trigger, requestedBy });
      const row = inserted ?? (await selectActive(tx, orgId));
      if (!row) throw new Problem('conflict', { detail: 'The active sync ended at this moment. Try again.' });
      const superseded = inserted ? await supersedeLightRuns(tx, orgId) : [];
      for (const { id } of inserted ? [...superseded, inserted] : [])
        await this.live.publish(orgId, 'sync-run', id);
      return {
        run: toSyncRun(row),
        requested: inserted !== null,
        superseded: superseded.map(toSyncRun),
      };
    });
  }

  /** Starts the run, or takes it over: earlier attempts can no longer write. Null when it has ended, or is light and another one goes on. */
  async start(orgId: string, runId: string, total: number | null): Promise<Lease | null> {
    return this.database.orgTransaction(orgId, async (tx) => {
      await lockLightRuns(tx, orgId);
      const asked = await selectRun(tx, orgId, runId);
      if (!asked || (asked.model_names && (await isBusy(tx, orgId, runId)))) return null;
      const [row] = await tx.query<RunRow & { age: number }>(
        `UPDATE sync_run SET status = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now()),
           heartbeat_at = now(), phase = 'connecting', current_model = NULL,
           total = CASE WHEN attempt = 0 AND model_names IS NULL THEN $3 ELSE total END
         WHERE org_id = $1 AND id = $2 AND status = ANY($4)
         RETURNING *, (extract(epoch FROM now() - started_at) * 1000)::float8 AS age`,
        [orgId, runId, total, from('running')],
      );
      if (!row) return null;
      await this.live.publish(orgId, 'sync-run', runId);
      const modelNames = row.model_names?.map(fromExactText) ?? null;
      return { runId, attempt: row.attempt, trigger: row.trigger, modelNames, age: row.age };
    });
  }

  /** Locks the run for this transaction, so that what follows is written by its newest attempt only. Throws LeaseLost. */
  async fence(orgId: string, lease: Lease): Promise<void> {
    const tx = this.database.current(orgId);
    const held = await tx.query(
      `SELECT FROM sync_run WHERE org_id = $1 AND id = $2 AND attempt = $3 AND status = 'running' FOR UPDATE`,
      [orgId, lease.runId, lease.attempt],
    );
    if (held.length === 0) throw new LeaseLost();
  }

  /** Says that the attempt lives. Throws LeaseLost. */
  async heartbeat(orgId: string, lease: Lease): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) =>
      this.mustHold(
        tx.execute(
          `UPDATE sync_run SET heartbeat_at = now() WHERE org_id = $1 AND id = $2 AND attempt = $3 AND status = 'running'`,
          [orgId, lease.runId, lease.attempt],
        ),
      ),
    );
  }

  /** Must run in the transaction that wrote the page, so that counts and rows agree whatever happens. Throws LeaseLost. */
  async progress(orgId: string, lease: Lease, progress: RunProgress): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      await this.mustHold(
        tx.execute(
          `UPDATE sync_run SET heartbeat_at = now(), phase = $4, current_model = $5, requests = $8,
             models = greatest(models, $6), versions = greatest(versions, $7),
             created = created + $9, updated = updated + $10, removed = removed + $11,
             unchanged = greatest(0, greatest(versions, $7) - (created + $9) - (updated + $10))
           WHERE org_id = $1 AND id = $2 AND attempt = $3 AND status = 'running'`,
          [
            ...[orgId, lease.runId, lease.attempt, progress.phase, progress.currentModel, progress.models],
            ...[progress.versions, progress.requests, progress.created, progress.updated, progress.removed],
          ],
        ),
      );
      await this.live.publish(orgId, 'sync-run', lease.runId);
    });
  }

  /** Ends the run. Throws LeaseLost. */
  async end(orgId: string, lease: Lease, end: RunEnd): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      await this.mustHold(
        tx.execute(
          `UPDATE sync_run SET status = $4, error_code = $5, complete = $6, held = $7, requests = $8, finished_at = now(),
             current_model = NULL, phase = CASE WHEN $4 IN ('succeeded', 'partial') THEN 'done' ELSE phase END
           WHERE org_id = $1 AND id = $2 AND attempt = $3 AND status = ANY($9)`,
          [
            orgId,
            lease.runId,
            lease.attempt,
            end.status,
            end.code,
            end.complete,
            end.held,
            end.requests,
            from(end.status),
          ],
        ),
      );
      for (const topic of ['sync-run', 'connection', 'inventory'] as const)
        await this.live.publish(orgId, topic, lease.runId);
    });
  }

  /** Lets go of the run, so that another worker goes on with it. */
  async release(orgId: string, lease: Lease): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) =>
      tx.execute(
        `UPDATE sync_run SET status = 'queued', requested_at = least(requested_at, now() - make_interval(secs => $5))
         WHERE org_id = $1 AND id = $2 AND attempt = $3 AND status = ANY($4)`,
        [orgId, lease.runId, lease.attempt, from('queued'), QUEUED_SECONDS],
      ),
    );
  }

  /** Cancels what is active, or only the run of this id; its worker finds out at the next page. Returns all that it cancelled. */
  async cancelActive(orgId: string, id: string | null = null): Promise<SyncRun[]> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const rows = await tx.query<RunRow>(
        `UPDATE sync_run SET status = 'cancelled', finished_at = now(), current_model = NULL
         WHERE org_id = $1 AND status = ANY($2) AND ($3::uuid IS NULL OR id = $3) RETURNING *`,
        [orgId, from('cancelled'), id],
      );
      for (const row of rows) await this.live.publish(orgId, 'sync-run', row.id);
      return rows.map(toSyncRun);
    });
  }

  /**
   * Ends a partial run well: what it held back is confirmed. Only the newest whole read, and only while no other goes on, for that
   * may have seen the versions again. Throws `not-found` and `conflict`.
   */
  async confirm(orgId: string, id: string): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      const { status } = await this.get(orgId, id);
      if (status !== 'partial') throw new Problem('conflict', { detail: 'This sync holds nothing back.' });
      if (await selectActive(tx, orgId))
        throw new Problem('conflict', { detail: 'A sync is under way. Wait for its end, then look again.' });
      const moved = await tx.execute(
        `UPDATE sync_run SET status = 'succeeded', error_code = NULL, evaluated_at = NULL
         WHERE org_id = $1 AND id = $2 AND status = ANY($3)
           AND id = (SELECT id FROM sync_run WHERE org_id = $1 AND complete ORDER BY id DESC LIMIT 1)`,
        [orgId, id, from('succeeded')],
      );
      if (moved === 0)
        throw new Problem('conflict', { detail: 'A newer sync has read MLflow since. Review that one.' });
    });
  }

  /** Adds to the removals of a run that an Admin confirmed. */
  async addRemoved(orgId: string, id: string, removed: number): Promise<SyncRun> {
    return this.database.orgTransaction(orgId, async (tx) => {
      await tx.execute('UPDATE sync_run SET removed = removed + $3 WHERE org_id = $1 AND id = $2', [
        orgId,
        id,
        removed,
      ]);
      for (const topic of ['sync-run', 'connection', 'inventory'] as const)
        await this.live.publish(orgId, topic, id);
      return this.get(orgId, id);
    });
  }

  /** Throws `not-found`. */
  async get(orgId: string, id: string): Promise<SyncRun> {
    const row = await this.database.orgTransaction(orgId, (tx) => selectRun(tx, orgId, id));
    if (!row) throw new Problem('not-found');
    return toSyncRun(row);
  }

  /** Newest first. Throws `invalid-input` for a foreign cursor. */
  async list(orgId: string, query: SyncRunQuery): Promise<SyncRunPage> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const question = ['sync-runs', query.trigger ?? null];
    const after = query.cursor ? String(decodeCursor(question, query.cursor, 1)[0]) : null;
    const triggers = query.trigger?.split(',') ?? null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const rows = await selectRuns(tx, orgId, { triggers, after, most: limit + 1 });
      const items = rows.slice(0, limit).map(toSyncRun);
      const last = items.at(-1);
      return {
        items,
        nextCursor: rows.length > limit && last ? encodeCursor(question, [last.id]) : null,
        total: query.cursor ? null : await countRuns(tx, orgId, triggers),
      };
    });
  }

  /** The last run that had read MLflow whole by an instant (epoch ms), or by now. */
  async lastComplete(orgId: string, by: number | null): Promise<SyncRun | null> {
    const row = await this.database.orgTransaction(orgId, (tx) => selectLastComplete(tx, orgId, by));
    return row && toSyncRun(row);
  }

  async digest(orgId: string): Promise<RunDigest> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const one = async (where: string): Promise<RunRow | null> =>
        (
          await tx.query<RunRow>(
            `SELECT * FROM sync_run WHERE org_id = $1 AND ${where} ORDER BY id DESC LIMIT 1`,
            [orgId],
          )
        )[0] ?? null;
      const ended = await one(
        `trigger IN ('scheduled', 'manual') AND status IN ('succeeded', 'partial', 'failed')`,
      );
      const started = await one(`started_at IS NOT NULL AND trigger IN ('scheduled', 'manual')`);
      const complete = await selectLastComplete(tx, orgId, null);
      return {
        lastEnded: ended && toSyncRun(ended),
        lastStartedAt: started?.started_at?.toISOString() ?? null,
        lastCompleteAt: complete?.finished_at?.toISOString() ?? null,
        lastCompleteVersions: complete?.versions ?? 0,
      };
    });
  }

  /** Runs that nobody works on, over all organizations. */
  async abandoned(): Promise<{ orgId: string; runId: string }[]> {
    const rows = await this.database.acrossOrganizations((tx) =>
      tx.query<{ org_id: string; id: string }>('SELECT org_id, id FROM abandoned_runs($1, $2)', [
        QUEUED_SECONDS,
        SILENT_SECONDS,
      ]),
    );
    return rows.map((row) => ({ orgId: row.org_id, runId: row.id }));
  }

  /** The ended runs that the rules have not looked at. Reads them before the rules look, so that one that ends meanwhile stays. */
  async endedUnevaluated(orgId: string): Promise<EndedRun[]> {
    return this.database.orgTransaction(orgId, (tx) =>
      tx.query<EndedRun>(
        'SELECT id, status FROM sync_run WHERE org_id = $1 AND finished_at IS NOT NULL AND evaluated_at IS NULL',
        [orgId],
      ),
    );
  }

  /** Says that the rules have looked at what these runs brought; not of one that an Admin confirmed meanwhile, which brings more. */
  async markEvaluated(orgId: string, runs: readonly EndedRun[]): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) =>
      tx.execute(
        `UPDATE sync_run s SET evaluated_at = now() FROM unnest($2::uuid[], $3::text[]) AS seen (id, status)
         WHERE s.org_id = $1 AND s.id = seen.id AND s.status = seen.status`,
        [orgId, runs.map(({ id }) => id), runs.map(({ status }) => status)],
      ),
    );
  }

  /** The newest ended run of each organization whose evaluation was lost, as with its worker. */
  async unevaluated(): Promise<{ orgId: string; runId: string }[]> {
    const rows = await this.database.acrossOrganizations((tx) =>
      tx.query<{ org_id: string; id: string }>('SELECT org_id, id FROM unevaluated_runs($1)', [
        UNEVALUATED_SECONDS,
      ]),
    );
    return rows.map((row) => ({ orgId: row.org_id, runId: row.id }));
  }

  /** A worker says that it lives. */
  async workerSeen(workerId: string): Promise<void> {
    await this.database.acrossOrganizations((tx) =>
      tx.execute(
        `INSERT INTO worker_heartbeat (worker_id, last_seen_at) VALUES ($1, now())
         ON CONFLICT (worker_id) DO UPDATE SET last_seen_at = now()`,
        [workerId],
      ),
    );
  }

  async workerLastSeenAt(): Promise<string | null> {
    const [row] = await this.database.acrossOrganizations((tx) =>
      tx.query<{ at: Date | null }>('SELECT max(last_seen_at) AS at FROM worker_heartbeat'),
    );
    return row?.at?.toISOString() ?? null;
  }

  private async mustHold(affected: Promise<number>): Promise<void> {
    if ((await affected) === 0) throw new LeaseLost();
  }
}

function from(to: SyncRunStatus): SyncRunStatus[] {
  return (Object.keys(MOVES) as SyncRunStatus[]).filter((status) => MOVES[status].includes(to));
}
