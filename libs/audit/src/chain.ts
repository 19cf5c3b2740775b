import { createHash } from 'node:crypto';
import type { AuditVerification } from '@vw/shared-contracts';
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

/** One event as it is kept, in the database or in an exported file. */
export interface ChainEvent {
  seq: number;
  body: string;
  hash: Buffer;
  /** Whether what stands beside the text says what the text says. */
  tellsTheSame: boolean;
}

/** The end of the chain, kept apart from it: without it nobody would miss a tail that was cut off. */
export interface ChainHead {
  seq: number;
  hash: Buffer;
}

/** Walks a chain from its first event, and remembers the first place that does not hold. What follows that cannot be trusted. */
export class ChainWalk {
  private seq = 0;
  private previous: Buffer = GENESIS_HASH;
  private brokenAt: number | null = null;

  constructor(private readonly orgId: string) {}

  get isBroken(): boolean {
    return this.brokenAt !== null;
  }

  add(event: ChainEvent): void {
    if (this.isBroken) return;
    if (!this.holds(event)) {
      this.brokenAt = this.seq + 1;
      return;
    }
    this.seq = event.seq;
    this.previous = event.hash;
  }

  /** `lastSeq` is the last event that is there, held to be one of the chain or not: one beyond the head belongs to no chain. */
  end(head: ChainHead, lastSeq: number): AuditVerification {
    const broken = [
      this.brokenAt ?? Infinity,
      lastSeq > head.seq ? head.seq + 1 : Infinity,
      this.seq < head.seq ? this.seq + 1 : Infinity,
      this.seq === head.seq && lastSeq <= head.seq && !this.previous.equals(head.hash)
        ? Math.max(this.seq, 1)
        : Infinity,
    ];
    const brokenAt = Math.min(...broken);
    return Number.isFinite(brokenAt)
      ? { ok: false, events: brokenAt - 1, brokenAt }
      : { ok: true, events: this.seq, brokenAt: null };
  }

  private holds({ seq, body, hash, tellsTheSame }: ChainEvent): boolean {
    return (
      tellsTheSame &&
      seq === this.seq + 1 &&
      eventHash(this.previous, body).equals(hash) &&
      readFacts(body)?.orgId === this.orgId
    );
  }
}

/** The facts of a stored text; null for a text that we never wrote. */
export function readFacts(body: string): EventFacts | null {
  const facts = parse(body);
  return isFacts(facts) ? facts : null;
}

function isFacts(value: unknown): value is EventFacts {
  return (
    isRecord(value) &&
    isRecord(value['actor']) &&
    isRecord(value['subject']) &&
    typeof value['seq'] === 'number' &&
    [value['orgId'], value['at'], value['action'], value['actor']['via'], value['subject']['type']].every(
      (text) => typeof text === 'string',
    ) &&
    [value['actor']['id'], value['subject']['id'], value['subject']['name'], value['runId']].every(
      (text) => text === null || typeof text === 'string',
    )
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: somebody wrote over it. The caller finds that it holds no facts.
    return null;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
