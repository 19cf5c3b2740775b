import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, Problem, type Transaction } from '@vw/platform';

/** Windows older than this say nothing any more. Longer than any window in use. */
const FORGET_AFTER = '1 day';

/** Wrong guesses of one account's password from one address; then that pair waits for the window to end. */
export const MOST_FAILURES = 5;
export const FAILURE_WINDOW_SECONDS = 900;

export interface Attempts {
  attempts: number;
  /** Until the window ends; 1 at least. */
  secondsLeft: number;
}

/** Counts attempts in Postgres, so that several processes share one limit. Owns `attempt_limit`. */
@Injectable()
export class AttemptLimits {
  constructor(private readonly database: Database) {}

  /**
   * Counts one attempt, in a transaction of its own so that it counts however the attempt ends.
   * Throws `rate-limited` for more than `most` within the window, which starts at the first of them.
   */
  async count(key: string, most: number, windowSeconds: number): Promise<void> {
    const { attempts, secondsLeft } = await this.add(key, windowSeconds);
    if (attempts > most) throw new Problem('rate-limited', { retryAfterSeconds: secondsLeft });
  }

  /** Counts one attempt, and tells how many there were within the window and how long that goes on. */
  async add(key: string, windowSeconds: number): Promise<Attempts> {
    return this.database.acrossOrganizations((tx) => addAttempt(tx, digest(key), windowSeconds));
  }

  /** Whether `most` were counted within the window. Counts nothing. */
  async isReached(key: string, most: number, windowSeconds: number): Promise<boolean> {
    const attempts = await this.database.acrossOrganizations((tx) =>
      attemptsWithin(tx, digest(key), windowSeconds),
    );
    return attempts >= most;
  }

  async forget(key: string): Promise<void> {
    await this.database.acrossOrganizations((tx) => deleteAttempts(tx, digest(key)));
  }
}

/** Keys hold addresses and e-mails, which need not be readable here. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

async function addAttempt(tx: Transaction, key: string, windowSeconds: number): Promise<Attempts> {
  const [row] = await tx.query<{ attempts: number; seconds_left: number }>(
    `INSERT INTO attempt_limit AS a (key, attempts) VALUES ($1, 1)
     ON CONFLICT (key) DO UPDATE SET
       attempts = CASE WHEN a.window_started_at <= now() - make_interval(secs => $2) THEN 1 ELSE a.attempts + 1 END,
       window_started_at = CASE WHEN a.window_started_at <= now() - make_interval(secs => $2) THEN now() ELSE a.window_started_at END
     RETURNING attempts, greatest(1, ceil(extract(epoch FROM window_started_at - now()) + $2))::int AS seconds_left`,
    [key, windowSeconds],
  );
  return { attempts: row?.attempts ?? 1, secondsLeft: row?.seconds_left ?? windowSeconds };
}

async function attemptsWithin(tx: Transaction, key: string, windowSeconds: number): Promise<number> {
  const [row] = await tx.query<{ attempts: number }>(
    'SELECT attempts FROM attempt_limit WHERE key = $1 AND window_started_at > now() - make_interval(secs => $2)',
    [key, windowSeconds],
  );
  return row?.attempts ?? 0;
}

async function deleteAttempts(tx: Transaction, key: string): Promise<void> {
  await tx.execute(`DELETE FROM attempt_limit WHERE key = $1 OR window_started_at < now() - $2::interval`, [
    key,
    FORGET_AFTER,
  ]);
}
