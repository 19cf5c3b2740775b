import type { Transaction } from '@vw/platform';

export interface EvaluationState {
  catalogueVersion: string | null;
  evaluatedAt: Date | null;
  /** The database's clock. */
  now: Date;
}

/**
 * Locks the organization's findings for this transaction, so that what was read of attestations, waivers and entries still holds when
 * findings are written: an evaluation that overlaps an attestation would otherwise write over it.
 */
export async function lockState(tx: Transaction, orgId: string): Promise<EvaluationState> {
  const [row] = await tx.query<EvaluationState>(
    `INSERT INTO governance_state (org_id) VALUES ($1) ON CONFLICT (org_id) DO UPDATE SET org_id = excluded.org_id
     RETURNING catalogue_version AS "catalogueVersion", evaluated_at AS "evaluatedAt", clock_timestamp() AS now`,
    [orgId],
  );
  if (!row) throw new Error('The organization has no governance state.');
  return row;
}

export async function selectState(
  tx: Transaction,
  orgId: string,
): Promise<Omit<EvaluationState, 'now'> | null> {
  const [row] = await tx.query<Omit<EvaluationState, 'now'>>(
    `SELECT catalogue_version AS "catalogueVersion", evaluated_at AS "evaluatedAt" FROM governance_state WHERE org_id = $1`,
    [orgId],
  );
  return row ?? null;
}

/** The database's clock: those of the processes may be hours off. */
export async function selectNow(tx: Transaction): Promise<Date> {
  const [row] = await tx.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  if (!row) throw new Error('The database told no time.');
  return row.now;
}

/** The first use of another catalogue is told to those who ask for the past. */
export async function updateState(tx: Transaction, orgId: string, catalogueVersion: string): Promise<void> {
  await tx.execute(
    `WITH used AS (
       INSERT INTO catalogue_use (org_id, catalogue_version)
       SELECT org_id, $2 FROM governance_state WHERE org_id = $1 AND catalogue_version IS DISTINCT FROM $2
     )
     UPDATE governance_state SET catalogue_version = $2, evaluated_at = clock_timestamp() WHERE org_id = $1`,
    [orgId, catalogueVersion],
  );
}
