import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type PageQuery,
  type Role,
  type UserAccount,
  type UserPage,
} from '@vw/shared-contracts';

interface UserRow {
  id: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  created_at: Date;
}

interface ListedUser extends UserRow {
  /** What the list is sorted by, for the cursor. */
  sort_key: string;
}

const ROW = 'id, name, email, role, active, created_at';

/** By name, whatever its case. */
export async function listUsers(tx: Transaction, orgId: string, page: PageQuery): Promise<UserPage> {
  const limit = page.limit ?? DEFAULT_LIMIT;
  const after = page.cursor ? decodeCursor('users', page.cursor, 2) : null;
  const rows = await tx.query<ListedUser>(
    `SELECT ${ROW}, lower(name) AS sort_key FROM user_account
     WHERE org_id = $1 AND ($2::text IS NULL OR (lower(name), id) > ($2, $3::uuid))
     ORDER BY lower(name), id LIMIT $4`,
    [orgId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(toUser),
    nextCursor: rows.length > limit && last ? encodeCursor('users', [last.sort_key, last.id]) : null,
    total: after ? null : await countUsers(tx, orgId),
  };
}

async function countUsers(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM user_account WHERE org_id = $1',
    [orgId],
  );
  return row?.n ?? 0;
}

/** Locked until the transaction ends. */
export async function lockUser(tx: Transaction, orgId: string, id: string): Promise<UserAccount | null> {
  const [row] = await tx.query<UserRow>(
    `SELECT ${ROW} FROM user_account WHERE org_id = $1 AND id = $2 FOR UPDATE`,
    [orgId, id],
  );
  return row ? toUser(row) : null;
}

export async function selectUser(tx: Transaction, orgId: string, id: string): Promise<UserAccount | null> {
  const [row] = await tx.query<UserRow>(`SELECT ${ROW} FROM user_account WHERE org_id = $1 AND id = $2`, [
    orgId,
    id,
  ]);
  return row ? toUser(row) : null;
}

/**
 * The active Admins, locked in the order of their ids: of two who demote each other at once, the second waits here and then finds
 * itself among the last.
 */
export async function lockActiveAdmins(tx: Transaction, orgId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT id FROM user_account WHERE org_id = $1 AND role = 'admin' AND active ORDER BY id FOR UPDATE`,
    [orgId],
  );
  return rows.map((row) => row.id);
}

export async function updateUser(tx: Transaction, orgId: string, user: UserAccount): Promise<void> {
  await tx.execute(
    'UPDATE user_account SET name = $3, role = $4, active = $5 WHERE org_id = $1 AND id = $2',
    [orgId, user.id, user.name, user.role, user.active],
  );
}

/** People and keys, those included that were switched off or revoked: the trail names whoever it was. */
export async function selectNames(
  tx: Transaction,
  orgId: string,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return tx.query(
    `SELECT id, name FROM user_account WHERE org_id = $1 AND id = ANY ($2::uuid[])
     UNION ALL SELECT id, name FROM api_key WHERE org_id = $1 AND id = ANY ($2::uuid[])`,
    [orgId, ids],
  );
}

function toUser(row: UserRow): UserAccount {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    active: row.active,
    createdAt: row.created_at.toISOString(),
  };
}
