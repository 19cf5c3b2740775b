import { HttpClient } from '@angular/common/http';
import { inject, Service, signal, type Signal } from '@angular/core';
import type {
  ChangePage,
  InventorySummary,
  MetricCourse,
  KnownModelVersion,
  ModelVersionDetail,
  ModelVersionPage,
} from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { liveResource, type LiveResource } from '../shell/live-resource';
import { Session } from '../shell/session';

const BASE = '/api/v1/model-inventory/mlflow';
/** The change history of the drawer shows this many at first; each further step is longer. */
const CHANGES = 20;
const OLDER_CHANGES = 50;
/** As many as a page holds. */
const SIBLINGS = 200;
const NOW = signal(null).asReadonly();

/** The query of one page of the table, as the wire names it. */
export type VersionParams = Record<string, string | number>;

/** The synced inventory over HTTP. */
@Service()
export class InventoryClient {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  /** Dropped at sign-out: the next person in this browser may be of another organization. */
  readonly summary: LiveResource<InventorySummary> = liveResource(
    ['inventory', 'sync-run', 'connection'],
    () => (this.session.me() === null ? undefined : { url: `${BASE}/summary` }),
  );

  versions(params: Signal<VersionParams>): LiveResource<ModelVersionPage> {
    return liveResource(['inventory'], () => ({ url: `${BASE}/versions`, params: params() }));
  }

  /** As it is, or as it was at an instant; nothing while there is no id. */
  version(id: Signal<string | null>, asOf: Signal<string | null> = NOW): LiveResource<KnownModelVersion> {
    return liveResource(['inventory'], () => {
      const at = asOf();
      if (id() === null) return undefined;
      return { url: `${BASE}/versions/${id()}`, ...(at === null ? {} : { params: { asOf: at } }) };
    });
  }

  /**
   * The newest versions of the models whose names contain this one's; nothing while it is not known. Removed ones only for one that is
   * removed: a model that was deleted and made again has twins of the same name among them.
   */
  versionsNamedAs(version: Signal<ModelVersionDetail | undefined>): LiveResource<ModelVersionPage> {
    return liveResource(['inventory'], () => {
      const shown = version();
      if (shown === undefined) return undefined;
      const removed = shown.removedAt === null ? {} : { removed: 'true' };
      const params = { search: shown.modelName, sort: 'version', order: 'desc', limit: SIBLINGS, ...removed };
      return { url: `${BASE}/versions`, params };
    });
  }

  metricCourse(id: Signal<string>): LiveResource<MetricCourse> {
    return liveResource(['inventory'], () => ({ url: `${BASE}/versions/${id()}/metric-course` }));
  }

  /** Where the whole filtered set can be loaded as a table. */
  csvUrl({ search, stage, gap, removed }: VersionParams): string {
    const filters = Object.entries({ search, stage, gap, removed }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    return `${BASE}/versions.csv${filters.length === 0 ? '' : `?${new URLSearchParams(filters)}`}`;
  }

  changes(id: Signal<string>): LiveResource<ChangePage> {
    return liveResource(['inventory'], () => ({
      url: `${BASE}/versions/${id()}/changes`,
      params: { limit: CHANGES },
    }));
  }

  /** The changes behind a page of them; a change is never changed, so these need no reading again. */
  olderChanges(id: string, cursor: string): Promise<ChangePage> {
    return firstValueFrom(
      this.http.get<ChangePage>(`${BASE}/versions/${id}/changes`, {
        params: { limit: OLDER_CHANGES, cursor },
      }),
    );
  }
}
