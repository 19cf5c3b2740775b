/** So many pieces of work at once, whoever asks; the others wait, first come, first served. */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/**
 * Does the work for every item in its turn. The first failure aborts the others' signal, waits for them to end, and is thrown.
 */
export async function forEachInTurn<Item>(
  items: readonly Item[],
  { turns, signal }: { turns: Turns; signal: AbortSignal },
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const all = items.map((item) =>
    turns.take(async () => {
      if (either.aborted) return;
      try {
        await work(item, either);
      } catch (error) {
        // Kept as the reason, so that the first one wins, before another has its turn; thrown below.
        failure.abort(error);
      }
    }),
  );
  await Promise.all(all);
  either.throwIfAborted();
}

/** Cuts a list into parts of at most `size`. */
export function inBatches<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
