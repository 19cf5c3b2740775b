import type { Transaction } from '@vw/platform';
import type { ProblemCode } from '@vw/shared-contracts';

export interface PollRow {
  revision: number;
  modelsSeenAt: Date | null;
  versionsSeenAt: Date | null;
  finding: string | null;
  failing: boolean;
  /** JSON-escaped. */
  unread: string[];
}

export async function selectPoll(tx: Transaction, orgId: string): Promise<PollRow | null> {
  const [row] = await tx.query<PollRow>(
    `SELECT revision, models_seen_at AS "modelsSeenAt", versions_seen_at AS "versionsSeenAt", poll_finding AS finding,
       light_error_code IS NOT NULL AS failing,
       ARRAY(SELECT model_name FROM unread_delivery WHERE org_id = $1 ORDER BY model_name) AS unread
     FROM mlflow_connection WHERE org_id = $1`,
    [orgId],
  );
  return row ?? null;
}

/** Epoch milliseconds of MLflow's own clock. */
export async function updateSeen(
  tx: Transaction,
  orgId: string,
  seen: { models: number; versions: number },
): Promise<void> {
  await tx.execute(
    `UPDATE mlflow_connection SET models_seen_at = to_timestamp($2::float8 / 1000), versions_seen_at = to_timestamp($3::float8 / 1000)
     WHERE org_id = $1`,
    [orgId, seen.models, seen.versions],
  );
}

export async function updateFinding(tx: Transaction, orgId: string, finding: string | null): Promise<void> {
  await tx.execute(
    'UPDATE mlflow_connection SET poll_finding = $2 WHERE org_id = $1 AND poll_finding IS DISTINCT FROM $2',
    [orgId, finding],
  );
}

/** Puts the next poll off by `pauseSeconds`, at most until the next scheduled sync is due; null: until then. */
export async function updateLightError(
  tx: Transaction,
  orgId: string,
  failure: { code: ProblemCode; pauseSeconds: number | null },
): Promise<void> {
  await tx.execute(
    // The least of an instant and NULL is the instant.
    `UPDATE mlflow_connection SET light_error_code = $2, light_error_at = now(),
       next_poll_at = greatest(next_poll_at, least(next_sync_at, now() + make_interval(secs => $3)))
     WHERE org_id = $1`,
    [orgId, failure.code, failure.pauseSeconds],
  );
}

/** Polls go on as before it. Writes nothing where no error stands. */
export async function clearLightError(tx: Transaction, orgId: string): Promise<number> {
  return tx.execute(
    `UPDATE mlflow_connection SET light_error_code = NULL, light_error_at = NULL,
       next_poll_at = least(next_poll_at, now() + make_interval(secs => poll_seconds))
     WHERE org_id = $1 AND light_error_code IS NOT NULL`,
    [orgId],
  );
}

/** After a save the new interval counts from now; what was seen of another server says nothing about this one. */
export async function restartPolls(tx: Transaction, orgId: string, isElsewhere: boolean): Promise<void> {
  await tx.execute(
    `UPDATE mlflow_connection SET next_poll_at = now() + make_interval(secs => poll_seconds), light_error_code = NULL, light_error_at = NULL,
       models_seen_at = CASE WHEN $2 THEN NULL ELSE models_seen_at END,
       versions_seen_at = CASE WHEN $2 THEN NULL ELSE versions_seen_at END,
       poll_finding = NULL
     WHERE org_id = $1`,
    [orgId, isElsewhere],
  );
}
