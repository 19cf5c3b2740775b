import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '@vw/audit';
import { MlflowError } from '@vw/mlflow-client';
import {
  LightReads,
  MlflowConnection,
  MlflowWebhook,
  ONCE,
  type Delivery,
  type OpenConnection,
  type PollState,
  type Seen,
} from '@vw/mlflow-connection';
import { sourceId, UpstreamNews } from '@vw/model-inventory';
import { Database, Problem, SyncQueue } from '@vw/platform';
import type { ProblemCode, SyncRun } from '@vw/shared-contracts';
import { LightRuns, type RungRun } from '@vw/sync-history';
import { laterOf, updatesSince } from './newest-updates';

/**
 * Polls that one worker has under way. Each mostly waits for MLflow and holds a page of 100 rows: fewer leave the worker idle while servers
 * are slow, more only wait for its one CPU, of which 33 to 45 polls a second take all.
 */
const MOST_POLLS = 20;

/** Rows of a finding that are remembered one by one. */
const MOST_NAMED = 1_000;

/** What one look at all that is read of a server brought. */
interface Look {
  /** Rows that are not held as they are listed. */
  found: { workspace: string; name: string }[];
  newest: Seen;
  isDeep: boolean;
}

/**
 * Looks for changes between the whole reads, and is told of some by MLflow. Finds out which models changed and asks for a light run on
 * them; writes nothing of the inventory, so that what is found goes the one way in.
 */
@Injectable()
export class RegistryWatch {
  /** Organizations whose poll waits for its server. */
  private readonly polling = new Set<string>();
  private freePlaces = MOST_POLLS;

  constructor(
    private readonly database: Database,
    private readonly connection: MlflowConnection,
    private readonly lightReads: LightReads,
    private readonly lightRuns: LightRuns,
    private readonly webhook: MlflowWebhook,
    private readonly news: UpstreamNews,
    private readonly audit: Audit,
    private readonly queue: SyncQueue,
  ) {}

  /** Polls until nothing is due. Any number of workers may ask at once, and again while these polls wait for slow servers. */
  async pollDue(signal: AbortSignal): Promise<void> {
    const places = this.freePlaces;
    if (places === 0) return;
    // Taken before they are filled: whoever asks meanwhile would fill them too.
    this.freePlaces = 0;
    const due = await this.lightReads.claimDue(places).catch((error: unknown) => {
      this.freePlaces += places;
      throw error;
    });
    this.freePlaces += places - due.length;
    await Promise.all(due.map((orgId) => this.pollFrom(orgId, signal)));
  }

  /**
   * Takes a delivery of MLflow's and asks for a webhook run on the model that it names. Deliveries that come before that run starts go
   * into it. What no run has read, and what comes where none may be made, is kept for the next poll or delivery. Throws `not-found`, also
   * for one that is not signed.
   */
  async receive(hookId: string, delivery: Delivery): Promise<void> {
    const orgId = await this.webhook.ownerOf(hookId);
    // In one transaction: a delivery that could not be written down is one that has not come, and MLflow repeats it.
    const run = await this.database.orgTransaction(orgId, async () => {
      const modelName = await this.webhook.accept(orgId, hookId, delivery);
      return modelName === null ? null : this.requestFor(orgId, modelName);
    });
    if (run) await this.queue.ring(orgId, run.runId, run.delayMs);
  }

  /** One look at MLflow, two requests for each registry and with `*` those that find them; a poll run where something is new, else no trace. */
  async poll(orgId: string, signal: AbortSignal): Promise<SyncRun | null> {
    const started = performance.now();
    const state = await this.lightReads.state(orgId);
    if (!state.seen || (await this.lightRuns.isActive(orgId))) return null;
    // Before the credential is opened: one that cannot be is told once, and not at each poll.
    if (await this.connection.awaitsAdmin(orgId)) return null;
    let opened: OpenConnection | null = null;
    try {
      // The next poll is the retry: tried again at once, a server that hangs would hold a place for minutes.
      opened = await this.connection.open(orgId, ONCE);
      return await this.lookWith(opened, { orgId, state, signal });
    } catch (error) {
      // The process ends; another worker polls an interval later.
      if (signal.aborted) return null;
      // What MLflow answers, and a credential that cannot be opened, an Admin must know of; anything else is a fault of ours.
      if (!(error instanceof MlflowError || error instanceof Problem)) throw error;
      if (error.code === 'not-configured') return null;
      const requests = opened?.client.requests ?? 0;
      const milliseconds = performance.now() - started;
      const revision = opened?.revision ?? state.revision;
      await this.fail(orgId, { code: error.code, requests, milliseconds, revision });
      return null;
    }
  }

  /** One place: where one poll ends the next that is due begins, or many short ones would wait for the clock. */
  private async pollFrom(first: string, signal: AbortSignal): Promise<void> {
    try {
      let orgId: string | undefined = first;
      while (orgId !== undefined && !signal.aborted) {
        // One that is due again while its server hangs would else take the places of all others.
        if (!this.polling.has(orgId)) await this.pollOnce(orgId, signal);
        [orgId] = await this.lightReads.claimDue(1);
      }
    } finally {
      this.freePlaces += 1;
    }
  }

  private async pollOnce(orgId: string, signal: AbortSignal): Promise<void> {
    this.polling.add(orgId);
    try {
      await this.poll(orgId, signal);
    } finally {
      this.polling.delete(orgId);
    }
  }

  private async requestFor(orgId: string, modelName: string): Promise<RungRun | null> {
    const { seen, failing, unread } = await this.lightReads.state(orgId);
    // Before a first whole read all is read anyway; where light reads fail the next would, and an Admin or the whole read comes first.
    const waits = !seen || failing || (await this.connection.awaitsAdmin(orgId));
    // What is unread while no run is active is not asked for any more.
    const names = (await this.lightRuns.isActive(orgId)) ? [modelName] : [modelName, ...unread];
    const run = waits ? null : await this.lightRuns.requestWebhook(orgId, [...new Set(names)]);
    await this.lightReads.named(orgId, modelName);
    return run;
  }

  private async lookWith(
    opened: OpenConnection,
    { orgId, state, signal }: { orgId: string; state: PollState; signal: AbortSignal },
  ): Promise<SyncRun | null> {
    if (!state.seen) return null;
    const { found, newest, isDeep } = await this.look(opened, { orgId, seen: state.seen, signal });
    if ((await this.connection.revision(orgId)) !== opened.revision) return null;
    const digests = digestsOf(found);
    const known = new Set(state.finding?.split(' '));
    const isFound = found.length > 0 && (digests.some((one) => !known.has(one)) || state.failing);
    const isNews = isFound || state.unread.length > 0;
    if (!isNews && isDeep) await this.lightReads.sawAllUntil(orgId, newest);
    if (!isNews) {
      if (state.failing) await this.lightReads.work(orgId);
      return null;
    }
    const names = [...found.map(({ name }) => name), ...state.unread];
    return this.ask(orgId, digests.join(' '), [...new Set(names)]);
  }

  /** Of several registries one clock stamps all: what comes into the first while the last is listed stands in its next first page. */
  private async look(
    opened: OpenConnection,
    { orgId, seen, signal }: { orgId: string; seen: Seen; signal: AbortSignal },
  ): Promise<Look> {
    const look: Look = { found: [], newest: seen, isDeep: false };
    for (const { workspace, client } of await opened.registries(signal)) {
      if (!client) continue;
      const updates = await updatesSince(client, seen, signal);
      const source = sourceId(orgId, opened.source.url, workspace);
      const { models, versions } = await this.news.among(orgId, source, updates);
      for (const row of [...models, ...versions]) look.found.push({ workspace, ...row });
      look.newest = laterOf(look.newest, updates.newest);
      look.isDeep ||= updates.isDeep;
    }
    return look;
  }

  private async ask(orgId: string, finding: string, names: readonly string[]): Promise<SyncRun | null> {
    const run = await this.database.orgTransaction(orgId, async () => {
      const asked = await this.lightRuns.requestPoll(orgId, names);
      if (asked) await this.lightReads.found(orgId, finding);
      return asked;
    });
    if (run) await this.queue.ring(orgId, run.id);
    return run;
  }

  private async fail(
    orgId: string,
    {
      revision,
      ...failure
    }: { code: ProblemCode; requests: number; milliseconds: number; revision: number | null },
  ): Promise<void> {
    await this.database.orgTransaction(orgId, async () => {
      // Of a server that is connected no more.
      if ((await this.connection.revision(orgId)) !== revision) return;
      if (!(await this.lightReads.failed(orgId, failure.code, 'poll'))) return;
      const id = await this.lightRuns.keepFailedPoll(orgId, failure);
      await this.audit.append(orgId, {
        actor: { id: null, name: null, via: 'worker' },
        action: 'sync.ended',
        subject: { type: 'sync-run', id, name: null },
        runId: id,
        after: { status: 'failed', code: failure.code },
      });
    });
  }
}

/**
 * Names what was found, so that the same once more is known for what it is: a row that can never be held, as of a hidden model, is listed
 * each time. Row by row, or where they are many, all together.
 */
function digestsOf(rows: readonly object[]): string[] {
  const digests = rows.map((row) => hash('sha256', JSON.stringify(row)).slice(0, 16)).sort();
  return digests.length <= MOST_NAMED ? digests : [hash('sha256', digests.join(' '))];
}
