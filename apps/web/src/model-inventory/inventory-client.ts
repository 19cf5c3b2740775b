import { HttpClient } from '@angular/common/http';
import { inject, Service, type Signal } from '@angular/core';
import type {
  ChangePage,
  InventorySummary,
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

  version(id: Signal<string>): LiveResource<ModelVersionDetail> {
    return liveResource(['inventory'], () => ({ url: `${BASE}/versions/${id()}` }));
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
