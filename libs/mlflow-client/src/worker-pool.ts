/**
 * Does the work for every item, so many at a time. The first failure aborts the others' signal, waits for them to end,
 * and is thrown.
 */
export async function forEachAtOnce<Item>(
  items: readonly Item[],
  { limit, signal }: { limit: number; signal: AbortSignal },
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      either.throwIfAborted();
      await work(item, either);
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, () =>
    worker().catch((error: unknown) => {
      // Kept as the reason, so that the first one wins; thrown below.
      failure.abort(error);
    }),
  );
  await Promise.all(workers);
  either.throwIfAborted();
}

/** Cuts a list into parts of at most `size`. */
export function inBatches<Item>(items: readonly Item[], size: number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
