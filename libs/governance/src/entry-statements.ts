import type { Transaction } from '@vw/platform';
import type { ApprovalStatus, Entry, EntryQuery, RiskTier } from '@vw/shared-contracts';

export interface EntryRow {
  id: string;
  model_id: string;
  model_name: string;
  registered_at: Date;
  owner: string | null;
  purpose: string | null;
  risk_tier: RiskTier | null;
  approval_status: ApprovalStatus;
  approved_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export async function countEntries(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM inventory_entry WHERE org_id = $1',
    [orgId],
  );
  return row?.n ?? 0;
}

/** A pending entry for each model that has none. */
export async function insertEntries(
  tx: Transaction,
  orgId: string,
  models: readonly { id: string; name: string; createdAt: string }[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO inventory_entry (org_id, model_id, model_name, registered_at)
     SELECT $1, m.id, m.name, m."createdAt" FROM jsonb_to_recordset($2::jsonb) AS m (id uuid, name text, "createdAt" timestamptz)
     WHERE NOT EXISTS (SELECT FROM inventory_entry e WHERE e.org_id = $1 AND e.model_id = m.id)
     ON CONFLICT (org_id, model_id) DO NOTHING`,
    [orgId, JSON.stringify(models)],
  );
}

export async function selectEntry(tx: Transaction, orgId: string, id: string): Promise<EntryRow | null> {
  const [row] = await tx.query<EntryRow>('SELECT * FROM inventory_entry WHERE org_id = $1 AND id = $2', [
    orgId,
    id,
  ]);
  return row ?? null;
}

export async function selectEntriesOf(
  tx: Transaction,
  orgId: string,
  modelIds: readonly string[],
): Promise<EntryRow[]> {
  return tx.query<EntryRow>(
    'SELECT * FROM inventory_entry WHERE org_id = $1 AND model_id = ANY($2::uuid[])',
    [orgId, modelIds],
  );
}

/** Keeps what it became beside what it is. */
export async function updateEntry(
  tx: Transaction,
  orgId: string,
  entry: EntryRow & { approve: boolean },
): Promise<EntryRow> {
  const [row] = await tx.query<EntryRow>(
    `WITH changed AS (
       UPDATE inventory_entry SET owner = $3, purpose = $4, risk_tier = $5, approval_status = $6, updated_at = clock_timestamp(),
         approved_at = CASE WHEN $7 THEN clock_timestamp() WHEN $6 = 'approved' THEN approved_at END
       WHERE org_id = $1 AND id = $2 RETURNING *
     ), kept AS (
       INSERT INTO inventory_entry_change (org_id, entry_id, owner, purpose, risk_tier, approval_status, approved_at, changed_at)
       SELECT org_id, id, owner, purpose, risk_tier, approval_status, approved_at, updated_at FROM changed
     )
     SELECT * FROM changed`,
    [orgId, entry.id, entry.owner, entry.purpose, entry.risk_tier, entry.approval_status, entry.approve],
  );
  if (!row) throw new Error('The entry is gone.');
  return row;
}

export interface EntryFilters {
  where: string;
  parameters: unknown[];
}

/** `modelIds`: entries of these models only; null = of all. */
export function entryFilters(
  orgId: string,
  query: EntryQuery,
  modelIds: readonly string[] | null,
): EntryFilters {
  const parameters: unknown[] = [orgId];
  const conditions = ['org_id = $1'];
  if (query.search) {
    parameters.push(`%${query.search.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`model_name ILIKE $${parameters.length}`);
  }
  if (query.approvalStatus) {
    parameters.push(query.approvalStatus);
    conditions.push(`approval_status = $${parameters.length}`);
  }
  if (modelIds) {
    parameters.push(modelIds);
    conditions.push(`model_id = ANY ($${parameters.length}::uuid[])`);
  }
  return { where: conditions.join(' AND '), parameters };
}

/** By model name. */
export async function selectEntries(
  tx: Transaction,
  filters: EntryFilters,
  page: { after: readonly (string | number)[] | null; most: number },
): Promise<EntryRow[]> {
  const { where, parameters } = filters;
  const keyset = page.after
    ? `AND (model_name, id) > ($${parameters.length + 1}, $${parameters.length + 2}::uuid)`
    : '';
  return tx.query<EntryRow>(
    `SELECT * FROM inventory_entry WHERE ${where} ${keyset} ORDER BY model_name, id LIMIT ${page.most}`,
    [...parameters, ...(page.after ?? [])],
  );
}

export async function countFiltered(tx: Transaction, { where, parameters }: EntryFilters): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM inventory_entry WHERE ${where}`,
    parameters,
  );
  return row?.n ?? 0;
}

export function toEntry(row: EntryRow, removedAt: Date | null): Entry {
  return {
    id: row.id,
    modelId: row.model_id,
    modelName: row.model_name,
    registeredAt: row.registered_at.toISOString(),
    removedAt: removedAt?.toISOString() ?? null,
    owner: row.owner,
    purpose: row.purpose,
    riskTier: row.risk_tier,
    approvalStatus: row.approval_status,
    approvedAt: row.approved_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
