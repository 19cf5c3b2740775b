import type { Transaction } from '@vw/platform';
import type { ProblemCode } from '@vw/shared-contracts';
import type { RunRow } from './run-statements';

/** Any number: keeps the locks of light runs apart from others. */
const LOCK_SPACE = 736_201;

/** One at a time decides about the light runs of an organization; until the transaction ends. */
export async function lockLightRuns(tx: Transaction, orgId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, orgId]);
}

/** Null while a poll or a full run is active. Call it under the lock. */
export async function insertPoll(
  tx: Transaction,
  orgId: string,
  names: readonly string[],
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `INSERT INTO sync_run (org_id, trigger, model_names, status)
     SELECT $1::uuid, 'poll', $2::text[], 'queued' WHERE NOT EXISTS (
       SELECT FROM sync_run WHERE org_id = $1 AND status IN ('queued', 'running') AND trigger <> 'webhook')
     RETURNING *`,
    [orgId, names],
  );
  return row ?? null;
}

export async function hasActive(tx: Transaction, orgId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM sync_run WHERE org_id = $1 AND status IN ('queued', 'running') LIMIT 1`,
    [orgId],
  );
  return rows.length > 0;
}

/** A poll that failed before it found anything. It has brought nothing that the rules would have to look at. */
export async function insertFailedPoll(
  tx: Transaction,
  orgId: string,
  failure: { code: ProblemCode; requests: number; milliseconds: number },
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `INSERT INTO sync_run (org_id, trigger, status, attempt, started_at, finished_at, requests, error_code, evaluated_at)
     VALUES ($1, 'poll', 'failed', 1, now() - make_interval(secs => $2), now(), $3, $4, now()) RETURNING id`,
    [orgId, failure.milliseconds / 1000, failure.requests, failure.code],
  );
  if (!row) throw new Error('the failed poll was not stored');
  return row.id;
}

/** Adds names to the webhook run that has not started yet. Null where there is none. */
export async function addNames(
  tx: Transaction,
  orgId: string,
  names: readonly string[],
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `UPDATE sync_run SET model_names = model_names || ARRAY(SELECT n FROM unnest($2::text[]) AS n WHERE n <> ALL(model_names))
     WHERE org_id = $1 AND status = 'queued' AND attempt = 0 AND trigger = 'webhook' RETURNING *`,
    [orgId, names],
  );
  return row ?? null;
}

export async function insertWebhookRun(
  tx: Transaction,
  orgId: string,
  names: readonly string[],
): Promise<RunRow> {
  const [row] = await tx.query<RunRow>(
    `INSERT INTO sync_run (org_id, trigger, model_names, status) VALUES ($1, 'webhook', $2::text[], 'queued') RETURNING *`,
    [orgId, names],
  );
  if (!row) throw new Error('the webhook run was not stored');
  return row;
}

/** Milliseconds until the organization's next webhook run may start; negative or zero: now. */
export async function untilNextWebhookRun(tx: Transaction, orgId: string, apart: number): Promise<number> {
  const [row] = await tx.query<{ ms: number | null }>(
    `SELECT ceil(extract(epoch FROM max(started_at) + make_interval(secs => $2) - now()) * 1000)::int AS ms
     FROM sync_run WHERE org_id = $1 AND trigger = 'webhook' AND requested_at > now() - interval '10 minutes'`,
    [orgId, apart],
  );
  return row?.ms ?? 0;
}

/** Light runs that wait for another run's end. */
export async function selectWaiting(tx: Transaction, orgId: string): Promise<{ id: string }[]> {
  return tx.query(
    `SELECT id FROM sync_run WHERE org_id = $1 AND status = 'queued' AND trigger IN ('poll', 'webhook') ORDER BY id`,
    [orgId],
  );
}

/** A full run reads all that these would: they end where they are. */
export async function supersedeLightRuns(tx: Transaction, orgId: string): Promise<RunRow[]> {
  return tx.query<RunRow>(
    `UPDATE sync_run SET status = 'cancelled', finished_at = now(), current_model = NULL
     WHERE org_id = $1 AND status IN ('queued', 'running') AND trigger IN ('poll', 'webhook') RETURNING *`,
    [orgId],
  );
}

/** Two runs that write at once could each put an older answer over a newer one. Call it under the lock. */
export async function isBusy(tx: Transaction, orgId: string, runId: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM sync_run WHERE org_id = $1 AND id <> $2
       AND (status = 'running' OR (status = 'queued' AND trigger IN ('scheduled', 'manual'))) LIMIT 1`,
    [orgId, runId],
  );
  return rows.length > 0;
}
