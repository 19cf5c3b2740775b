import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { Secret } from '@vw/mlflow-client';
import { Database, Env, Problem, type EncryptionKey } from '@vw/platform';
import {
  deleteCredential,
  getCredential,
  hasCredential,
  keyCheckValue,
  lockCredentials,
  putCredential,
  selectCredentials,
  type SealedRow,
} from './credential-statements';
import { openEnvelope, sealEnvelope, type Binding, type Envelope } from './envelope';

/** What is known of a stored secret without giving it away. */
export interface StoredSecret {
  slot: string;
  /** Of the key that seals it. */
  kid: string;
  state: 'readable' | 'key-missing' | 'unreadable';
}

export interface Resealed {
  /** Secrets that the first key seals only from now on. */
  resealed: number;
  /** Secrets that nothing here opens: they stay as they are. */
  unreadable: number;
}

/**
 * Seals and opens the secrets of an organization. Owns `credential` and `vault_key`.
 * Invariant: a secret opens only for the organization, slot and origin that it was sealed for.
 */
@Injectable()
export class CredentialVault implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly env: Env,
    private readonly audit: Audit,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.checkKeys();
  }

  /**
   * Throws where a key id is configured with other bytes than before: sealing with it would split the credentials into two kinds that
   * no one key opens. A key that is no longer configured is no fault here; its credentials answer `credential-unreadable`.
   */
  async checkKeys(): Promise<void> {
    await this.database.acrossOrganizations(async (tx) => {
      for (const key of this.env.encryptionKeys) {
        const expected = checkValue(key);
        if (!(await keyCheckValue(tx, key.kid, expected)).equals(expected)) {
          throw new Error(
            `ENCRYPTION_KEYS: the key "${key.kid}" has other bytes than the one that this database was used with. ` +
              'Restore the old bytes, or give the new key an id of its own.',
          );
        }
      }
    });
  }

  /** Stores the secret in place of the slot's present one. `slot` names its use; `origin` is that of the server it is for. */
  async seal(orgId: string, slot: string, origin: string, secret: Secret): Promise<void> {
    const key = this.sealingKey();
    const binding = { orgId, slot, origin };
    const envelope = sealEnvelope(Buffer.from(secret.reveal(), 'utf8'), binding, key);
    await this.database.orgTransaction(orgId, (tx) => putCredential(tx, binding, envelope));
  }

  /** The slot's secret. Throws `credential-unreadable` where there is none, its key is gone, or anything about it was changed. */
  async open(orgId: string, slot: string, origin: string): Promise<Secret> {
    const envelope = await this.database.orgTransaction(orgId, (tx) => getCredential(tx, orgId, slot));
    if (!envelope) throw new Problem('credential-unreadable');
    const text = this.openText(envelope, { orgId, slot, origin });
    const secret = new Secret(text.toString('utf8'));
    text.fill(0);
    return secret;
  }

  async has(orgId: string, slot: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, (tx) => hasCredential(tx, orgId, slot));
  }

  /** Deletes the secret together with its data key. Deleting what is not there is no fault. */
  async destroy(orgId: string, slot: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => deleteCredential(tx, orgId, slot));
  }

  /** Every secret of the organization, opened to see whether it can be. */
  async examine(orgId: string): Promise<StoredSecret[]> {
    const rows = await this.database.orgTransaction(orgId, (tx) => selectCredentials(tx, orgId));
    return rows.map((row) => ({ slot: row.slot, kid: row.kid, state: this.stateOf(row) }));
  }

  /**
   * Seals the organization's secrets with the first key, those that another one seals: open → seal → reopen → compare → swap, all in one
   * transaction with the event that tells it. So a process killed in the middle leaves each organization under the old key or the new one,
   * and doing it again does the rest. Syncs read beside it.
   */
  async reseal(orgId: string, actor: Actor): Promise<Resealed> {
    const key = this.sealingKey();
    return this.database.orgTransaction(orgId, async (tx) => {
      const old = (await lockCredentials(tx, orgId)).filter((row) => row.kid !== key.kid);
      const readable = old.filter((row) => this.stateOf(row) === 'readable');
      for (const row of readable) await putCredential(tx, row, this.sealedAnew(row, key));
      if (readable.length > 0) {
        await this.audit.append(orgId, {
          actor,
          action: 'credential.resealed',
          subject: { type: 'credential', id: orgId },
          before: { kids: [...new Set(readable.map(({ kid }) => kid))].sort() },
          after: { kid: key.kid, slots: readable.map(({ slot }) => slot) },
        });
      }
      return { resealed: readable.length, unreadable: old.length - readable.length };
    });
  }

  private sealedAnew(row: SealedRow, key: EncryptionKey): Envelope {
    const text = this.openText(row, row);
    // Sealing zeroes what it is given.
    const envelope = sealEnvelope(Buffer.from(text), row, key);
    const reopened = this.openText(envelope, row);
    const isSame = text.length === reopened.length && timingSafeEqual(text, reopened);
    text.fill(0);
    reopened.fill(0);
    if (!isSame)
      throw new Error('A secret that was sealed anew opens to something else. Nothing was changed.');
    return envelope;
  }

  /** Throws `credential-unreadable`. The caller zeroes the text. */
  private openText(envelope: Envelope, binding: Binding): Buffer {
    const key = this.keyNamed(envelope.kid);
    if (!key) throw new Problem('credential-unreadable');
    try {
      return openEnvelope(envelope, binding, key);
    } catch (cause) {
      // GCM tells no more than "not authentic": another key, a moved row or a flipped bit look the same, and end the same.
      throw new Problem('credential-unreadable', { cause });
    }
  }

  private stateOf(row: SealedRow): StoredSecret['state'] {
    if (!this.keyNamed(row.kid)) return 'key-missing';
    try {
      this.openText(row, row).fill(0);
      return 'readable';
    } catch (error) {
      if (error instanceof Problem && error.code === 'credential-unreadable') return 'unreadable';
      throw error;
    }
  }

  private keyNamed(kid: string): EncryptionKey | undefined {
    return this.env.encryptionKeys.find((one) => one.kid === kid);
  }

  /** The first configured key seals, all of them open. */
  private sealingKey(): EncryptionKey {
    const [first] = this.env.encryptionKeys;
    if (!first) throw new Error('ENCRYPTION_KEYS is empty.');
    return first;
  }
}

/** Tells two keys apart without telling anything about either. */
function checkValue(key: EncryptionKey): Buffer {
  return createHmac('sha256', key.bytes).update(`vault key check ${key.kid}`).digest();
}
