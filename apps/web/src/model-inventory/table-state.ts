import { computed, Injectable } from '@angular/core';
import type { Requirement, Stage, VersionSort } from '@vw/shared-contracts';
import { PagedUrl } from '../shell/paged-url';
import type { VersionParams } from './inventory-client';
import { STAGE_ORDER } from './stages';

const ROWS = 10;
export const ROW_CHOICES = [10, 25, 50, 100] as const;
const SORTS: readonly VersionSort[] = ['modelName', 'version', 'stage', 'createdAt', 'updatedAt'];
/** Any review, or one of them. */
export type GapFilter = Requirement | 'any';
const GAPS: readonly GapFilter[] = ['any', 'bias-assessment', 'security-review', 'privacy-evaluation'];
/** As long as the wire takes it, in characters. */
const SEARCH_LENGTH = 512;

/**
 * What the table shows, kept in the URL: a link opens the same rows and the same drawer. Typing in the search replaces the
 * history entry; every other change is a step that Back undoes.
 */
@Injectable()
export class TableState extends PagedUrl {
  readonly search = computed(() => (this.query().get('search') ?? '').slice(0, SEARCH_LENGTH));
  /** What the URL holds may have been typed by hand: anything unknown is left out. */
  readonly stage = computed(() => STAGE_ORDER.find((stage) => stage === this.query().get('stage')) ?? null);
  readonly gap = computed(() => GAPS.find((gap) => gap === this.query().get('gap')) ?? null);
  readonly removed = computed(() => this.query().get('removed') === 'true');
  readonly sort = computed(() => SORTS.find((sort) => sort === this.query().get('sort')) ?? 'updatedAt');
  readonly order = computed(() => (this.query().get('order') === 'asc' ? 'asc' : 'desc'));
  readonly rows = computed(
    () => ROW_CHOICES.find((rows) => String(rows) === this.query().get('rows')) ?? ROWS,
  );
  readonly openId = computed(() => this.query().get('version'));
  /** The version beside the open one. */
  readonly compareId = computed(() => this.query().get('compare'));
  /** The instant that the open one is shown at; null: as it is today. */
  readonly asOf = computed(() => this.query().get('asOf'));

  readonly params = computed<VersionParams>(() => {
    const stage = this.stage();
    const gap = this.gap();
    const cursor = this.cursor();
    return {
      limit: this.rows(),
      sort: this.sort(),
      order: this.order(),
      ...(this.search() === '' ? {} : { search: this.search() }),
      ...(stage === null ? {} : { stage }),
      ...(gap === null ? {} : { gap }),
      ...(this.removed() ? { removed: 'true' } : {}),
      ...(cursor === null ? {} : { cursor }),
    };
  });

  setSearch(search: string): void {
    if (search !== this.search())
      this.restart({ search: search === '' ? null : search }, { replaceUrl: true });
  }

  setStage(stage: Stage | null): void {
    this.restart({ stage });
  }

  setGap(gap: string): void {
    this.restart({ gap: GAPS.find((known) => known === gap) ?? null });
  }

  setRemoved(removed: boolean): void {
    this.restart({ removed: removed ? 'true' : null });
  }

  setRows(rows: number): void {
    this.restart({ rows: rows === ROWS ? null : rows });
  }

  /** The same column again turns the order; another one starts with what people look for first. */
  sortBy(sort: VersionSort): void {
    const first = sort === 'createdAt' || sort === 'updatedAt' ? 'desc' : 'asc';
    const turned = this.order() === 'asc' ? 'desc' : 'asc';
    this.setSort(sort, this.sort() === sort ? turned : first);
  }

  setSort(sort: VersionSort, order: 'asc' | 'desc'): void {
    this.restart({ sort, order });
  }

  clearFilters(): void {
    this.restart({ search: null, stage: null, gap: null });
  }

  open(id: string | null): void {
    this.navigate({ version: id, compare: null, asOf: null }, { state: this.historyState() });
  }

  compare(compare: string | null): void {
    this.navigate({ compare, asOf: null }, { state: this.historyState() });
  }

  showAsOf(asOf: string | null): void {
    this.navigate({ asOf, compare: null }, { state: this.historyState() });
  }
}
