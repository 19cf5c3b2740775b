import { createHmac } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Secret } from '@vw/mlflow-client';
import { Database, Env, Problem, type EncryptionKey } from '@vw/platform';
import {
  deleteCredential,
  getCredential,
  hasCredential,
  keyCheckValue,
  putCredential,
} from './credential-statements';
import { openEnvelope, sealEnvelope } from './envelope';

/**
 * Seals and opens the secrets of an organization. Owns `credential` and `vault_key`.
 * Invariant: a secret opens only for the organization, slot and origin that it was sealed for.
 */
@Injectable()
export class CredentialVault implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly env: Env,
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
    const key = this.env.encryptionKeys.find((one) => one.kid === envelope?.kid);
    if (!envelope || !key) throw new Problem('credential-unreadable');
    try {
      const text = openEnvelope(envelope, { orgId, slot, origin }, key);
      const secret = new Secret(text.toString('utf8'));
      text.fill(0);
      return secret;
    } catch (cause) {
      // GCM tells no more than "not authentic": another key, a moved row or a flipped bit look the same, and end the same.
      throw new Problem('credential-unreadable', { cause });
    }
  }

  async has(orgId: string, slot: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, (tx) => hasCredential(tx, orgId, slot));
  }

  /** Deletes the secret together with its data key. Deleting what is not there is no fault. */
  async destroy(orgId: string, slot: string): Promise<void> {
    await this.database.orgTransaction(orgId, (tx) => deleteCredential(tx, orgId, slot));
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
