import { DestroyRef, inject, Service, signal, type Signal } from '@angular/core';

/** The present, for texts such as "37 minutes ago". */
@Service()
export class Clock {
  /** Milliseconds since the epoch; moves every ten seconds, which is finer than any text built on it. */
  readonly now = ticking(10_000);
}

/** The present, moving every `everyMs` milliseconds until its owner is destroyed. */
export function ticking(everyMs: number): Signal<number> {
  const now = signal(Date.now());
  const timer = setInterval(() => now.set(Date.now()), everyMs);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
  return now.asReadonly();
}
