import type { Transaction } from '@vw/platform';
import type { Role } from '@vw/shared-contracts';

/** Any number; the same in every process, so that organizations are created one after the other. */
const CREATION_LOCK = 7_203_515;

/** Holds until the transaction ends: of two first set-ups at once, the second sees the first one's organization. */
export async function lockCreation(tx: Transaction): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [CREATION_LOCK]);
}

export async function setupRequired(tx: Transaction): Promise<boolean> {
  const [row] = await tx.query<{ required: boolean }>('SELECT setup_required() AS required');
  return row?.required ?? false;
}

export async function organizationCount(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ count: number }>('SELECT organization_count() AS count');
  return row?.count ?? 0;
}

export async function organizationIds(tx: Transaction): Promise<string[]> {
  const rows = await tx.query<{ id: string }>('SELECT id FROM organization_ids()');
  return rows.map((row) => row.id);
}

export async function insertOrganization(tx: Transaction, id: string, name: string): Promise<void> {
  await tx.execute('INSERT INTO organization (id, name) VALUES ($1, $2)', [id, name]);
}

export interface NewUser {
  id: string;
  name: string;
  email: string;
  role: Role;
  password: StoredPassword;
}

/** A hash, and whether somebody other than its person knows what it is of. */
export interface StoredPassword {
  hash: string;
  isOneTime: boolean;
}

export async function insertUser(tx: Transaction, orgId: string, user: NewUser): Promise<void> {
  await tx.execute(
    `INSERT INTO user_account (org_id, id, name, email, role, password_hash, password_is_one_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [orgId, user.id, user.name, user.email, user.role, user.password.hash, user.password.isOneTime],
  );
}

export async function deleteOrganization(tx: Transaction, id: string): Promise<boolean> {
  const [row] = await tx.query<{ deleted: boolean }>('SELECT delete_organization($1) AS deleted', [id]);
  return row?.deleted ?? false;
}

/** E-mails are unique over all organizations; row level security hides the other one, so the index is what tells. */
export function isTakenEmail(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'user_account_email';
}
