import { computed, signal, type Signal } from '@angular/core';
import type { Page } from '@vw/shared-contracts';

/** The way through a list in pages, kept as long as its tab is open. */
export class Pages {
  private readonly passed = signal<readonly { cursor: string; rows: number }[]>([]);
  /** Rows of all pages, which only the first one tells. */
  private readonly total = signal<number | null>(null);

  readonly cursor = computed(() => this.passed().at(-1)?.cursor);
  readonly isFirst = computed(() => this.passed().length === 0);

  next(page: Page<unknown>): void {
    const cursor = page.nextCursor;
    if (cursor === null) return;
    if (page.total !== null) this.total.set(page.total);
    this.passed.update((passed) => [...passed, { cursor, rows: page.items.length }]);
  }

  previous(): void {
    this.passed.update((passed) => passed.slice(0, -1));
  }

  /** `26–50 of 61 people`, of the page shown. */
  range(page: Signal<Page<unknown> | undefined>, [one, many]: readonly [string, string]): Signal<string> {
    return computed(() => {
      const shown = page();
      if (shown === undefined) return '';
      const before = this.passed().reduce((sum, { rows }) => sum + rows, 0);
      const total = shown.total ?? this.total();
      const noun = total === 1 ? one : many;
      const range = `${before + 1}–${before + shown.items.length}`;
      return total === null ? range : `${range} of ${total.toLocaleString('en-US')} ${noun}`;
    });
  }
}
