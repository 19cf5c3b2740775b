import { Injectable } from '@nestjs/common';
import { Audit, type Actor, type AuditEntry } from '@vw/audit';
import { LightReads, MlflowConnection, MlflowWebhook, type OpenConnection } from '@vw/mlflow-connection';
import { HeldVersions, ModelInventory, RemovedVersions, sourceId } from '@vw/model-inventory';
import { Database, eachOrganization, LiveFeed, Log, Problem, SyncQueue } from '@vw/platform';
import type { ModelVersionPage, PageQuery, SyncRun } from '@vw/shared-contracts';
import { LeaseLost, LightRuns, SyncHistory, type Lease, type RunEnd } from '@vw/sync-history';
import { newestUpdates } from './newest-updates';
import { codeOf, isDisconnected, isUnstorable, isWithoutRoom, lightEnd, wholeEnd } from './run-end';
import { SyncPass } from './sync-pass';

/** A run that takes longer, its attempts together, is ended with `mlflow-timeout`. In milliseconds. */
const RUN_DEADLINE_MS = 6 * 3_600_000;
/** A silent run is taken over after 45 s; three signs of life may be lost. In milliseconds. */
const HEARTBEAT_MS = 10_000;
/** A run that killed this many workers is not tried again before the next hour. */
const MOST_ATTEMPTS = 10;
/** Organizations requested in one tick of the clock. */
const MOST_DUE = 500;

const WORKER: Actor = { id: null, name: null, via: 'worker' };

/** Why a run stopped although nothing failed: the process ends, and another worker goes on. */
export class WorkerStopping extends Error {
  override readonly name = 'WorkerStopping';
}

/** The connection was saved anew while a run went on: that run reads the wrong server. */
export class ConnectionChanged extends Error {
  override readonly name = 'ConnectionChanged';
}

/** Keeps an organization's inventory in step with its MLflow. Owns no table. Invariant: the run is in Postgres before a worker is told. */
@Injectable()
export class SyncEngine {
  constructor(
    private readonly database: Database,
    private readonly connection: MlflowConnection,
    private readonly history: SyncHistory,
    private readonly webhook: MlflowWebhook,
    private readonly lightReads: LightReads,
    private readonly lightRuns: LightRuns,
    private readonly inventory: ModelInventory,
    private readonly held: HeldVersions,
    private readonly removed: RemovedVersions,
    private readonly audit: Audit,
    private readonly queue: SyncQueue,
    private readonly live: LiveFeed,
    private readonly log: Log,
  ) {}

  /** Asks for a whole sync. Returns the active one when there is one. Throws `not-configured`. `actor` is null for the clock. */
  async request(orgId: string, trigger: 'scheduled' | 'manual', actor: Actor | null): Promise<SyncRun> {
    const run = await this.database.orgTransaction(orgId, async () => {
      if ((await this.connection.revision(orgId)) === null) throw new Problem('not-configured');
      const asked = await this.history.request(orgId, trigger, actor?.name ?? null);
      await this.tellEnds(orgId, asked.superseded);
      if (asked.requested && actor) {
        await this.audit.append(orgId, aboutRun(asked.run.id, actor, 'sync.requested'));
      }
      return asked.run;
    });
    await this.queue.ring(orgId, run.id);
    return run;
  }

  /**
   * Works on a run until it ends: start → connect → read and write page by page → stamp what was removed → end. A light run reads some
   * models and stamps nothing. A run that has ended is left alone. Aborting with `WorkerStopping` lets go of it, so that another worker
   * goes on.
   */
  async run(orgId: string, runId: string, signal: AbortSignal): Promise<void> {
    const total = (await this.history.digest(orgId)).lastCompleteVersions || null;
    const lease = await this.history.start(orgId, runId, total);
    if (!lease) return;
    const stop = new AbortController();
    const deadline = AbortSignal.timeout(Math.max(0, Math.ceil(RUN_DEADLINE_MS - lease.age)));
    const both = AbortSignal.any([signal, stop.signal, deadline]);
    const alive = setInterval(() => void this.sayAlive(orgId, lease, stop), HEARTBEAT_MS);
    let opened: OpenConnection | null = null;
    try {
      if (lease.attempt > MOST_ATTEMPTS) throw new Problem('worker-lost');
      opened = await this.connection.open(orgId);
      if (lease.modelNames) {
        await this.pass(orgId, lease, opened).readModels(lease.modelNames, both);
        await this.end(orgId, lease, lightEnd(opened.client.requests));
      } else {
        await this.end(orgId, lease, await this.readAll(orgId, { lease, opened, signal: both }));
      }
    } catch (error) {
      await this.stopped({ orgId, lease, opened, error: both.aborted ? both.reason : error });
    } finally {
      clearInterval(alive);
    }
    for (const waiting of await this.lightRuns.waiting(orgId)) await this.queue.ring(orgId, waiting);
  }

  /** Requests the syncs that are due. Returns how many. Any number of workers may ask at once. */
  async requestDue(): Promise<number> {
    const due = await this.connection.due(MOST_DUE);
    await eachOrganization(this.log, due, async (orgId) => {
      const run = await this.requestClaimed(orgId);
      if (run) await this.queue.ring(orgId, run.id);
    });
    return due.length;
  }

  /** Tells workers again of runs that nobody works on, and of ended ones that the rules have not looked at. Returns how many. */
  async recover(): Promise<number> {
    const abandoned = [...(await this.history.abandoned()), ...(await this.history.unevaluated())];
    for (const { orgId, runId } of abandoned) await this.queue.ring(orgId, runId);
    return abandoned.length;
  }

  /** Cancels what is active: a full run and the light ones that wait for it. */
  async cancelActive(orgId: string, actor: Actor): Promise<void> {
    await this.database.orgTransaction(orgId, async () => {
      const cancelled = await this.history.cancelActive(orgId);
      await this.lightReads.forget(orgId);
      for (const { id } of cancelled) await this.audit.append(orgId, aboutRun(id, actor, 'sync.cancelled'));
    });
  }

  /** Stops this run; what was read is kept. Throws `not-found`, and `conflict` where it has ended. */
  async cancel(orgId: string, runId: string, actor: Actor): Promise<SyncRun> {
    return this.database.orgTransaction(orgId, async () => {
      const [run] = await this.history.cancelActive(orgId, runId);
      if (!run) {
        await this.history.get(orgId, runId);
        throw new Problem('conflict', { detail: 'This sync has ended already.' });
      }
      await this.lightReads.forget(orgId);
      await this.audit.append(orgId, aboutRun(run.id, actor, 'sync.cancelled'));
      return run;
    });
  }

  /** The versions that a run held back. Throws `not-found`. */
  async heldBy(orgId: string, runId: string, page: PageQuery): Promise<ModelVersionPage> {
    const { held } = await this.history.get(orgId, runId);
    return held === 0 ? { items: [], nextCursor: null, total: 0 } : this.held.list(orgId, runId, page);
  }

  /** Stamps what the newest whole read held back, on an Admin's word. Throws `not-found` and `conflict`. */
  async confirmRemovals(orgId: string, runId: string, actor: Actor): Promise<SyncRun> {
    return this.database.orgTransaction(orgId, async () => {
      await this.history.confirm(orgId, runId);
      const removed = await this.held.confirm(orgId, runId);
      const changes = await this.inventory.digestOfRun(orgId, runId);
      await this.audit.append(orgId, {
        ...aboutRun(runId, actor, 'removals.confirmed'),
        after: { removed, changes },
      });
      return this.history.addRemoved(orgId, runId, removed);
    });
  }

  /** Null where there is nothing to ask for. The run, its connection, the trail: whoever writes them in another order risks a deadlock. */
  private async requestClaimed(orgId: string): Promise<SyncRun | null> {
    try {
      return await this.database.orgTransaction(orgId, async () => {
        const asked = await this.history.request(orgId, 'scheduled', null);
        if (!(await this.connection.claim(orgId))) throw new Problem('conflict');
        await this.tellEnds(orgId, asked.superseded);
        return asked.run;
      });
    } catch (error) {
      // Another worker was first; or the active run ended just now, and this sync is still due in a minute. What was asked for is undone.
      if (error instanceof Problem && error.code === 'conflict') return null;
      throw error;
    }
  }

  /** The first whole read of a server is where its polls begin: at what was newest before it. */
  private async readAll(
    orgId: string,
    { lease, opened, signal }: { lease: Lease; opened: OpenConnection; signal: AbortSignal },
  ): Promise<RunEnd> {
    const isFirst = (await this.lightReads.state(orgId)).seen === null;
    const newest = isFirst ? await newestUpdates(await opened.registries(signal), signal) : null;
    const result = await this.pass(orgId, lease, opened).read(signal);
    const { origin } = new URL(opened.source.url);
    await this.webhook.checkRegistration(orgId, { client: opened.client, origin, signal }, WORKER);
    await this.fenced(orgId, lease, opened.revision, async () => {
      if (newest) await this.lightReads.sawAllUntil(orgId, newest);
      await this.lightReads.work(orgId);
      await this.inventory.foldCounts(orgId);
    });
    return wholeEnd(result, opened.client.requests);
  }

  private pass(orgId: string, lease: Lease, opened: OpenConnection): SyncPass {
    const { url } = opened.source;
    const originOf = (workspace: string) => ({
      runId: lease.runId,
      sourceId: sourceId(orgId, url, workspace),
    });
    return new SyncPass({
      orgId,
      lease,
      client: opened.client,
      origin: originOf(opened.source.workspace),
      registries: async (signal) =>
        (await opened.registries(signal)).map(({ workspace, client }) => ({
          client,
          origin: originOf(workspace),
        })),
      probed: opened.probed,
      inventory: this.inventory,
      held: this.held,
      removed: this.removed,
      history: this.history,
      write: (work) => this.fenced(orgId, lease, opened.revision, work),
      changed: () => this.live.publish(orgId, 'inventory', lease.runId),
    });
  }

  /** A transaction that only the newest attempt at a run of the present connection can commit. */
  private async fenced<Result>(
    orgId: string,
    lease: Lease,
    revision: number,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return this.database.orgTransaction(orgId, async () => {
      await this.history.fence(orgId, lease);
      if ((await this.connection.revision(orgId)) !== revision) throw new ConnectionChanged();
      return work();
    });
  }

  private async sayAlive(orgId: string, lease: Lease, stop: AbortController): Promise<void> {
    try {
      await this.history.heartbeat(orgId, lease);
    } catch (error) {
      // Another attempt goes on: reading further is of no use. A database that is away for a moment is met by the next page.
      if (error instanceof LeaseLost) stop.abort(error);
    }
  }

  /** Each reason why a pass did not end: only a fault that is known is the run's end. */
  private async stopped(stop: {
    orgId: string;
    lease: Lease;
    opened: OpenConnection | null;
    error: unknown;
  }): Promise<void> {
    const { orgId, lease, opened, error } = stop;
    if (error instanceof LeaseLost) return;
    if (error instanceof WorkerStopping) return this.history.release(orgId, lease);
    const requests = opened?.client.requests ?? 0;
    const nothing = { complete: false, held: 0, requests };
    if (error instanceof ConnectionChanged || isDisconnected(error))
      return this.end(orgId, lease, { ...nothing, status: 'cancelled', code: null });
    const code = codeOf(error);
    // The run stays, and is taken up again when it has been silent.
    if (!code) throw error;
    this.log.warn({ orgId, runId: lease.runId, code }, 'sync failed');
    await this.end(orgId, lease, { ...nothing, status: 'failed', code });
    // The code does not say what happened: the log of the worker does.
    if (isWithoutRoom(error) || isUnstorable(error)) throw error;
  }

  /** Ends the run with its one event in the audit trail. */
  private async end(orgId: string, lease: Lease, end: RunEnd): Promise<void> {
    await this.database.orgTransaction(orgId, async () => {
      try {
        await this.history.end(orgId, lease, end);
      } catch (error) {
        // Cancelled or taken over in the meantime: whoever did that tells the end.
        if (error instanceof LeaseLost) return;
        throw error;
      }
      const run = await this.history.get(orgId, lease.runId);
      // Before the trail, as whoever else writes both: the other order could end in a deadlock. Only where the run was still there to end:
      // one that a save has cancelled says nothing of what is connected now.
      if (lease.modelNames && end.status === 'succeeded') await this.lightReads.work(orgId);
      if (lease.modelNames && end.status === 'failed' && end.code)
        await this.lightReads.failed(orgId, end.code, 'run');
      if (run.startedAt && (end.status === 'succeeded' || end.status === 'partial'))
        await this.lightReads.wereRead(orgId, lease.modelNames, run.startedAt);
      await this.tellEnd(orgId, run);
      this.log.info(
        { orgId, runId: lease.runId, status: run.status, ...run.counts, requests: run.requests },
        'sync ended',
      );
    });
  }

  /** Of light runs that a whole read took the place of: it may fail. */
  private async tellEnds(orgId: string, runs: readonly SyncRun[]): Promise<void> {
    if (runs.length > 0) await this.lightReads.forget(orgId);
    for (const run of runs) await this.tellEnd(orgId, run);
  }

  private async tellEnd(orgId: string, run: SyncRun): Promise<void> {
    const changes = await this.inventory.digestOfRun(orgId, run.id);
    const { status, counts, held, error } = run;
    await this.audit.append(orgId, {
      ...aboutRun(run.id, WORKER, 'sync.ended'),
      after: { status, code: error?.code ?? null, counts: { ...counts }, held, changes },
    });
  }
}

function aboutRun(runId: string, actor: Actor, action: string): AuditEntry {
  return { actor, action, subject: { type: 'sync-run', id: runId, name: null }, runId };
}
