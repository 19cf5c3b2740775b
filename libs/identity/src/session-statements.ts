import type { Transaction } from '@vw/platform';
import type { Role } from '@vw/shared-contracts';
import type { StoredPassword } from './organization-statements';

/** Without a request for this long a session ends. */
const IDLE = '8 hours';
/** However busy, it ends this long after the sign-in. */
const ABSOLUTE = '24 hours';
/** `last_seen_at` moves at most this often: reads stay reads. */
const TOUCH_EVERY = '1 minute';

export interface FoundUser {
  orgId: string;
  id: string;
  passwordHash: string;
  active: boolean;
}

export async function findUserByEmail(tx: Transaction, email: string): Promise<FoundUser | null> {
  const [row] = await tx.query<FoundUser>(
    `SELECT org_id AS "orgId", id, password_hash AS "passwordHash", active FROM find_user_by_email($1)`,
    [email],
  );
  return row ?? null;
}

export async function findSessionOrganization(tx: Transaction, tokenHash: Buffer): Promise<string | null> {
  const [row] = await tx.query<{ orgId: string }>('SELECT org_id AS "orgId" FROM find_session($1)', [
    tokenHash,
  ]);
  return row?.orgId ?? null;
}

export interface SessionRow {
  orgId: string;
  sessionId: string;
  userId: string;
  role: Role;
  name: string;
  email: string;
  organizationName: string;
  /** True while the password is one that somebody else was shown. */
  mustChangePassword: boolean;
  /** True when `last_seen_at` is due to move. */
  touch: boolean;
}

export async function liveSession(
  tx: Transaction,
  orgId: string,
  tokenHash: Buffer,
): Promise<SessionRow | null> {
  const [row] = await tx.query<SessionRow>(
    `SELECT s.org_id AS "orgId", s.id AS "sessionId", u.id AS "userId", u.role, u.name, u.email, o.name AS "organizationName",
            u.password_is_one_time AS "mustChangePassword",
            s.last_seen_at < now() - $3::interval AS touch
     FROM session s JOIN user_account u ON u.org_id = s.org_id AND u.id = s.user_id JOIN organization o ON o.id = s.org_id
     WHERE s.org_id = $1 AND s.token_hash = $2 AND u.active
       AND s.last_seen_at > now() - $4::interval AND s.created_at > now() - $5::interval`,
    [orgId, tokenHash, TOUCH_EVERY, IDLE, ABSOLUTE],
  );
  return row ?? null;
}

/** How long a session lasts if nobody uses it any more, in milliseconds; 0 where it has ended or the account is off. */
export async function sessionLeftMs(tx: Transaction, orgId: string, sessionId: string): Promise<number> {
  const [row] = await tx.query<{ left: number }>(
    `SELECT ceil(extract(epoch FROM least(s.last_seen_at + $3::interval, s.created_at + $4::interval) - now()) * 1000)::float8 AS left
     FROM session s JOIN user_account u ON u.org_id = s.org_id AND u.id = s.user_id
     WHERE s.org_id = $1 AND s.id = $2 AND u.active`,
    [orgId, sessionId, IDLE, ABSOLUTE],
  );
  return Math.max(row?.left ?? 0, 0);
}

export async function touchSession(tx: Transaction, orgId: string, sessionId: string): Promise<void> {
  await tx.execute('UPDATE session SET last_seen_at = now() WHERE org_id = $1 AND id = $2', [
    orgId,
    sessionId,
  ]);
}

export async function insertSession(
  tx: Transaction,
  orgId: string,
  session: { id: string; userId: string; tokenHash: Buffer },
): Promise<void> {
  await tx.execute('INSERT INTO session (org_id, id, user_id, token_hash) VALUES ($1, $2, $3, $4)', [
    orgId,
    session.id,
    session.userId,
    session.tokenHash,
  ]);
}

export async function deleteExpiredSessions(tx: Transaction, orgId: string): Promise<void> {
  await tx.execute(
    `DELETE FROM session
     WHERE org_id = $1 AND (last_seen_at <= now() - $2::interval OR created_at <= now() - $3::interval)`,
    [orgId, IDLE, ABSOLUTE],
  );
}

export async function deleteSession(tx: Transaction, orgId: string, sessionId: string): Promise<void> {
  await tx.execute('DELETE FROM session WHERE org_id = $1 AND id = $2', [orgId, sessionId]);
}

/** The person's sessions but this one. Returns their ids. */
export async function deleteOtherSessions(
  tx: Transaction,
  orgId: string,
  kept: { userId: string; sessionId: string | null },
): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'DELETE FROM session WHERE org_id = $1 AND user_id = $2 AND id IS DISTINCT FROM $3 RETURNING id',
    [orgId, kept.userId, kept.sessionId],
  );
  return rows.map(({ id }) => id);
}

export async function passwordHashOf(tx: Transaction, orgId: string, userId: string): Promise<string | null> {
  const [row] = await tx.query<{ passwordHash: string }>(
    'SELECT password_hash AS "passwordHash" FROM user_account WHERE org_id = $1 AND id = $2',
    [orgId, userId],
  );
  return row?.passwordHash ?? null;
}

export async function updatePassword(
  tx: Transaction,
  orgId: string,
  password: StoredPassword & { id: string },
): Promise<void> {
  await tx.execute(
    'UPDATE user_account SET password_hash = $3, password_is_one_time = $4 WHERE org_id = $1 AND id = $2',
    [orgId, password.id, password.hash, password.isOneTime],
  );
}
