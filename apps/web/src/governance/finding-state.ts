import { computed, Injectable, signal } from '@angular/core';
import type { FindingStatus } from '@vw/shared-contracts';
import { PagedUrl } from '../shell/paged-url';
import type { ListParams } from './governance-client';
import { FINDING_STATUSES, SEVERITIES } from './review-words';

const ROWS = 25;
/** As long as the wire takes it, in characters. */
const SEARCH_LENGTH = 512;

/** What the list of findings shows, kept in the URL. */
@Injectable()
export class FindingState extends PagedUrl {
  readonly rows = signal(ROWS).asReadonly();
  readonly search = computed(() => (this.query().get('search') ?? '').slice(0, SEARCH_LENGTH));
  /** What the URL holds may have been typed by hand: anything unknown is left out. */
  readonly severity = computed(
    () => SEVERITIES.find(({ severity }) => severity === this.query().get('severity'))?.severity ?? null,
  );
  readonly rule = computed(() => {
    const rule = this.query().get('rule') ?? '';
    return /^G\d\d$/.test(rule) ? rule : null;
  });
  /** Open ones at first. */
  readonly status = computed<FindingStatus>(
    () => FINDING_STATUSES.find(({ status }) => status === this.query().get('status'))?.status ?? 'open',
  );
  readonly isFiltered = computed(
    () =>
      this.search() !== '' || this.severity() !== null || this.rule() !== null || this.status() !== 'open',
  );

  readonly params = computed<ListParams>(() => {
    const severity = this.severity();
    const rule = this.rule();
    const cursor = this.cursor();
    return {
      limit: this.rows(),
      requirement: 'none',
      sort: 'severity',
      status: this.status(),
      ...(this.search() === '' ? {} : { search: this.search() }),
      ...(severity === null ? {} : { severity }),
      ...(rule === null ? {} : { rule }),
      ...(cursor === null ? {} : { cursor }),
    };
  });

  setSearch(search: string): void {
    if (search !== this.search())
      this.restart({ search: search === '' ? null : search }, { replaceUrl: true });
  }

  /** Empty is any. */
  set(filter: 'severity' | 'rule' | 'status', value: string): void {
    const isDefault = value === '' || (filter === 'status' && value === 'open');
    this.restart({ [filter]: isDefault ? null : value });
  }

  clearFilters(): void {
    this.restart({ search: null, severity: null, rule: null, status: null });
  }
}
