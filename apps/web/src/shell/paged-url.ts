import { Location } from '@angular/common';
import { computed, inject, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type NavigationExtras, Router } from '@angular/router';
import { map } from 'rxjs';
import { type Walk, walkOf } from './walk';

export type UrlChanges = Record<string, string | number | null>;

/**
 * A list that comes in pages, with its place kept in the URL: a link opens the same rows. Whoever extends it adds what the
 * list is filtered and ordered by. Provided by the page that it belongs to.
 */
export abstract class PagedUrl {
  private readonly router = inject(Router);
  private readonly location = inject(Location);
  private readonly entry = toSignal(
    inject(ActivatedRoute).queryParamMap.pipe(
      map((query) => ({ query, walk: walkOf(this.location.getState()) })),
    ),
    { requireSync: true },
  );
  private readonly walk = computed(() => this.entry().walk);

  /** Rows of a page. */
  abstract readonly rows: Signal<number>;

  protected readonly query = computed(() => this.entry().query);
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

  next({ nextCursor, total }: { nextCursor: string | null; total: number | null }): void {
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

  /** Another list begins at its first page. */
  protected restart(changes: UrlChanges, extras: NavigationExtras = {}): void {
    this.navigate({ ...changes, cursor: null }, extras);
  }

  protected navigate(queryParams: UrlChanges, extras: NavigationExtras): void {
    void this.router.navigate([], {
      queryParams,
      queryParamsHandling: 'merge',
      scroll: 'manual',
      ...extras,
    });
  }
}
