import type { Transaction } from '@vw/platform';
import type { Binding, Envelope } from './envelope';

export async function putCredential(tx: Transaction, binding: Binding, envelope: Envelope): Promise<void> {
  await tx.execute(
    `INSERT INTO credential (org_id, slot, format, kid, origin, wrapped_key, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (org_id, slot) DO UPDATE SET format = EXCLUDED.format, kid = EXCLUDED.kid, origin = EXCLUDED.origin,
       wrapped_key = EXCLUDED.wrapped_key, sealed = EXCLUDED.sealed, updated_at = now()`,
    [
      binding.orgId,
      binding.slot,
      envelope.format,
      envelope.kid,
      binding.origin,
      envelope.wrappedKey,
      envelope.sealed,
    ],
  );
}

export async function getCredential(tx: Transaction, orgId: string, slot: string): Promise<Envelope | null> {
  const [row] = await tx.query<Envelope>(
    `SELECT format, kid, wrapped_key AS "wrappedKey", sealed FROM credential WHERE org_id = $1 AND slot = $2`,
    [orgId, slot],
  );
  return row ?? null;
}

/** Where a secret lies, and what seals it. */
export interface SealedRow extends Binding, Envelope {}

/** All of the organization, each locked until the transaction ends: one that is saved meanwhile waits, one that is read does not. */
export async function lockCredentials(tx: Transaction, orgId: string): Promise<SealedRow[]> {
  return tx.query<SealedRow>(
    `SELECT org_id AS "orgId", slot, origin, format, kid, wrapped_key AS "wrappedKey", sealed FROM credential
     WHERE org_id = $1 ORDER BY slot FOR UPDATE`,
    [orgId],
  );
}

export async function selectCredentials(tx: Transaction, orgId: string): Promise<SealedRow[]> {
  return tx.query<SealedRow>(
    `SELECT org_id AS "orgId", slot, origin, format, kid, wrapped_key AS "wrappedKey", sealed FROM credential
     WHERE org_id = $1 ORDER BY slot`,
    [orgId],
  );
}

export async function hasCredential(tx: Transaction, orgId: string, slot: string): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM credential WHERE org_id = $1 AND slot = $2', [orgId, slot]);
  return rows.length > 0;
}

export async function deleteCredential(tx: Transaction, orgId: string, slot: string): Promise<void> {
  await tx.execute('DELETE FROM credential WHERE org_id = $1 AND slot = $2', [orgId, slot]);
}

/** Remembers the key's check value unless one is known, and answers the one that is known. */
export async function keyCheckValue(tx: Transaction, kid: string, checkValue: Buffer): Promise<Buffer> {
  await tx.execute('INSERT INTO vault_key (kid, check_value) VALUES ($1, $2) ON CONFLICT (kid) DO NOTHING', [
    kid,
    checkValue,
  ]);
  const [row] = await tx.query<{ checkValue: Buffer }>(
    'SELECT check_value AS "checkValue" FROM vault_key WHERE kid = $1',
    [kid],
  );
  if (!row) throw new Error(`The check value of encryption key ${kid} could not be stored.`);
  return row.checkValue;
}
