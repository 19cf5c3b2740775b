import { HttpClient } from '@angular/common/http';
import { computed, inject, Service, type Signal } from '@angular/core';
import type {
  ApiKeyPage,
  AuditEvent,
  AuditEventPage,
  AuditVerification,
  UserPage,
} from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { liveResource, type LiveResource } from '../shell/live-resource';
import { Session } from '../shell/session';

const BASE = '/api/v1/audit';

/** Sign-ins and the like announce nothing, so the trail is read again on a clock. */
const EVENTS_EVERY_MS = 60_000;

/** As many as one request may carry; the choice of actors needs no more. */
const MOST_ACTORS = 200;

/** The query of the trail, as the wire names it. */
export type EventParams = Record<string, string | number>;

/** Somebody or something that may stand in the trail. */
export interface TrailActor {
  id: string;
  name: string;
}

/** What a verification of the whole chain found. */
export interface ChainCheck extends AuditVerification {
  /** The newest event when it began; null in an empty trail. */
  head: AuditEvent | null;
  /** Events of the whole trail. */
  total: number;
  /** ISO-8601. */
  checkedAt: string;
  tookMs: number;
}

/** The audit trail over HTTP. */
@Service()
export class AuditClient {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  /** Undefined parameters read nothing. */
  events(params: Signal<EventParams | undefined>): LiveResource<AuditEventPage> {
    return liveResource(
      ['connection', 'governance'],
      () => {
        const asked = params();
        return asked === undefined ? undefined : { url: `${BASE}/events`, params: asked };
      },
      { everyMs: EVENTS_EVERY_MS },
    );
  }

  /** People and keys by name; nobody for those who may not read them. Must be called where resources may be made. */
  actors(): Signal<readonly TrailActor[]> {
    const read = <Page>(url: string) =>
      liveResource<Page>([], () =>
        this.session.isAdmin() ? { url, params: { limit: MOST_ACTORS } } : undefined,
      );
    const people = read<UserPage>('/api/v1/users');
    const keys = read<ApiKeyPage>('/api/v1/api-keys');
    return computed(() => [...(people.value()?.items ?? []), ...(keys.value()?.items ?? [])]);
  }

  /** The newest event before an instant, ISO-8601; null where there is none. */
  async newestBefore(to: string): Promise<AuditEvent | null> {
    return (await this.newest({ to })).items[0] ?? null;
  }

  async verifyChain(): Promise<ChainCheck> {
    const started = Date.now();
    // The head first: what is verified afterwards reaches at least as far.
    const { items, total } = await this.newest({});
    const found = await firstValueFrom(this.http.get<AuditVerification>(`${BASE}/verify`));
    const tookMs = Date.now() - started;
    return {
      ...found,
      head: items[0] ?? null,
      total: Math.max(total ?? 0, found.events),
      checkedAt: new Date().toISOString(),
      tookMs,
    };
  }

  /** Where the browser loads the filtered trail from. */
  exportUrl(format: 'csv' | 'jsonl', filter: Record<string, string>): string {
    const query = new URLSearchParams(filter).toString();
    return `${BASE}/events.${format}${query === '' ? '' : `?${query}`}`;
  }

  private newest(filter: EventParams): Promise<AuditEventPage> {
    return firstValueFrom(
      this.http.get<AuditEventPage>(`${BASE}/events`, { params: { ...filter, limit: 1 } }),
    );
  }
}
