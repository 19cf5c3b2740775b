import type { AuditEvent, AuditFilter } from '@vw/shared-contracts';
import { csvRecord } from './csv';

/** The last line of an export: where the chain ended at that moment. */
export interface ExportHead {
  orgId: string;
  seq: number;
  /** In hex. */
  hash: string;
  /** ISO-8601 UTC. */
  exportedAt: string;
  /** Null for the whole trail. Anything else is an extract, which cannot be verified: it has gaps. */
  filter: AuditFilter | null;
}

/** How an exported trail is written, oldest event first. Each line carries the hashed text, so that nobody has to spell it anew. */
export interface TrailFormat {
  readonly start: string;
  event(event: AuditEvent, text: string): string;
  head(head: ExportHead): string;
}

export const JSON_LINES: TrailFormat = {
  start: '',
  event: (event, text) => `${JSON.stringify({ ...event, text })}\n`,
  head: (head) => `${JSON.stringify({ head })}\n`,
};

export const CSV_COLUMNS = [
  'seq',
  'at',
  'actorId',
  'actorName',
  'via',
  'action',
  'subjectType',
  'subjectId',
  'subjectName',
  'before',
  'after',
  'runId',
  'hash',
  'text',
] as const;

export const CSV: TrailFormat = {
  start: csvRecord(CSV_COLUMNS),
  event: (event, text) => csvRecord(csvEvent(event, text)),
  head: (head) => csvRecord(csvHead(head)),
};

/** The words of `action` in the last line. */
export const CSV_HEAD = 'trail.head';
export const CSV_EXTRACT = 'trail.extract';

export function csvEvent({ actor, subject, ...event }: AuditEvent, text: string): string[] {
  return [
    String(event.seq),
    event.at,
    actor.id ?? '',
    actor.name ?? '',
    actor.via,
    event.action,
    subject.type,
    subject.id ?? '',
    subject.name ?? '',
    JSON.stringify(event.before),
    JSON.stringify(event.after),
    event.runId ?? '',
    event.hash,
    text,
  ];
}

/** A line like any other, so that every reader of CSV takes it; without a text, which every event has. */
function csvHead(head: ExportHead): string[] {
  return [
    String(head.seq),
    head.exportedAt,
    '',
    '',
    'export',
    head.filter ? CSV_EXTRACT : CSV_HEAD,
    'organization',
    head.orgId,
    '',
    '',
    JSON.stringify(head.filter),
    '',
    head.hash,
    '',
  ];
}
