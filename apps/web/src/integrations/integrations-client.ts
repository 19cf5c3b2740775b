import { HttpClient } from '@angular/common/http';
import { computed, inject, Service, type Signal } from '@angular/core';
import type {
  ChangePage,
  Connection,
  ConnectionInput,
  ConnectionTest,
  ModelVersionPage,
  SyncRun,
  SyncRunPage,
} from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { liveResource, type LiveResource } from '../shell/live-resource';
import { Session } from '../shell/session';
import { Clock } from '../ui/clock';

const BASE = '/api/v1/integrations/mlflow';

/** The duration bars show this many syncs; the history reads as many a page. */
export const RUNS_PER_PAGE = 24;

/** The triggers of syncs that read MLflow whole. */
export const WHOLE_READS = 'scheduled,manual';

/** Enough to judge by, few enough to read. */
export const HELD_PER_PAGE = 20;

/** A worker reports every few seconds; after this silence it is taken for stopped. */
const WORKER_SILENCE_MS = 3 * 60_000;

/** Without an event nothing says that the worker still reports, so the connection is read again on a clock. */
const CONNECTION_EVERY_MS = 60_000;

/** The MLflow integration over HTTP. */
@Service()
export class IntegrationsClient {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly clock = inject(Clock);

  readonly connection: LiveResource<Connection> = liveResource(
    ['connection', 'sync-run'],
    () => (this.session.canReadIntegrations() ? { url: BASE } : undefined),
    { everyMs: CONNECTION_EVERY_MS },
  );

  /** The newest syncs that read MLflow whole: cards, remedies and what waits for a decision are about those. */
  readonly wholeRuns: LiveResource<SyncRunPage> = liveResource(['sync-run'], () =>
    this.session.canReadIntegrations()
      ? { url: `${BASE}/sync-runs`, params: { limit: RUNS_PER_PAGE, trigger: WHOLE_READS } }
      : undefined,
  );

  readonly recentRuns: LiveResource<SyncRunPage> = liveResource(['sync-run'], () =>
    this.session.canReadIntegrations()
      ? { url: `${BASE}/sync-runs`, params: { limit: RUNS_PER_PAGE } }
      : undefined,
  );

  /** Null where this person may not know. */
  readonly workerRuns = computed<boolean | null>(() => {
    const connection = this.connection.value();
    if (connection === undefined) return null;
    const { lastSeenAt } = connection.worker;
    return lastSeenAt !== null && this.clock.now() - Date.parse(lastSeenAt) <= WORKER_SILENCE_MS;
  });

  /** After a click of one's own: the page must not wait until it is told. */
  reloadRuns(): void {
    this.wholeRuns.reload();
    this.recentRuns.reload();
  }

  /** The run that a click on Re-run Sync would return. */
  readonly activeRun = computed(() => this.wholeRuns.value()?.items.find(isActive));

  /** A page of the history, of some triggers or all; undefined reads nothing. */
  runs(asked: Signal<{ cursor?: string; trigger?: string } | undefined>): LiveResource<SyncRunPage> {
    return liveResource(['sync-run'], () => {
      const params = asked();
      return params && { url: `${BASE}/sync-runs`, params: { limit: RUNS_PER_PAGE, ...params } };
    });
  }

  /** One run, whatever page of the history it stands on. */
  run(id: Signal<string>): LiveResource<SyncRun> {
    return liveResource(['sync-run'], () => ({ url: `${BASE}/sync-runs/${id()}` }));
  }

  changesOf(run: Signal<SyncRun>, limit: number): LiveResource<ChangePage> {
    return liveResource([], () => ({ url: changesUrl(run()), params: { limit } }));
  }

  moreChangesOf(run: SyncRun, cursor: string, limit: number): Promise<ChangePage> {
    return firstValueFrom(this.http.get<ChangePage>(changesUrl(run), { params: { cursor, limit } }));
  }

  /** What a run did not see and held back, page by page. */
  heldBy(runId: Signal<string>, cursor: Signal<string | undefined>): LiveResource<ModelVersionPage> {
    return liveResource(['sync-run'], () => {
      const at = cursor();
      return {
        url: `${BASE}/sync-runs/${runId()}/held`,
        params: { limit: HELD_PER_PAGE, ...(at === undefined ? {} : { cursor: at }) },
      };
    });
  }

  cancel(runId: string): Promise<SyncRun> {
    return firstValueFrom(this.http.post<SyncRun>(`${BASE}/sync-runs/${runId}/cancel`, null));
  }

  confirmRemovals(runId: string): Promise<SyncRun> {
    return firstValueFrom(this.http.post<SyncRun>(`${BASE}/sync-runs/${runId}/confirm-removals`, null));
  }

  /** Tests the saved settings; with an input, that input. */
  testConnection(input: ConnectionInput | null): Promise<ConnectionTest> {
    return firstValueFrom(this.http.post<ConnectionTest>(`${BASE}/test`, input));
  }

  save(input: ConnectionInput): Promise<Connection> {
    return firstValueFrom(this.http.put<Connection>(BASE, input));
  }

  /** Registers a webhook at MLflow, or deletes it. */
  setWebhook(enabled: boolean): Promise<Connection> {
    return firstValueFrom(this.http.put<Connection>(`${BASE}/webhook`, { enabled }));
  }

  async disconnect(): Promise<void> {
    await firstValueFrom(this.http.delete(BASE));
  }

  requestSync(): Promise<SyncRun> {
    return firstValueFrom(this.http.post<SyncRun>(`${BASE}/sync`, null));
  }
}

function changesUrl(run: SyncRun): string {
  return `${BASE}/sync-runs/${run.id}/changes`;
}

export function isActive(run: SyncRun): boolean {
  return run.status === 'queued' || run.status === 'running';
}
