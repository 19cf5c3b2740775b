import 'reflect-metadata';
import { startTestTrail, type TestTrail } from './test-trail';

/** What somebody may do who writes into the tables, and the first event that no longer holds. `:` words become ids of organizations. */
const TAMPERINGS: [what: string, brokenAt: number, sql: string][] = [
  [
    'an edited text',
    5,
    `UPDATE audit_event SET body = replace(body, 'thing.changed', 'thing.chanced') WHERE org_id = :here AND seq = 5`,
  ],
  ['a text that is none', 5, `UPDATE audit_event SET body = 'x' WHERE org_id = :here AND seq = 5`],
  ['one more space', 5, `UPDATE audit_event SET body = body || ' ' WHERE org_id = :here AND seq = 5`],
  ['another time', 4, `UPDATE audit_event SET at = at + interval '1 day' WHERE org_id = :here AND seq = 4`],
  ['another actor', 1, `UPDATE audit_event SET actor_id = uuidv7() WHERE org_id = :here AND seq = 1`],
  ['an event deleted', 7, `DELETE FROM audit_event WHERE org_id = :here AND seq = 7`],
  ['the first event deleted', 1, `DELETE FROM audit_event WHERE org_id = :here AND seq = 1`],
  ['the tail cut off', 18, `DELETE FROM audit_event WHERE org_id = :here AND seq >= 18`],
  ['all events deleted', 1, `DELETE FROM audit_event WHERE org_id = :here`],
  ['the head deleted', 1, `DELETE FROM audit_head WHERE org_id = :here`],
  ['the head set back', 10, `UPDATE audit_head SET seq = 9 WHERE org_id = :here`],
  [
    'two events swapped',
    6,
    `UPDATE audit_event SET seq = 1000 WHERE org_id = :here AND seq = 6;
     UPDATE audit_event SET seq = 6 WHERE org_id = :here AND seq = 7;
     UPDATE audit_event SET seq = 7 WHERE org_id = :here AND seq = 1000`,
  ],
  [
    'an event moved to another organization',
    8,
    `UPDATE audit_event SET org_id = :other, seq = 900 WHERE org_id = :here AND seq = 8`,
  ],
  [
    'an event taken from another organization',
    1,
    `UPDATE audit_event t SET body = o.body, hash = o.hash, action = o.action, subject_id = o.subject_id, at = o.at, actor_id = o.actor_id
     FROM audit_event o WHERE o.org_id = :other AND o.seq = 1 AND t.org_id = :here AND t.seq = 1`,
  ],
  [
    'a hash recomputed over an edited text, so that the next one does not fit',
    11,
    `UPDATE audit_event e SET body = replace(e.body, 'thing.changed', 'thing.chanced'), action = 'thing.chanced',
       hash = sha256(p.hash || convert_to(replace(e.body, 'thing.changed', 'thing.chanced'), 'UTF8'))
     FROM audit_event p WHERE p.org_id = e.org_id AND p.seq = e.seq - 1 AND e.org_id = :here AND e.seq = 10`,
  ],
  [
    'the last hash recomputed over an edited text, so that the head does not fit',
    20,
    `UPDATE audit_event e SET body = replace(e.body, '"session"', '"command"'),
       hash = sha256(p.hash || convert_to(replace(e.body, '"session"', '"command"'), 'UTF8'))
     FROM audit_event p WHERE p.org_id = e.org_id AND p.seq = e.seq - 1 AND e.org_id = :here AND e.seq = 20`,
  ],
  [
    'an event deleted, and all later hashes and the head recomputed',
    7,
    `DELETE FROM audit_event WHERE org_id = :here AND seq = 7; ${rebuiltAfter(6)}`,
  ],
  [
    'an event of another organization, and all later hashes and the head recomputed',
    5,
    `UPDATE audit_event t SET body = o.body, action = o.action, subject_id = o.subject_id, at = o.at, actor_id = o.actor_id
     FROM audit_event o WHERE o.org_id = :other AND o.seq = 5 AND t.org_id = :here AND t.seq = 5; ${rebuiltAfter(4)}`,
  ],
];

const KEEP = 'CREATE TABLE kept_event AS TABLE audit_event; CREATE TABLE kept_head AS TABLE audit_head';
const RESTORE = `TRUNCATE audit_event, audit_head; INSERT INTO audit_event TABLE kept_event;
  INSERT INTO audit_head TABLE kept_head; DROP TABLE kept_event, kept_head`;

/** Every hash behind this event's, and the head's, computed anew. */
function rebuiltAfter(seq: number): string {
  return `DO $$
    DECLARE event record; previous bytea;
    BEGIN
      SELECT hash INTO previous FROM audit_event WHERE org_id = :here AND seq = ${seq};
      FOR event IN SELECT seq, body FROM audit_event WHERE org_id = :here AND seq > ${seq} ORDER BY seq LOOP
        previous := sha256(previous || convert_to(event.body, 'UTF8'));
        UPDATE audit_event SET hash = previous WHERE org_id = :here AND seq = event.seq;
      END LOOP;
      UPDATE audit_head SET hash = previous WHERE org_id = :here;
    END $$`;
}

describe('a trail that was tampered with', () => {
  let trail: TestTrail;

  const asSuperuser = (sql: string): Promise<unknown> =>
    trail.api.test.asSuperuser(
      sql
        .replaceAll(':here', `'${trail.admin.me.organization.id}'`)
        .replaceAll(':other', `'${trail.other.me.organization.id}'`),
    );

  beforeAll(async () => {
    trail = await startTestTrail();
  });

  afterAll(() => trail?.close());

  it.each(TAMPERINGS)('names the place here and in its exported files: %s', async (_, brokenAt, sql) => {
    await asSuperuser(KEEP);
    await asSuperuser(sql);
    const found = [await trail.verify(), await trail.checkExport('jsonl'), await trail.checkExport('csv')];
    const listed = await trail.api.call('GET', '/audit/events', { cookie: trail.admin.cookie });
    await asSuperuser(RESTORE);
    const broken = { ok: false, events: brokenAt - 1, brokenAt };
    expect(found).toEqual([broken, expect.objectContaining(broken), expect.objectContaining(broken)]);
    expect(listed.status).toBe(200);
    expect(await trail.verify()).toEqual({ ok: true, events: 20, brokenAt: null });
  });

  it.each(['jsonl', 'csv'] as const)(
    'names the place of what was done to an exported file: %s',
    async (format) => {
      const text = await trail.exported(format);
      const [end, titles] = format === 'csv' ? ['\r\n', 1] : ['\n', 0];
      // Events from 15 on hold no line ends within.
      const lines = text.split(format === 'csv' ? /\r\n(?=\d+,\d{4}-|$)/ : '\n');
      const at = (seq: number): number => titles + seq - 1;
      const line = (seq: number): string => lines[at(seq)] ?? '';
      const broken = async (changed: readonly string[]): Promise<number | null> =>
        (await trail.checkFile(changed.join(end))).brokenAt;
      const edited = (seq: number, from: string | RegExp, to: string): string[] =>
        lines.with(at(seq), line(seq).replace(from, to));

      expect(await broken(lines)).toBeNull();
      expect(await broken(edited(15, 'thing.counted', 'thing.countet'))).toBe(15);
      expect(await broken(edited(16, /\d{4}-\d\d-\d\d/, '1999-01-01'))).toBe(16);
      expect(await broken(edited(17, 'worker', 'session'))).toBe(17);
      expect(await broken(edited(17, /.*/, 'nonsense'))).toBe(17);
      expect(await broken(lines.toSpliced(at(16), 1))).toBe(16);
      expect(await broken(lines.toSpliced(at(16), 0, line(16)))).toBe(17);
      expect(await broken(lines.toSpliced(at(15), 2, line(16), line(15)))).toBe(15);
      expect(await broken(lines.toSpliced(at(18), 3))).toBe(18);
      expect(await broken(lines.toSpliced(at(18), 4))).toBe(18);
      expect(await broken(lines.toSpliced(at(22), 0, line(15)))).toBe(21);
      const theirs = (await trail.exported(format, '', trail.other)).trimEnd().split(end);
      expect(await broken(lines.with(at(21), theirs.at(-1) ?? ''))).toBe(1);
    },
  );
});
