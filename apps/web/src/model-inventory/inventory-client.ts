import { inject, Service, type Signal } from '@angular/core';
import type {
  ChangePage,
  InventorySummary,
  ModelVersionDetail,
  ModelVersionPage,
} from '@vw/shared-contracts';
import { liveResource, type LiveResource } from '../shell/live-resource';
import { Session } from '../shell/session';

const BASE = '/api/v1/model-inventory/mlflow';
/** What the change history of the drawer shows at most. */
const CHANGES = 20;

/** The query of one page of the table, as the wire names it. */
export type VersionParams = Record<string, string | number>;

/** The synced inventory over HTTP. */
@Service()
export class InventoryClient {
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
}
