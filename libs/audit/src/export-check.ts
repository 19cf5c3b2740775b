import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { AuditEvent, AuditVerification } from '@vw/shared-contracts';
import { canonicalJson } from './canonical-json';
import { ChainWalk, isRecord, readFacts, type ChainEvent, type ChainHead, type EventFacts } from './chain';
import { csvCell, csvRecords } from './csv';
import { auditEvent, isPerson } from './event-reading';
import { CSV_COLUMNS, CSV_EXTRACT, CSV_HEAD, csvEvent } from './trail-formats';

/** What a file proves about itself. */
export interface ExportVerification extends AuditVerification {
  orgId: string;
  /** In hex; null where the file lacks its last line. Compare it with a head noted elsewhere: whoever rebuilds a whole chain changes it. */
  head: string | null;
}

interface FileHead extends ChainHead {
  orgId: string;
  isExtract: boolean;
}

type Line = { head: FileHead } | { event: ChainEvent; orgId: string | null };

/** A line of which nothing can be read: no place of a chain. */
const UNREADABLE: Line = {
  event: { seq: NaN, body: '', hash: Buffer.alloc(0), tellsTheSame: false },
  orgId: null,
};

/** Recomputes the chain in an exported file (JSON lines or CSV), without a database. Throws for an extract, and for what is no export. */
export async function verifyExport(file: string): Promise<ExportVerification> {
  let walk: ChainWalk | null = null;
  let orgId: string | null = null;
  let head: FileHead | null = null;
  let lastSeq = 0;
  for await (const line of await readLines(file)) {
    if ('head' in line) {
      head ??= line.head;
      continue;
    }
    orgId ??= line.orgId;
    walk ??= new ChainWalk(line.orgId ?? '');
    walk.add(line.event);
    lastSeq = Math.max(lastSeq, line.event.seq || 0);
  }
  if (!walk && !head) throw new Error('This file holds no exported trail.');
  if (head?.isExtract) {
    throw new Error(
      'This file is an extract: filters left events out, so its chain cannot be verified. Export without filters.',
    );
  }
  return verdict(walk ?? new ChainWalk(head?.orgId ?? ''), {
    orgId: orgId ?? head?.orgId ?? '',
    head,
    lastSeq,
  });
}

function verdict(
  walk: ChainWalk,
  found: { orgId: string; head: FileHead | null; lastSeq: number },
): ExportVerification {
  const { orgId, head, lastSeq } = found;
  // Without its head the file is cut off behind whatever holds.
  if (!head) return { ...walk.end({ seq: Infinity, hash: Buffer.alloc(0) }, lastSeq), orgId, head: null };
  const hash = head.hash.toString('hex');
  if (head.orgId !== orgId) return { ok: false, events: 0, brokenAt: 1, orgId: head.orgId, head: hash };
  return { ...walk.end(head, lastSeq), orgId, head: hash };
}

async function readLines(path: string): Promise<AsyncIterable<Line>> {
  const isJson = (await firstByte(path)) === '{';
  const text: AsyncIterable<string> = createReadStream(path, 'utf8');
  return isJson ? jsonLines(text) : csvLines(text);
}

async function firstByte(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
    return buffer.toString();
  } finally {
    // A folder opens, too, and refuses to be read.
    await file.close();
  }
}

async function* jsonLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  let rest = '';
  for await (const piece of pieces) {
    // Not by readline: it takes U+2028, which JSON leaves as it is, for the end of a line.
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter(Boolean).map(jsonLine);
  }
  if (rest) yield jsonLine(rest);
}

function jsonLine(text: string): Line {
  const line = parse(text);
  if (!isRecord(line)) return UNREADABLE;
  const { head } = line;
  if (isRecord(head)) return readHead([head['seq'], head['hash'], head['orgId'], head['filter'] !== null]);
  const facts = readFacts(String(line['text']));
  if (!facts) return UNREADABLE;
  const event = auditEvent(facts, String(line['hash']), {
    actor: nameIn(line['actor']),
    person: nameIn(line['subject']),
  });
  return eventLine(event, facts, {
    text: String(line['text']),
    tellsTheSame: canonicalJson(line) === canonicalJson({ ...event, text: line['text'] }),
  });
}

async function* csvLines(pieces: AsyncIterable<string>): AsyncGenerator<Line> {
  const records = csvRecords(pieces);
  const { value: titles } = await records.next();
  if (!Array.isArray(titles) || titles.join() !== CSV_COLUMNS.join()) return;
  for await (const cells of records) yield csvLine(cells);
}

function csvLine(cells: readonly string[]): Line {
  const [seq, , , actor, , action, , orgId, person, , , , hash = '', text = ''] = cells;
  if (text === '' && (action === CSV_HEAD || action === CSV_EXTRACT)) {
    return readHead([Number(seq), hash, orgId, action === CSV_EXTRACT]);
  }
  const facts = readFacts(text);
  if (!facts) return UNREADABLE;
  const event = auditEvent(facts, hash, { actor: null, person: null });
  const expected = csvEvent(event, text).map(csvCell);
  // Names of people are none of the hashed facts.
  expected[CSV_COLUMNS.indexOf('actorName')] = actor ?? '';
  if (isPerson(facts)) expected[CSV_COLUMNS.indexOf('subjectName')] = person ?? '';
  return eventLine(event, facts, {
    text,
    tellsTheSame: cells.length === expected.length && cells.every((cell, i) => cell === expected[i]),
  });
}

function eventLine(
  event: AuditEvent,
  facts: EventFacts,
  line: { text: string; tellsTheSame: boolean },
): Line {
  const hash = Buffer.from(event.hash, 'hex');
  return {
    event: { seq: facts.seq, body: line.text, hash, tellsTheSame: line.tellsTheSame },
    orgId: facts.orgId,
  };
}

function readHead([seq, hash, orgId, isExtract]: readonly unknown[]): Line {
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) return UNREADABLE;
  if (typeof hash !== 'string' || typeof orgId !== 'string') return UNREADABLE;
  return { head: { seq, hash: Buffer.from(hash, 'hex'), orgId, isExtract: isExtract === true } };
}

function nameIn(value: unknown): string | null {
  return isRecord(value) && typeof value['name'] === 'string' ? value['name'] : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: a line that was written over. The caller counts it as one that does not hold.
    return null;
  }
}
