import { computed, effect, linkedSignal, type Signal } from '@angular/core';
import { problemOf } from '../ui/problem';
import type { LiveResource } from './live-resource';
import type { PagedUrl } from './paged-url';

/** One page and its place among all. */
export interface Shown<Page> {
  page: Page;
  /** From 1; null where it is not known. */
  firstRow: number | null;
  /** Rows of all pages; null where it is not known. */
  total: number | null;
}

export interface PagedList<Page> {
  /** The rows and their place; both stay until the next answer. */
  readonly shown: Signal<Shown<Page> | undefined>;
  readonly failure: Signal<unknown>;
}

/** What a page of a list reads, at the place that the URL holds. Begins anew where its cursor is refused. */
export function pagedList<Page extends { total: number | null }>(
  url: PagedUrl,
  read: LiveResource<Page>,
): PagedList<Page> {
  const shown = linkedSignal<
    { page: Page | undefined; firstRow: number | null; total: number | null },
    Shown<Page> | undefined
  >({
    source: () => ({ page: read.value(), firstRow: url.firstRow(), total: url.total() }),
    computation: ({ page, firstRow, total }, previous) =>
      page === undefined ? previous?.value : { page, firstRow, total: page.total ?? total },
  });
  /** A cursor belongs to the filters and the order that it came with; a link that was changed since has lost its page. */
  const isCursorRefused = computed(
    () => url.cursor() !== null && problemOf(read.failure()).code === 'invalid-input',
  );
  effect(() => {
    if (isCursorRefused()) url.replaceByFirst();
  });
  return { shown, failure: computed(() => (isCursorRefused() ? undefined : read.failure())) };
}
