import { Injectable } from '@nestjs/common';
import { Database, decodeCursor, encodeCursor } from '@vw/platform';
import {
  DEFAULT_LIMIT,
  type AuditEventPage,
  type AuditFilter,
  type AuditQuery,
  type AuditVerification,
} from '@vw/shared-contracts';
import { addEvent, countEvents, eventsAfter, eventsBefore, nextPlace, trailHead } from './audit-statements';
import { ChainWalk, eventBody, eventHash, GENESIS_HASH } from './chain';
import { tellsTheSame, toAuditEvents, type NameLookup } from './event-reading';
import type { TrailFormat } from './trail-formats';

/** Who did it. The name is for the caller's own records; only id and way are hashed. */
export interface Actor {
  id: string | null;
  name: string | null;
  via: 'session' | 'api-key' | 'worker' | 'setup' | 'command';
  /** Signed in with a password that somebody else was shown: what such a session answers for says so. */
  oneTimePassword?: boolean;
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

/** Events read at once while verifying or exporting; about 1 MB. */
const PAGE = 1_000;

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

  /** The trail, newest first. Throws `invalid-input` for a cursor of other filters. */
  async list(orgId: string, query: AuditQuery, namesOf: NameLookup): Promise<AuditEventPage> {
    const { limit = DEFAULT_LIMIT, cursor, ...filter } = query;
    const question = ['audit', filter.actor, filter.action, filter.from, filter.to];
    const before = cursor ? Number(decodeCursor(question, cursor, 1)[0]) : null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const events = await eventsBefore(tx, orgId, { filter, before, limit: limit + 1 });
      const last = events[limit - 1];
      return {
        items: await toAuditEvents(events.slice(0, limit), namesOf),
        nextCursor: events.length > limit && last ? encodeCursor(question, [last.seq]) : null,
        total: cursor ? null : await countEvents(tx, orgId, filter),
      };
    });
  }

  /**
   * The filtered trail as text, oldest event first, piece by piece; its last line is the head. `verifyExport` proves a whole one.
   * Reads page by page, each in a transaction of its own: whoever loads slowly holds nothing, and what was written never changes.
   */
  async *export(
    orgId: string,
    filter: AuditFilter,
    { format, namesOf }: { format: TrailFormat; namesOf: NameLookup },
  ): AsyncGenerator<string> {
    const head = await this.database.orgTransaction(orgId, (tx) => trailHead(tx, orgId));
    const isWhole = Object.values(filter).every((value) => value === undefined);
    // What lies beyond the head belongs to no chain; a whole export shows it, so that its verification tells.
    const upTo = Math.max(head.seq, head.lastSeq);
    yield format.start;
    for (let after = 0; ;) {
      const page = await this.database.orgTransaction(orgId, async (tx) => {
        const stored = await eventsAfter(tx, orgId, { filter, after, upTo, limit: PAGE });
        return { stored, shown: await toAuditEvents(stored, namesOf) };
      });
      yield page.shown.map((event, i) => format.event(event, page.stored[i]?.body ?? '')).join('');
      const last = page.stored.at(-1);
      if (!last) break;
      after = last.seq;
    }
    yield format.head({
      orgId,
      seq: head.seq,
      hash: head.hash.toString('hex'),
      exportedAt: new Date().toISOString(),
      filter: isWhole ? null : filter,
    });
  }

  /** Recomputes the organization's whole chain and compares it with what is stored, the columns beside the text included. */
  async verify(orgId: string): Promise<AuditVerification> {
    return this.database.orgTransaction(orgId, async (tx) => {
      // The head first: an event added meanwhile lies behind it and is not looked at.
      const head = await trailHead(tx, orgId);
      const walk = new ChainWalk(orgId);
      for (let after = 0; !walk.isBroken;) {
        const events = await eventsAfter(tx, orgId, { filter: {}, after, upTo: head.seq, limit: PAGE });
        events.forEach((event) => walk.add({ ...event, tellsTheSame: tellsTheSame(event, orgId) }));
        const last = events.at(-1);
        if (!last) break;
        after = last.seq;
      }
      return walk.end(head, head.lastSeq);
    });
  }
}
