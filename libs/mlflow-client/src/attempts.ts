import { setTimeout as sleep } from 'node:timers/promises';
import { MlflowError } from './mlflow-error';
import { pauseMs } from './retry-timing';

export interface AttemptRules {
  /** 1 = no retries. */
  maxAttempts: number;
  /** False where the caller answers a timeout by asking for less. */
  retryTimeouts: boolean;
  signal: AbortSignal | undefined;
}

/** Does the work until it succeeds, fails in a way that no retry mends, or has been tried often enough. */
export async function withAttempts<T>(rules: AttemptRules, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      // An MlflowError that says so may be tried again; the reason of an abort, and everything else, may not.
      if (!(error instanceof MlflowError) || !isWorthRetrying(error, rules) || attempt >= rules.maxAttempts)
        throw error;
      await pause(pauseMs(attempt, error.retryAfterMs, Math.random), rules.signal);
    }
  }
}

function isWorthRetrying(error: MlflowError, rules: AttemptRules): boolean {
  return error.retriable && (rules.retryTimeouts || error.code !== 'mlflow-timeout');
}

/** Ends at once, with the signal's reason, when it is aborted. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // AbortError of the timer: the caller's own reason says more.
    signal?.throwIfAborted();
    throw error;
  }
}
