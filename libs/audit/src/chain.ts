import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json';

/** What precedes the first event of an organization. */
export const GENESIS_HASH = Buffer.alloc(32);

/** The hashed facts of one event. Names of people are kept elsewhere: erasing one must not break the chain. */
export interface EventFacts {
  orgId: string;
  seq: number;
  /** ISO-8601 UTC, by the database's clock. */
  at: string;
  actor: { id: string | null; via: string };
  action: string;
  subject: { type: string; id: string | null; name: string | null };
  before: unknown;
  after: unknown;
  runId: string | null;
}

/** The text that is stored and hashed. Text, not jsonb: jsonb rewrites what it is given. */
export function eventBody(facts: EventFacts): string {
  return canonicalJson(facts);
}

/** SHA-256 over the hash before and this event's text. */
export function eventHash(previous: Buffer, body: string): Buffer {
  return createHash('sha256').update(previous).update(body, 'utf8').digest();
}
