import { Database } from '@vw/platform';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { DataSource } from 'typeorm';
import { Audit, type Actor } from './audit';

const ORG = '00000000-0000-7000-8000-00000000000a';
const OTHER = '00000000-0000-7000-8000-00000000000b';
const WHO: Actor = { id: '00000000-0000-7000-8000-0000000000aa', name: 'Åsa Lindqvist', via: 'session' };

describe('the audit trail', () => {
  let test: TestDatabase;
  let source: DataSource;
  let superuser: DataSource;
  let database: Database;
  let audit: Audit;

  const note = (orgId: string, action: string, after: unknown = null): Promise<void> =>
    database.orgTransaction(orgId, () =>
      audit.append(orgId, { actor: WHO, action, subject: { type: 'thing', id: action }, after }),
    );
  const bodies = (orgId: string): Promise<{ seq: number; body: string }[]> =>
    database.orgTransaction(orgId, (tx) => tx.query('SELECT seq::int, body FROM audit_event ORDER BY seq'));
  /** As one who may rewrite tables: runs the tampering, verifies, and puts everything back. */
  const verifiedAfter = async (tampering: string): Promise<unknown> => {
    await superuser.query(
      'CREATE TABLE kept_event AS TABLE audit_event; CREATE TABLE kept_head AS TABLE audit_head',
    );
    await superuser.query(tampering);
    const result = await audit.verify(ORG);
    await superuser.query(
      'TRUNCATE audit_event, audit_head; INSERT INTO audit_event TABLE kept_event; INSERT INTO audit_head TABLE kept_head',
    );
    await superuser.query('DROP TABLE kept_event, kept_head');
    return result;
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    source = await new DataSource({ type: 'postgres', url: test.url, poolSize: 10 }).initialize();
    superuser = await new DataSource({ type: 'postgres', url: test.adminUrl }).initialize();
    database = new Database(source);
    audit = new Audit(database);
    for (const id of [ORG, OTHER]) {
      await database.orgTransaction(id, (tx) =>
        tx.execute('INSERT INTO organization (id, name) VALUES ($1, $2)', [id, 'Spec']),
      );
    }
  });

  afterAll(async () => {
    await source?.destroy();
    await superuser?.destroy();
    await test?.drop();
  });

  it('refuses an event outside the transaction of what it tells', async () => {
    const entry = { actor: WHO, action: 'thing.changed', subject: { type: 'thing', id: null } };
    await expect(audit.append(ORG, entry)).rejects.toThrow('inside a transaction');
    await expect(database.orgTransaction(OTHER, () => audit.append(ORG, entry))).rejects.toThrow(
      'inside a transaction',
    );
  });

  it('keeps nothing of an event whose change failed, and leaves no gap', async () => {
    await note(ORG, 'first');
    const failing = database.orgTransaction(ORG, async () => {
      await audit.append(ORG, { actor: WHO, action: 'lost', subject: { type: 'thing', id: null } });
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    await note(ORG, 'second');
    expect((await bodies(ORG)).map(({ seq, body }) => [seq, JSON.parse(body).action])).toEqual([
      [1, 'first'],
      [2, 'second'],
    ]);
  });

  it('numbers without gaps when many write at once, each organization on its own', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => note(i % 4 ? ORG : OTHER, `parallel-${i}`)));
    expect((await bodies(ORG)).map(({ seq }) => seq)).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
    expect(await audit.verify(ORG)).toEqual({ ok: true, events: 17, brokenAt: null });
    expect(await audit.verify(OTHER)).toEqual({ ok: true, events: 5, brokenAt: null });
  });

  it('hashes ids, never names of people', async () => {
    await database.orgTransaction(ORG, () =>
      audit.append(ORG, {
        actor: WHO,
        action: 'user.invited',
        subject: { type: 'user', id: 'u1', name: 'Björn Ek' },
        before: undefined,
        after: { role: 'viewer' },
        runId: null,
      }),
    );
    const body = (await bodies(ORG)).at(-1)?.body ?? '';
    expect(body).not.toMatch(/Åsa|Björn/);
    expect(JSON.parse(body)).toEqual({
      action: 'user.invited',
      actor: { id: WHO.id, via: 'session' },
      after: { role: 'viewer' },
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      before: null,
      orgId: ORG,
      runId: null,
      seq: 18,
      subject: { id: 'u1', name: null, type: 'user' },
    });
  });

  it('lets the app add and read, never change or delete', async () => {
    for (const sql of [
      'UPDATE audit_event SET body = body',
      'DELETE FROM audit_event',
      'TRUNCATE audit_event',
    ]) {
      await expect(database.orgTransaction(ORG, (tx) => tx.execute(sql))).rejects.toMatchObject({
        code: '42501',
      });
    }
  });

  it('names the event that was edited, deleted, moved, cut off, swapped or taken from another organization', async () => {
    const here = `org_id = '${ORG}' AND seq`;
    const broken = (seq: number): object => ({ ok: false, events: seq - 1, brokenAt: seq });
    expect(
      await verifiedAfter(`UPDATE audit_event SET body = replace(body, 'first', 'worst') WHERE ${here} = 1`),
    ).toEqual(broken(1));
    expect(
      await verifiedAfter(`UPDATE audit_event SET at = at + interval '1 day' WHERE ${here} = 4`),
    ).toEqual(broken(4));
    expect(await verifiedAfter(`UPDATE audit_event SET actor_id = NULL WHERE ${here} = 5`)).toEqual(
      broken(5),
    );
    expect(await verifiedAfter(`DELETE FROM audit_event WHERE ${here} = 3`)).toEqual(broken(3));
    expect(await verifiedAfter(`DELETE FROM audit_event WHERE ${here} >= 17`)).toEqual(broken(17));
    expect(await verifiedAfter(`DELETE FROM audit_head WHERE org_id = '${ORG}'`)).toEqual(broken(1));
    expect(
      await verifiedAfter(`
        UPDATE audit_event SET seq = 1000 WHERE ${here} = 6;
        UPDATE audit_event SET seq = 6 WHERE ${here} = 7;
        UPDATE audit_event SET seq = 7 WHERE ${here} = 1000`),
    ).toEqual(broken(6));
    expect(
      await verifiedAfter(`
        UPDATE audit_event t SET body = o.body, hash = o.hash, action = o.action, subject_id = o.subject_id, at = o.at
        FROM audit_event o WHERE o.org_id = '${OTHER}' AND o.seq = 1 AND t.org_id = '${ORG}' AND t.seq = 1`),
    ).toEqual(broken(1));
    expect(await audit.verify(ORG)).toEqual({ ok: true, events: 18, brokenAt: null });
  });

  it('finds a rebuilt tail when the head is not rebuilt with it', async () => {
    const recomputed = `
      UPDATE audit_event e SET body = replace(e.body, '"user.invited"', '"user.removed"'), action = 'user.removed',
        hash = sha256(p.hash || convert_to(replace(e.body, '"user.invited"', '"user.removed"'), 'UTF8'))
      FROM audit_event p WHERE p.org_id = e.org_id AND p.seq = e.seq - 1 AND e.org_id = '${ORG}' AND e.seq = 18`;
    expect(await verifiedAfter(recomputed)).toEqual({ ok: false, events: 17, brokenAt: 18 });
  });
});
