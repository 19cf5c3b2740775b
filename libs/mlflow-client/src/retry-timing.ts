/** A server may ask for any pause; longer ones would let it hold a sync, and its worker, for as long as it likes. */
export const MAX_RETRY_AFTER_SECONDS = 60;

/** Mean pauses of 0.25, 0.5, 1, 2 s: four retries outlast a restarted worker process, which takes about 3 s. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

/**
 * What a Retry-After header asks for, in milliseconds from `now` (epoch milliseconds), at most
 * MAX_RETRY_AFTER_SECONDS; null for an absent or unreadable one. Databricks and nginx send seconds, some proxies a date.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (Number.isNaN(ms)) return null;
  return Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_SECONDS * 1000);
}

/**
 * How long to wait before the next attempt, in milliseconds. `attempt` counts from 1. Full jitter: clients that failed
 * together do not come back together. A server's own wish is a minimum.
 */
export function pauseMs(attempt: number, askedMs: number | null, random: () => number): number {
  const ceiling = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS);
  const jittered = random() * ceiling;
  return askedMs === null ? jittered : Math.min(askedMs + jittered, MAX_RETRY_AFTER_SECONDS * 1000);
}
