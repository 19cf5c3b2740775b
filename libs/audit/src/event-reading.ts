import type { AuditEvent } from '@vw/shared-contracts';
import type { StoredEvent } from './audit-statements';
import { readFacts, type EventFacts } from './chain';

/** Today's names of people and keys by their ids: the trail itself holds no names of people. */
export type NameLookup = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Whoever wrote over a row may have left no id there, and Postgres refuses to look for one. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is shown of events. A column that contradicts its text is shown as it stands: lists filter by it, and `verify` tells. */
export async function toAuditEvents(
  stored: readonly StoredEvent[],
  namesOf: NameLookup,
): Promise<AuditEvent[]> {
  const shown = stored.map((event) => ({ facts: shownFacts(event), hash: event.hash.toString('hex') }));
  const ids = shown.flatMap(({ facts }) => [
    facts.actor.id ?? '',
    isPerson(facts) ? (facts.subject.id ?? '') : '',
  ]);
  const names = await namesOf([...new Set(ids)].filter((id) => UUID.test(id)));
  const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? null));
  return shown.map(({ facts, hash }) =>
    auditEvent(facts, hash, { actor: nameOf(facts.actor.id), person: nameOf(facts.subject.id) }),
  );
}

export function auditEvent(
  facts: EventFacts,
  hash: string,
  names: { actor: string | null; person: string | null },
): AuditEvent {
  const { id, via } = facts.actor;
  return {
    seq: facts.seq,
    at: facts.at,
    actor: { id, name: names.actor, via },
    action: facts.action,
    subject: { ...facts.subject, name: isPerson(facts) ? names.person : facts.subject.name },
    before: facts.before,
    after: facts.after,
    runId: facts.runId,
    hash,
  };
}

/** Of whom the trail keeps no name. */
export function isPerson({ subject }: EventFacts): boolean {
  return subject.type === 'user';
}

/** Whether the columns beside the text say what the text says. */
export function tellsTheSame(stored: StoredEvent, orgId: string): boolean {
  const facts = readFacts(stored.body);
  return (
    facts !== null &&
    facts.orgId === orgId &&
    facts.seq === stored.seq &&
    facts.at === stored.at.toISOString() &&
    facts.action === stored.action &&
    facts.actor.id === stored.actorId &&
    facts.subject.id === stored.subjectId
  );
}

function shownFacts(stored: StoredEvent): EventFacts {
  const facts = readFacts(stored.body) ?? UNREADABLE;
  return {
    ...facts,
    seq: stored.seq,
    at: stored.at.toISOString(),
    actor: { id: stored.actorId, via: facts.actor.via },
    action: stored.action,
    subject: { type: facts.subject.type, id: stored.subjectId, name: facts.subject.name },
  };
}

/** What is shown in place of a text that was destroyed. */
const UNREADABLE: EventFacts = {
  orgId: '',
  seq: 0,
  at: '',
  actor: { id: null, via: 'unreadable' },
  action: '',
  subject: { type: 'unreadable', id: null, name: null },
  before: null,
  after: null,
  runId: null,
};
