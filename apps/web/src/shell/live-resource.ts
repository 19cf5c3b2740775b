import { httpResource, type HttpResourceRequest } from '@angular/common/http';
import { computed, DestroyRef, inject, linkedSignal, type Signal, untracked } from '@angular/core';
import type { LiveTopic } from '@vw/shared-contracts';
import { LiveEvents } from './live-events';

const RETRY_MS = 250;

/** Something read from the API, kept current. */
export interface LiveResource<T> {
  /** The answer to the present request; survives a failed re-read. */
  readonly value: Signal<T | undefined>;
  /** The last answer to any request: a table keeps its rows while the next page is on its way. */
  readonly latest: Signal<T | undefined>;
  /** Why there is no `value`. */
  readonly failure: Signal<unknown>;
  readonly loading: Signal<boolean>;
  reload(): void;
}

/**
 * Reads `request` now, when a signal in it changes, when the server says that one of `topics` changed, and, where
 * `everyMs` is given, on that clock too. An undefined request reads nothing.
 */
export function liveResource<T>(
  topics: readonly LiveTopic[],
  request: () => HttpResourceRequest | undefined,
  options: { everyMs?: number } = {},
): LiveResource<T> {
  const asked = computed(request, { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) });
  const resource = httpResource<T>(() => asked());

  const answer = linkedSignal<
    { asked: HttpResourceRequest | undefined; value: T | undefined },
    { asked: HttpResourceRequest | undefined; value: T } | undefined
  >({
    source: () => ({ asked: asked(), value: resource.hasValue() ? resource.value() : undefined }),
    computation: ({ asked, value }, previous) => (value === undefined ? previous?.value : { asked, value }),
  });
  const latest = computed(() => (asked() === undefined ? undefined : answer()?.value));
  const value = computed(() => (answer()?.asked === asked() ? latest() : undefined));
  const failure = computed<unknown>(() => (value() === undefined ? resource.error() : undefined));

  const reload = () => {
    // A first read under way may have been answered before the change; it is asked again afterwards.
    if (!resource.reload() && untracked(resource.isLoading)) setTimeout(reload, RETRY_MS);
  };
  inject(LiveEvents).onChange(topics, reload);
  if (options.everyMs !== undefined) {
    const timer = setInterval(reload, options.everyMs);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  return { value, latest, failure, loading: resource.isLoading, reload };
}
