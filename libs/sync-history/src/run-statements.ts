import type { Transaction } from '@vw/platform';
import {
  PROBLEMS,
  type ProblemCode,
  type SyncPhase,
  type SyncRun,
  type SyncRunStatus,
  type SyncTrigger,
} from '@vw/shared-contracts';

/** A row of `sync_run` as the driver gives it. */
export interface RunRow {
  id: string;
  trigger: SyncTrigger;
  requested_by: string | null;
  /** JSON-escaped; null: all of them. */
  model_names: string[] | null;
  status: SyncRunStatus;
  attempt: number;
  requested_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  phase: SyncPhase;
  current_model: string | null;
  models: number;
  versions: number;
  total: number | null;
  created: number;
  updated: number;
  unchanged: number;
  removed: number;
  held: number;
  requests: number;
  complete: boolean;
  error_code: ProblemCode | null;
}

export function toSyncRun(row: RunRow): SyncRun {
  return {
    id: row.id,
    trigger: row.trigger,
    requestedBy: row.requested_by,
    status: row.status,
    requestedAt: row.requested_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    progress: {
      phase: row.phase,
      currentModel: row.current_model,
      models: row.models,
      versions: row.versions,
      total: row.total,
    },
    counts: { created: row.created, updated: row.updated, unchanged: row.unchanged, removed: row.removed },
    held: row.held,
    requests: row.requests,
    error: row.error_code && { code: row.error_code, message: PROBLEMS[row.error_code].text },
  };
}

/** The active full run, locked, so that a request and an end cannot pass each other. */
export async function selectActive(tx: Transaction, orgId: string): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `SELECT * FROM sync_run
     WHERE org_id = $1 AND status IN ('queued', 'running') AND trigger IN ('scheduled', 'manual') FOR UPDATE`,
    [orgId],
  );
  return row ?? null;
}

/** Null when another request won: the partial unique index lets one active full run through. */
export async function insertRun(
  tx: Transaction,
  run: { orgId: string; trigger: SyncTrigger; requestedBy: string | null },
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `INSERT INTO sync_run (org_id, trigger, requested_by, status) VALUES ($1, $2, $3, 'queued')
     ON CONFLICT (org_id) WHERE status IN ('queued', 'running') AND trigger IN ('scheduled', 'manual') DO NOTHING
     RETURNING *`,
    [run.orgId, run.trigger, run.requestedBy],
  );
  return row ?? null;
}

export async function selectRun(tx: Transaction, orgId: string, id: string): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>('SELECT * FROM sync_run WHERE org_id = $1 AND id = $2', [orgId, id]);
  return row ?? null;
}

/** The last whole read that had ended by an instant (epoch ms), or by now: they come one after the other. The wire tells milliseconds. */
export async function selectLastComplete(
  tx: Transaction,
  orgId: string,
  by: number | null,
): Promise<RunRow | null> {
  const [row] = await tx.query<RunRow>(
    `SELECT * FROM sync_run
     WHERE org_id = $1 AND complete AND ($2::numeric IS NULL OR date_trunc('milliseconds', finished_at) <= to_timestamp($2::numeric / 1000))
     ORDER BY id DESC LIMIT 1`,
    [orgId, by],
  );
  return row ?? null;
}

/** Newest first: ids are UUIDs of version 7, so their order is the order of the requests. */
export async function selectRuns(
  tx: Transaction,
  orgId: string,
  asked: { triggers: readonly string[] | null; after: string | null; most: number },
): Promise<RunRow[]> {
  return tx.query<RunRow>(
    `SELECT * FROM sync_run WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::text[] IS NULL OR trigger = ANY($3))
     ORDER BY id DESC LIMIT $4`,
    [orgId, asked.after, asked.triggers, asked.most],
  );
}

export async function countRuns(
  tx: Transaction,
  orgId: string,
  triggers: readonly string[] | null,
): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM sync_run WHERE org_id = $1 AND ($2::text[] IS NULL OR trigger = ANY($2))',
    [orgId, triggers],
  );
  return row?.n ?? 0;
}
