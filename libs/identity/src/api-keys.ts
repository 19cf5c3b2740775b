import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { Database, LiveFeed, Problem } from '@vw/platform';
import type { ApiKeyInput, ApiKeyPage, ApiKeyScope, CreatedApiKey, PageQuery } from '@vw/shared-contracts';
import {
  apiKeyLeftMs,
  findApiKeyOrganization,
  insertApiKey,
  listApiKeys,
  liveApiKey,
  revokeApiKey,
  touchApiKey,
} from './api-key-statements';
import { generateToken, hashToken, isToken } from './api-key-token';

/** Whoever asks with a key. */
export interface KeyHolder {
  orgId: string;
  keyId: string;
  name: string;
  scopes: readonly ApiKeyScope[];
}

const DAY_MS = 86_400_000;
/** A year, and a day for leap years and clocks that differ. */
const LONGEST_DAYS = 366;
const PRESET_DAYS = 90;

/** Keys for programs. Owns `api_key`. Invariant: a key in the database is a hash, so a copy of it opens nothing. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly live: LiveFeed,
  ) {}

  /** Newest first, without revoked ones. Throws `invalid-input` for a cursor of another list. */
  async list(orgId: string, page: PageQuery): Promise<ApiKeyPage> {
    return this.database.orgTransaction(orgId, (tx) => listApiKeys(tx, orgId, page));
  }

  /** A new key, shown this once. Throws `invalid-input` for an end that has passed or lies more than a year ahead. */
  async create(orgId: string, input: ApiKeyInput, actor: Actor): Promise<CreatedApiKey> {
    const expiresAt = checkedEnd(input.expiresAt);
    const key = generateToken();
    return this.database.orgTransaction(orgId, async (tx) => {
      const made = await insertApiKey(tx, orgId, {
        name: input.name,
        tokenHash: hashToken(key),
        scopes: input.scopes,
        createdBy: actor.id,
        expiresAt,
      });
      await this.audit.append(orgId, {
        actor,
        action: 'api-key.created',
        subject: { type: 'api-key', id: made.id, name: made.name },
        after: { scopes: made.scopes, expiresAt: made.expiresAt },
      });
      return { ...made, key };
    });
  }

  /** The key opens nothing from now on, and what it listens to ends. Throws `not-found`, for one revoked before too. */
  async revoke(orgId: string, id: string, actor: Actor): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      const revoked = await revokeApiKey(tx, orgId, id);
      if (!revoked) throw new Problem('not-found');
      await this.live.endSessions(orgId, [id]);
      await this.audit.append(orgId, {
        actor,
        action: 'api-key.revoked',
        subject: { type: 'api-key', id, name: revoked.name },
        before: { scopes: revoked.scopes },
      });
    });
  }

  /** Whoever holds this key; null for one that is mistyped, unknown, expired or revoked. */
  async authenticate(token: string): Promise<KeyHolder | null> {
    if (!isToken(token)) return null;
    const tokenHash = hashToken(token);
    const orgId = await this.database.acrossOrganizations((tx) => findApiKeyOrganization(tx, tokenHash));
    if (!orgId) return null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const key = await liveApiKey(tx, orgId, tokenHash);
      if (!key) return null;
      if (key.touch) await touchApiKey(tx, orgId, key.id);
      return { orgId, keyId: key.id, name: key.name, scopes: key.scopes };
    });
  }

  /** How long the key opens anything, in milliseconds; 0 once it has ended or was revoked. Asking is no use of it. */
  async leftMs({ orgId, keyId }: KeyHolder): Promise<number> {
    return this.database.orgTransaction(orgId, (tx) => apiKeyLeftMs(tx, orgId, keyId));
  }
}

function checkedEnd(wanted: string | undefined): Date {
  const now = Date.now();
  const end = wanted === undefined ? now + PRESET_DAYS * DAY_MS : Date.parse(wanted);
  if (!(end > now && end <= now + LONGEST_DAYS * DAY_MS)) {
    throw new Problem('invalid-input', {
      errors: [{ field: 'expiresAt', message: 'expiresAt must lie ahead, by a year at most' }],
    });
  }
  return new Date(end);
}
