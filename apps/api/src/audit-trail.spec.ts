import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { Database } from '@vw/platform';
import type { AuditEvent, AuditEventPage } from '@vw/shared-contracts';
import { startTestTrail, type TestTrail } from './test-trail';

describe('the audit trail', () => {
  let trail: TestTrail;
  let orgId: string;
  let otherId: string;

  beforeAll(async () => {
    trail = await startTestTrail();
    [orgId, otherId] = [trail.admin.me.organization.id, trail.other.me.organization.id];
  });

  afterAll(() => trail?.close());

  it('tells who did what, newest first, with the names of today', async () => {
    const { items, total, nextCursor } = await trail.events();
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
    expect([total, nextCursor]).toEqual([20, null]);
    const asa = { id: trail.admin.me.id, name: 'Åsa Lindqvist', via: 'session' };
    expect(items[0]).toEqual({
      seq: 20,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      actor: asa,
      action: 'user.invited',
      subject: { type: 'user', id: expect.any(String), name: 'José Muñoz' },
      before: null,
      after: { active: true, role: 'viewer' },
      runId: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(items[1]?.actor).toEqual({ id: null, name: null, via: 'worker' });
    const id = items[0]?.subject.id ?? '';
    await trail.api.call('PATCH', `/users/${id}`, { cookie: trail.admin.cookie, body: { name: 'José Ek' } });
    const renamed = await trail.events('?action=user.invited');
    expect(renamed.items[0]?.subject.name).toBe('José Ek');
    expect(renamed.items[0]?.hash).toBe(items[0]?.hash);
  });

  it('is filtered by actor, action and time', async () => {
    const seqs = async (query: string): Promise<number[]> =>
      (await trail.events(query)).items.map(({ seq }) => seq);
    const all = (await trail.events()).items;
    const of = (which: (event: AuditEvent) => boolean): number[] => all.filter(which).map(({ seq }) => seq);
    expect(await seqs(`?actor=${trail.admin.me.id}`)).toEqual(
      of(({ actor }) => actor.id === trail.admin.me.id),
    );
    expect(await seqs('?actor=system')).toEqual(of(({ actor }) => actor.id === null));
    expect(await seqs(`?actor=${trail.other.me.id}`)).toEqual([]);
    expect(await seqs('?action=thing.counted')).toEqual([19, 18, 17, 16, 15]);
    const [from, to] = [all.at(-5)?.at ?? '', all.at(-10)?.at ?? ''];
    expect(await seqs(`?from=${from}&to=${to}`)).toEqual(of(({ at }) => at >= from && at < to));
    const offset = encodeURIComponent(
      new Date(Date.parse(from) + 7_200_000).toISOString().replace('Z', '+02:00'),
    );
    expect(await seqs(`?from=${offset}&actor=system`)).toEqual(of((one) => one.at >= from && !one.actor.id));
    expect((await trail.events('?from=2999-01-01')).total).toBe(0);
    for (const query of [
      'actor=me',
      'from=yesterday',
      'from=2026-02-30',
      'to=2026-01-01T10:00',
      'action=a%00b',
      'who=me',
    ]) {
      const answer = await trail.api.call('GET', `/audit/events?${query}`, { cookie: trail.admin.cookie });
      expect([query, answer.status]).toEqual([query, 422]);
    }
  });

  it('is read page by page, each event once, while events are added', async () => {
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: AuditEventPage = await trail.events(
        `?limit=3&action=thing.counted${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.total === null).toBe(cursor !== '');
      seen.push(...page.items.map(({ seq }) => seq));
      await trail.note(orgId, 'thing.counted');
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([19, 18, 17, 16, 15]);
    const { nextCursor } = await trail.events('?limit=1');
    const foreign = await trail.api.call('GET', `/audit/events?action=thing.counted&cursor=${nextCursor}`, {
      cookie: trail.admin.cookie,
    });
    expect(foreign.json()).toMatchObject({ code: 'invalid-input', errors: [{ field: 'cursor' }] });
  });

  it('is verified whole, here and in its exported files', async () => {
    const { total } = await trail.events();
    expect(await trail.verify()).toEqual({ ok: true, events: total, brokenAt: null });
    const [head] = (await trail.events('?limit=1')).items;
    for (const format of ['csv', 'jsonl'] as const) {
      expect(await trail.checkExport(format)).toEqual({
        ...{ ok: true, events: total, brokenAt: null },
        ...{ orgId: orgId, head: head?.hash },
      });
    }
  });

  it('is exported as files that end with the head', async () => {
    const csv = await trail.api.call('GET', '/audit/events.csv', { cookie: trail.admin.cookie });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit-trail.csv"');
    expect(csv.text).toMatch(/^seq,at,actorId,actorName,via,action,.*,hash,text\r\n1,/);
    for (const escaped of [
      `"'=HYPERLINK(""x"")"`,
      `,'+1,`,
      `,'-1,`,
      `,'@x,`,
      `,'\tx,`,
      `"'\rx"`,
      `,'＝1,`,
      `"a,""b""\r\nc"`,
    ]) {
      expect(csv.text).toContain(escaped);
    }
    const jsonl = await trail.api.call('GET', '/audit/events.jsonl', { cookie: trail.admin.cookie });
    expect(jsonl.headers['content-type']).toBe('application/jsonl; charset=utf-8');
    const lines = jsonl.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const list = (await trail.events('?limit=200')).items;
    expect(lines.slice(0, -1).map(({ text: _, ...event }) => event)).toEqual(list.toReversed());
    expect(lines.at(-1)).toEqual({
      head: {
        orgId: orgId,
        seq: list.length,
        hash: list[0]?.hash,
        exportedAt: expect.any(String),
        filter: null,
      },
    });
    expect(csv.text).toMatch(
      new RegExp(`\r\n${list.length},[^,]+,,,export,trail.head,organization,[^\r]+,${list[0]?.hash},\r\n$`),
    );
  });

  it('marks a filtered export as an extract, which proves nothing', async () => {
    for (const format of ['csv', 'jsonl'] as const) {
      const text = await trail.exported(format, '?action=thing.counted');
      expect(text).toContain(format === 'csv' ? 'trail.extract' : '"filter":{"action":"thing.counted"}');
      expect(text).not.toContain('user.invited');
      await expect(trail.checkFile(text)).rejects.toThrow('extract');
    }
    await expect(trail.checkFile('a,b\r\n1,2\r\n')).rejects.toThrow('no exported trail');
  });

  it('holds no name that erasing a person would have to change', async () => {
    const text = await trail.exported('jsonl');
    const hashed = text
      .trimEnd()
      .split('\n')
      .slice(0, -1)
      .map((line) => String(JSON.parse(line).text));
    expect(hashed.join()).not.toMatch(/Åsa|José|x\.example/);
    expect(await trail.checkFile(text.replaceAll('Åsa Lindqvist', 'erased'))).toMatchObject({ ok: true });
  });

  it('shows and exports an organization its own events only', async () => {
    for (const format of ['csv', 'jsonl'] as const) {
      expect(await trail.exported(format, '', trail.other)).not.toContain(orgId);
    }
    const theirs = (
      await trail.api.call('GET', '/audit/events', { cookie: trail.other.cookie })
    ).json<AuditEventPage>();
    expect(theirs.total).toBe(7);
    expect(await trail.verify(trail.other)).toEqual({ ok: true, events: 7, brokenAt: null });
  });

  it('is streamed: more events than one page leave whole', async () => {
    await trail.api.app.get(Database).orgTransaction(otherId, async () => {
      for (let i = 0; i < 1_100; i += 1) await trail.note(otherId, 'thing.counted', { after: i });
    });
    for (const format of ['csv', 'jsonl'] as const) {
      expect(await trail.checkExport(format, trail.other)).toMatchObject({ ok: true, events: 1_107 });
    }
    expect(await trail.verify(trail.other)).toMatchObject({ ok: true, events: 1_107 });
  });

  it('can be checked by anyone: each hash is the SHA-256 of the one before and the text', async () => {
    let previous = Buffer.alloc(32);
    for (const line of (await trail.exported('jsonl')).trimEnd().split('\n')) {
      const { head, text, hash } = JSON.parse(line);
      if (!head) previous = createHash('sha256').update(previous).update(text).digest();
      expect(previous.toString('hex')).toBe(head ? head.hash : hash);
    }
  });
});
