import { decodeCursor, encodeCursor, type Transaction } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type ApiKey,
  type ApiKeyPage,
  type ApiKeyScope,
  type PageQuery,
} from '@vw/shared-contracts';

/** `last_used_at` moves at most this often: reads stay reads. */
const TOUCH_EVERY = '1 minute';

interface ApiKeyRow {
  id: string;
  name: string;
  scopes: ApiKeyScope[];
  created_at: Date;
  created_by: string | null;
  expires_at: Date;
  last_used_at: Date | null;
}

const ROW = `k.id, k.name, k.scopes, k.created_at, u.name AS created_by, k.expires_at, k.last_used_at
  FROM api_key k LEFT JOIN user_account u ON u.org_id = k.org_id AND u.id = k.created_by`;

/** Newest first: ids are UUIDs of version 7, so their order is the order in which keys were made. Expired ones too, revoked ones not. */
export async function listApiKeys(tx: Transaction, orgId: string, page: PageQuery): Promise<ApiKeyPage> {
  const limit = page.limit ?? DEFAULT_LIMIT;
  const after = page.cursor ? decodeCursor('api-keys', page.cursor, 1) : null;
  const rows = await tx.query<ApiKeyRow>(
    `SELECT ${ROW} WHERE k.org_id = $1 AND k.revoked_at IS NULL AND ($2::uuid IS NULL OR k.id < $2) ORDER BY k.id DESC LIMIT $3`,
    [orgId, after?.[0] ?? null, limit + 1],
  );
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(toApiKey),
    nextCursor: rows.length > limit && last ? encodeCursor('api-keys', [last.id]) : null,
    total: after ? null : await countApiKeys(tx, orgId),
  };
}

async function countApiKeys(tx: Transaction, orgId: string): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM api_key WHERE org_id = $1 AND revoked_at IS NULL',
    [orgId],
  );
  return row?.n ?? 0;
}

export interface NewApiKey {
  name: string;
  tokenHash: Buffer;
  scopes: readonly ApiKeyScope[];
  createdBy: string | null;
  expiresAt: Date;
}

export async function insertApiKey(tx: Transaction, orgId: string, key: NewApiKey): Promise<ApiKey> {
  const [made] = await tx.query<{ id: string }>(
    `INSERT INTO api_key (org_id, name, token_hash, scopes, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [orgId, key.name, key.tokenHash, key.scopes, key.createdBy, key.expiresAt],
  );
  const [row] = await tx.query<ApiKeyRow>(`SELECT ${ROW} WHERE k.org_id = $1 AND k.id = $2`, [
    orgId,
    made?.id,
  ]);
  if (!row) throw new Error('An API key just made is not there.');
  return toApiKey(row);
}

/** Null where there is none, or it was revoked before. */
export async function revokeApiKey(
  tx: Transaction,
  orgId: string,
  id: string,
): Promise<{ name: string; scopes: ApiKeyScope[] } | null> {
  const [row] = await tx.query<{ name: string; scopes: ApiKeyScope[] }>(
    `UPDATE api_key SET revoked_at = now() WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING name, scopes`,
    [orgId, id],
  );
  return row ?? null;
}

export async function findApiKeyOrganization(tx: Transaction, tokenHash: Buffer): Promise<string | null> {
  const [row] = await tx.query<{ orgId: string }>('SELECT org_id AS "orgId" FROM find_api_key($1)', [
    tokenHash,
  ]);
  return row?.orgId ?? null;
}

export interface LiveApiKey {
  id: string;
  name: string;
  scopes: ApiKeyScope[];
  /** True when `last_used_at` is due to move. */
  touch: boolean;
}

export async function liveApiKey(
  tx: Transaction,
  orgId: string,
  tokenHash: Buffer,
): Promise<LiveApiKey | null> {
  const [row] = await tx.query<LiveApiKey>(
    `SELECT id, name, scopes, coalesce(last_used_at < now() - $3::interval, true) AS touch FROM api_key
     WHERE org_id = $1 AND token_hash = $2 AND revoked_at IS NULL AND expires_at > now()`,
    [orgId, tokenHash, TOUCH_EVERY],
  );
  return row ?? null;
}

/** How long the key opens anything, in milliseconds; 0 where it has ended or was revoked. */
export async function apiKeyLeftMs(tx: Transaction, orgId: string, id: string): Promise<number> {
  const [row] = await tx.query<{ left: number }>(
    `SELECT ceil(extract(epoch FROM expires_at - now()) * 1000)::float8 AS left FROM api_key
     WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL`,
    [orgId, id],
  );
  return Math.max(row?.left ?? 0, 0);
}

export async function touchApiKey(tx: Transaction, orgId: string, id: string): Promise<void> {
  await tx.execute('UPDATE api_key SET last_used_at = now() WHERE org_id = $1 AND id = $2', [orgId, id]);
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
