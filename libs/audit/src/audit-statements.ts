import type { Transaction } from '@vw/platform';
import type { AuditFilter } from '@vw/shared-contracts';

/** Where the next event goes. */
export interface Place {
  seq: number;
  at: Date;
  previous: Buffer;
}

export interface StoredEvent {
  seq: number;
  at: Date;
  actorId: string | null;
  action: string;
  subjectId: string | null;
  body: string;
  hash: Buffer;
}

/**
 * Takes the next number and locks the organization's head row until the transaction ends, so that numbers are gapless and in the order of
 * the commits. The clock is read after the lock is held (RETURNING), in the milliseconds that the hashed text carries.
 */
export async function nextPlace(tx: Transaction, orgId: string, genesis: Buffer): Promise<Place> {
  const [row] = await tx.query<{ seq: string; at: Date; previous: Buffer }>(
    `INSERT INTO audit_head (org_id, seq, hash) VALUES ($1, 1, $2)
     ON CONFLICT (org_id) DO UPDATE SET seq = audit_head.seq + 1
     RETURNING seq, date_trunc('milliseconds', clock_timestamp()) AS at, hash AS previous`,
    [orgId, genesis],
  );
  if (!row) throw new Error('The audit trail has no head.');
  return { seq: Number(row.seq), at: row.at, previous: row.previous };
}

/** Adds the event and makes its hash the head's, in one statement. */
export async function addEvent(tx: Transaction, event: StoredEvent & { orgId: string }): Promise<void> {
  await tx.execute(
    `WITH head AS (UPDATE audit_head SET hash = $8 WHERE org_id = $1)
     INSERT INTO audit_event (org_id, seq, at, actor_id, action, subject_id, body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [event.orgId, event.seq, event.at, event.actorId, event.action, event.subjectId, event.body, event.hash],
  );
}

/** The head, and the last event beside it, as of one instant: an event beyond the head belongs to no chain. */
export async function trailHead(
  tx: Transaction,
  orgId: string,
): Promise<{ seq: number; hash: Buffer; lastSeq: number }> {
  const [row] = await tx.query<{ seq: string | null; hash: Buffer | null; lastSeq: string }>(
    `SELECT h.seq, h.hash, e.last AS "lastSeq"
     FROM (SELECT coalesce(max(seq), 0) AS last FROM audit_event WHERE org_id = $1) e LEFT JOIN audit_head h ON h.org_id = $1`,
    [orgId],
  );
  return {
    seq: Number(row?.seq ?? 0),
    hash: row?.hash ?? Buffer.alloc(32),
    lastSeq: Number(row?.lastSeq ?? 0),
  };
}

/** Oldest first. */
export async function eventsAfter(
  tx: Transaction,
  orgId: string,
  range: { filter: AuditFilter; after: number; upTo: number; limit: number },
): Promise<StoredEvent[]> {
  const { where, parameters } = conditions(orgId, range.filter);
  const n = parameters.length;
  const rows = await tx.query<StoredRow>(
    `SELECT ${ROW} FROM audit_event WHERE ${where} AND seq > $${n + 1} AND seq <= $${n + 2} ORDER BY seq LIMIT $${n + 3}`,
    [...parameters, range.after, range.upTo, range.limit],
  );
  return rows.map(toStoredEvent);
}

/** Newest first. The number is the keyset: it is never reused and never moves. */
export async function eventsBefore(
  tx: Transaction,
  orgId: string,
  range: { filter: AuditFilter; before: number | null; limit: number },
): Promise<StoredEvent[]> {
  const { where, parameters } = conditions(orgId, range.filter);
  const n = parameters.length;
  const rows = await tx.query<StoredRow>(
    `SELECT ${ROW} FROM audit_event WHERE ${where} AND ($${n + 1}::bigint IS NULL OR seq < $${n + 1})
     ORDER BY seq DESC LIMIT $${n + 2}`,
    [...parameters, range.before, range.limit],
  );
  return rows.map(toStoredEvent);
}

export async function countEvents(tx: Transaction, orgId: string, filter: AuditFilter): Promise<number> {
  const { where, parameters } = conditions(orgId, filter);
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM audit_event WHERE ${where}`,
    parameters,
  );
  return row?.n ?? 0;
}

interface StoredRow extends Omit<StoredEvent, 'seq'> {
  seq: string;
}

const ROW = 'seq, at, actor_id AS "actorId", action, subject_id AS "subjectId", body, hash';

function toStoredEvent(row: StoredRow): StoredEvent {
  return { ...row, seq: Number(row.seq) };
}

function conditions(orgId: string, filter: AuditFilter): { where: string; parameters: unknown[] } {
  const parameters: unknown[] = [orgId];
  const found = ['org_id = $1'];
  const compare = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    parameters.push(value);
    found.push(`${condition} $${parameters.length}`);
  };
  if (filter.actor === 'system') found.push('actor_id IS NULL');
  else compare('actor_id =', filter.actor);
  compare('action =', filter.action);
  compare('at >=', filter.from && new Date(filter.from).toISOString());
  compare('at <', filter.to && new Date(filter.to).toISOString());
  return { where: found.join(' AND '), parameters };
}
