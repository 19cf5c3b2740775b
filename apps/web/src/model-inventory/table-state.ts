import { Location } from '@angular/common';
import { computed, inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type NavigationExtras, Router } from '@angular/router';
import type { ModelVersionPage, Stage, VersionSort } from '@vw/shared-contracts';
import { map } from 'rxjs';
import type { VersionParams } from './inventory-client';
import { STAGE_ORDER } from './stages';
import { type Walk, walkOf } from './walk';

const ROWS = 10;
export const ROW_CHOICES = [10, 25, 50, 100] as const;
const SORTS: readonly VersionSort[] = ['modelName', 'version', 'stage', 'createdAt', 'updatedAt'];
/** As long as the wire takes it, in characters. */
const SEARCH_LENGTH = 512;

type Changes = Record<string, string | number | null>;

/**
 * What the table shows, kept in the URL: a link opens the same rows and the same drawer. Typing in the search replaces the
 * history entry; every other change is a step that Back undoes.
 */
@Injectable()
export class TableState {
  private readonly router = inject(Router);
  private readonly location = inject(Location);
  private readonly entry = toSignal(
    inject(ActivatedRoute).queryParamMap.pipe(
      map((query) => ({ query, walk: walkOf(this.location.getState()) })),
    ),
    { requireSync: true },
  );
  private readonly query = computed(() => this.entry().query);
  private readonly walk = computed(() => this.entry().walk);

  readonly search = computed(() => (this.query().get('search') ?? '').slice(0, SEARCH_LENGTH));
  /** What the URL holds may have been typed by hand: anything unknown is left out. */
  readonly stage = computed(() => STAGE_ORDER.find((stage) => stage === this.query().get('stage')) ?? null);
  readonly removed = computed(() => this.query().get('removed') === 'true');
  readonly sort = computed(() => SORTS.find((sort) => sort === this.query().get('sort')) ?? 'updatedAt');
  readonly order = computed(() => (this.query().get('order') === 'asc' ? 'asc' : 'desc'));
  readonly rows = computed(
    () => ROW_CHOICES.find((rows) => String(rows) === this.query().get('rows')) ?? ROWS,
  );
  readonly openId = computed(() => this.query().get('version'));
  /** The version beside the open one. */
  readonly compareId = computed(() => this.query().get('compare'));
  /** The instant that the open one is shown at; null for now. */
  readonly asOf = computed(() => this.query().get('asOf'));
  /** Null on the first page. */
  readonly cursor = computed(() => this.query().get('cursor') || null);

  /** Place of the page's first row among all, from 1; null where a link led into the middle. */
  readonly firstRow = computed(() => {
    if (this.cursor() === null) return 1;
    const { fromFirst, before } = this.walk();
    return fromFirst ? (before.length + 1) * this.rows() + 1 : null;
  });
  /** Rows of all pages as the first one told them on the way here. */
  readonly total = computed(() => this.walk().total);
  /** What a link to another drawer over the same page must carry. */
  readonly historyState = computed(() => (this.cursor() === null ? {} : { walk: this.walk() }));
  /** Whether the page before this one is known; the first one always is. */
  readonly knowsPrevious = computed(
    () => this.cursor() === null || this.walk().fromFirst || this.walk().before.length > 0,
  );

  readonly params = computed<VersionParams>(() => {
    const stage = this.stage();
    const cursor = this.cursor();
    return {
      limit: this.rows(),
      sort: this.sort(),
      order: this.order(),
      ...(this.search() === '' ? {} : { search: this.search() }),
      ...(stage === null ? {} : { stage }),
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
    this.restart({ search: null, stage: null });
  }

  next({ nextCursor, total }: ModelVersionPage): void {
    if (nextCursor === null) return;
    const cursor = this.cursor();
    const { fromFirst, before, total: told } = this.walk();
    const walk: Walk =
      cursor === null
        ? { fromFirst: true, before: [], total }
        : { fromFirst, before: [...before, cursor], total: told };
    this.navigate({ cursor: nextCursor }, { state: { walk } });
  }

  /** The page before, where the way here is known; else the first one. */
  previous(): void {
    const walk = this.walk();
    const cursor = walk.before.at(-1) ?? null;
    const state = cursor === null ? {} : { walk: { ...walk, before: walk.before.slice(0, -1) } };
    this.navigate({ cursor }, { state });
  }

  /** In place of a page that cannot be had: Back does not lead to it again. */
  replaceByFirst(): void {
    this.restart({}, { replaceUrl: true });
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

  private restart(changes: Changes, extras: NavigationExtras = {}): void {
    this.navigate({ ...changes, cursor: null }, extras);
  }

  private navigate(queryParams: Changes, extras: NavigationExtras): void {
    void this.router.navigate([], {
      queryParams,
      queryParamsHandling: 'merge',
      scroll: 'manual',
      ...extras,
    });
  }
}
