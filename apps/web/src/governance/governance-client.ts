import { HttpClient } from '@angular/common/http';
import { computed, inject, Service, type Signal } from '@angular/core';
import type {
  Attestation,
  AttestationInput,
  Entry,
  EntryInput,
  EntryPage,
  FindingPage,
  GapPage,
  GovernanceSummary,
  ReviewedVersion,
  RuleCatalogue,
  VersionGovernance,
  Waiver,
  WaiverInput,
  WaiverPage,
} from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { liveResource, type LiveResource } from '../shell/live-resource';
import { Session } from '../shell/session';

const BASE = '/api/v1/governance';
const ENTRIES = '/api/v1/model-inventory/entries';
/** The most that the wire answers with at once: an export should be few requests. */
const EXPORT_ROWS = 200;

/** The query of one page, as the wire names it. */
export type ListParams = Record<string, string | number>;

/** What the rules found, and what people say about it, over HTTP. */
@Service()
export class GovernanceClient {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  readonly summary: LiveResource<GovernanceSummary> = liveResource(['governance', 'inventory'], () =>
    this.session.canReadGovernance() ? { url: `${BASE}/summary` } : undefined,
  );
  /** The catalogue changes with VerifyWise itself only. */
  readonly rules: LiveResource<RuleCatalogue> = liveResource([], () =>
    this.session.canReadGovernance() ? { url: `${BASE}/rules` } : undefined,
  );

  /** What each rule asks, in words. */
  readonly ruleTitles = computed(
    () => new Map(this.rules.value()?.items.map(({ id, title }) => [id, title])),
  );

  /** Reviews known to be missing, failed or expired; undefined before the first evaluation. */
  readonly openGaps = computed(() => {
    const summary = this.summary.value();
    if (summary === undefined || summary.evaluatedAt === null) return undefined;
    return summary.requirements.reduce((sum, one) => sum + one.missing + one.failed + one.expired, 0);
  });

  /** Waivers that nobody has answered yet. */
  readonly waiversWaiting = computed(() => this.summary.value()?.waiversWaiting);

  gaps(params: Signal<ListParams>): LiveResource<GapPage> {
    return liveResource(['governance'], () => ({ url: `${BASE}/gaps`, params: params() }));
  }

  /** Every page of a filtered list, one after the other. */
  async everyGap(filters: ListParams): Promise<ReviewedVersion[]> {
    const items: ReviewedVersion[] = [];
    let cursor: string | null = null;
    do {
      const params: ListParams = { ...filters, limit: EXPORT_ROWS, ...(cursor === null ? {} : { cursor }) };
      const page: GapPage = await firstValueFrom(this.http.get<GapPage>(`${BASE}/gaps`, { params }));
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  findings(params: Signal<ListParams>): LiveResource<FindingPage> {
    return liveResource(['governance'], () => ({ url: `${BASE}/findings`, params: params() }));
  }

  /** All that was said of one version, as it stands or as it stood at an instant; undefined reads nothing. */
  version(
    versionId: Signal<string | undefined>,
    asOf: Signal<string | null>,
  ): LiveResource<VersionGovernance> {
    return liveResource(['governance', 'inventory'], () => {
      const [id, at] = [versionId(), asOf()];
      if (id === undefined) return undefined;
      return { url: `${BASE}/versions/${id}`, ...(at === null ? {} : { params: { asOf: at } }) };
    });
  }

  waivers(params: Signal<ListParams>): LiveResource<WaiverPage> {
    return liveResource(['governance'], () => ({ url: `${BASE}/waivers`, params: params() }));
  }

  /** The entry of a version's model; undefined reads nothing. */
  entryOf(versionId: Signal<string | undefined>): LiveResource<EntryPage> {
    return liveResource(['governance', 'inventory'], () => {
      const id = versionId();
      return id === undefined ? undefined : { url: ENTRIES, params: { versionId: id } };
    });
  }

  attest(input: AttestationInput): Promise<Attestation> {
    return firstValueFrom(this.http.post<Attestation>(`${BASE}/attestations`, input));
  }

  requestWaiver(input: WaiverInput): Promise<Waiver> {
    return firstValueFrom(this.http.post<Waiver>(`${BASE}/waivers`, input));
  }

  approveWaiver(id: string): Promise<Waiver> {
    return firstValueFrom(this.http.post<Waiver>(`${BASE}/waivers/${id}/approve`, null));
  }

  refuseWaiver(id: string, reason: string): Promise<Waiver> {
    return firstValueFrom(this.http.post<Waiver>(`${BASE}/waivers/${id}/refuse`, { reason }));
  }

  withdrawWaiver(id: string): Promise<Waiver> {
    return firstValueFrom(this.http.post<Waiver>(`${BASE}/waivers/${id}/withdraw`, null));
  }

  changeEntry(id: string, input: EntryInput): Promise<Entry> {
    return firstValueFrom(this.http.patch<Entry>(`${ENTRIES}/${id}`, input));
  }
}
