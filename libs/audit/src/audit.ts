import { Injectable } from '@nestjs/common';
import { Database } from '@vw/platform';
import { addEvent, eventsAfter, nextPlace, trailHead, type StoredEvent } from './audit-statements';
import { eventBody, eventHash, GENESIS_HASH } from './chain';

/** Who did it. The name is for the caller's own records; only id and way are hashed. */
export interface Actor {
  id: string | null;
  name: string | null;
  via: 'session' | 'api-key' | 'worker' | 'setup' | 'command';
}

export interface AuditSubject {
  /** `user`, `organization`, `mlflow-connection`, `sync-run`, … */
  type: string;
  id: string | null;
  /** Left out of the trail where the subject is a person. */
  name?: string | null;
}

export interface AuditEntry {
  actor: Actor;
  /** `<subject>.<past participle>`, `session.signed-in` for example. */
  action: string;
  subject: AuditSubject;
  /** JSON; a secret is the word "replaced". */
  before?: unknown;
  after?: unknown;
  runId?: string | null;
}

export interface AuditVerification {
  ok: boolean;
  /** Events whose place in the chain holds, up to the first that does not. */
  events: number;
  /** `seq` of the first event that was changed, moved or lost; null while the chain is whole. */
  brokenAt: number | null;
}

/** Events read at once while verifying; about 1 MB. */
const VERIFY_PAGE = 1_000;

/**
 * The append-only trail. Owns `audit_event` and `audit_head`.
 * Invariant: no audit, no change: an event is written in the transaction of what it tells, in a gapless chain per organization.
 */
@Injectable()
export class Audit {
  constructor(private readonly database: Database) {}

  /** Adds one event. Throws outside a transaction of the organization. Holds the organization's trail until that transaction ends. */
  async append(orgId: string, entry: AuditEntry): Promise<void> {
    const tx = this.database.current(orgId);
    const place = await nextPlace(tx, orgId, GENESIS_HASH);
    const { actor, subject } = entry;
    const body = eventBody({
      orgId,
      seq: place.seq,
      at: place.at.toISOString(),
      actor: { id: actor.id, via: actor.via },
      action: entry.action,
      subject: {
        type: subject.type,
        id: subject.id,
        name: subject.type === 'user' ? null : (subject.name ?? null),
      },
      before: entry.before ?? null,
      after: entry.after ?? null,
      runId: entry.runId ?? null,
    });
    const hash = eventHash(place.previous, body);
    await addEvent(tx, {
      ...place,
      orgId,
      actorId: actor.id,
      action: entry.action,
      subjectId: subject.id,
      body,
      hash,
    });
  }

  /** Recomputes the organization's whole chain and compares it with what is stored, the columns beside the text included. */
  async verify(orgId: string): Promise<AuditVerification> {
    return this.database.orgTransaction(orgId, async (tx) => {
      // The head first: an event added meanwhile lies behind it and is not looked at.
      const head = await trailHead(tx, orgId);
      let previous: Buffer = GENESIS_HASH;
      let seq = 0;
      while (seq < head.seq) {
        const events = await eventsAfter(tx, orgId, { after: seq, upTo: head.seq, limit: VERIFY_PAGE });
        if (events.length === 0) return broken(seq + 1);
        for (const event of events) {
          if (!holds(event, orgId, seq + 1, previous)) return broken(seq + 1);
          previous = event.hash;
          seq += 1;
        }
      }
      if (head.lastSeq > seq) return broken(seq + 1);
      return previous.equals(head.hash) ? { ok: true, events: seq, brokenAt: null } : broken(seq);
    });
  }
}

function broken(seq: number): AuditVerification {
  return { ok: false, events: Math.max(seq - 1, 0), brokenAt: seq };
}

function holds(event: StoredEvent, orgId: string, seq: number, previous: Buffer): boolean {
  return (
    event.seq === seq && eventHash(previous, event.body).equals(event.hash) && tellsTheSame(event, orgId)
  );
}

/** The columns that lists filter by must say what the hashed text says. */
function tellsTheSame(event: StoredEvent, orgId: string): boolean {
  const facts: unknown = JSON.parse(event.body);
  return (
    isRecord(facts) &&
    isRecord(facts['actor']) &&
    isRecord(facts['subject']) &&
    facts['orgId'] === orgId &&
    facts['seq'] === event.seq &&
    facts['at'] === event.at.toISOString() &&
    facts['action'] === event.action &&
    facts['actor']['id'] === event.actorId &&
    facts['subject']['id'] === event.subjectId
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
