import { computed, inject, Injectable, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import type { Stage, VersionSort } from '@vw/shared-contracts';
import type { VersionParams } from './inventory-client';
import { STAGE_ORDER } from './stages';

const ROWS = 10;
export const ROW_CHOICES = [10, 25, 50, 100] as const;
const SORTS: readonly VersionSort[] = ['modelName', 'version', 'stage', 'createdAt', 'updatedAt'];

/** What the table shows, kept in the URL: a link opens the same rows and the same drawer. Cursors are of this visit only. */
@Injectable()
export class TableState {
  private readonly router = inject(Router);
  private readonly query = toSignal(inject(ActivatedRoute).queryParamMap, { requireSync: true });

  readonly search = computed(() => this.query().get('search') ?? '');
  /** What the URL holds may have been typed by hand: anything unknown is left out. */
  readonly stage = computed(() => STAGE_ORDER.find((stage) => stage === this.query().get('stage')) ?? null);
  readonly sort = computed(() => SORTS.find((sort) => sort === this.query().get('sort')) ?? 'updatedAt');
  readonly order = computed(() => (this.query().get('order') === 'asc' ? 'asc' : 'desc'));
  readonly rows = computed(
    () => ROW_CHOICES.find((rows) => String(rows) === this.query().get('rows')) ?? ROWS,
  );
  readonly openId = computed(() => this.query().get('version'));

  private readonly cursors = signal<readonly string[]>([]);
  /** Pages walked from the first one. */
  readonly page = computed(() => this.cursors().length);

  readonly params = computed<VersionParams>(() => {
    const stage = this.stage();
    const cursor = this.cursors().at(-1);
    return {
      limit: this.rows(),
      sort: this.sort(),
      order: this.order(),
      ...(this.search() === '' ? {} : { search: this.search() }),
      ...(stage === null ? {} : { stage }),
      ...(cursor === undefined ? {} : { cursor }),
    };
  });

  setSearch(search: string): void {
    this.restart({ search: search === '' ? null : search });
  }

  setStage(stage: Stage | null): void {
    this.restart({ stage });
  }

  setRows(rows: number): void {
    this.restart({ rows: rows === ROWS ? null : rows });
  }

  /** The same column again turns the order; another one starts with what people look for first. */
  sortBy(sort: VersionSort): void {
    const first = sort === 'createdAt' || sort === 'updatedAt' ? 'desc' : 'asc';
    const turned = this.order() === 'asc' ? 'desc' : 'asc';
    this.restart({ sort, order: this.sort() === sort ? turned : first });
  }

  clearFilters(): void {
    this.restart({ search: null, stage: null });
  }

  next(cursor: string): void {
    this.cursors.update((cursors) => [...cursors, cursor]);
  }

  previous(): void {
    this.cursors.update((cursors) => cursors.slice(0, -1));
  }

  open(id: string | null): void {
    this.navigate({ version: id });
  }

  private restart(changes: Record<string, string | number | null>): void {
    this.cursors.set([]);
    this.navigate(changes);
  }

  private navigate(queryParams: Record<string, string | number | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', scroll: 'manual' });
  }
}
