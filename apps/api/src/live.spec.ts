import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Identity } from '@vw/identity';
import { Database, LiveFeed } from '@vw/platform';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

/** Reads a stream of events as a browser does, into a list. */
function readEvents(answer: Response, into: string[]): Promise<void> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<void> => {
    // A server that stops cuts the stream off: that ends it like any other end.
    const chunk = await reader?.read().catch(() => undefined);
    if (!chunk || chunk.done) return;
    into.push(...[...chunk.value.matchAll(/^data: (.+)$/gm)].map((match) => match[1] ?? ''));
    return next();
  };
  return next();
}

async function eventually(assertion: () => void, withinMs = 5_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      assertion();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

describe('live events', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  const join = async (name: string) => {
    const email = `${name}@x.example`;
    const identity = app.get(Identity, { strict: false });
    const { organizationId, password } = await identity.createOrganization({ name, email });
    const { token } = await identity.signIn(email, password, '192.0.2.1');
    return { orgId: organizationId, email, password, cookie: `vw_session=${token}` };
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    app = await createApi(test.env({ EGRESS_POLICY: 'private' }));
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/api/v1/live`;
  });

  afterAll(async () => {
    await app?.close();
    await test?.drop();
  });

  /** A stream as a browser holds it. */
  const open = async (cookie: string) => {
    const answer = await fetch(url, { headers: { cookie } });
    const seen: string[] = [];
    const stream = { status: answer.status, type: answer.headers.get('content-type'), seen, ended: false };
    void readEvents(answer, seen).then(() => (stream.ended = true));
    return stream;
  };
  const tell = (orgId: string, id: string): Promise<void> =>
    app.get(Database).orgTransaction(orgId, () => app.get(LiveFeed).publish(orgId, 'inventory', id));
  const change = (orgId: string, sql: string, parameters: string[] = []): Promise<unknown> =>
    app.get(Database).orgTransaction(orgId, (tx) => tx.execute(sql, parameters));
  const again = async (person: { email: string; password: string }): Promise<string> =>
    `vw_session=${(await identity().signIn(person.email, person.password, '192.0.2.1')).token}`;
  const identity = (): Identity => app.get(Identity, { strict: false });
  const signedIn = async (cookie: string) => {
    const user = await identity().authenticate(cookie.replace('vw_session=', ''));
    if (!user) throw new Error('nobody is signed in');
    return user;
  };

  it('tells an organization what of its own changed, after the commit', async () => {
    const [mine, other] = [await join('mine'), await join('other')];
    const stream = await open(mine.cookie);
    expect(stream.type).toContain('text/event-stream');
    const unrelated = await open(other.cookie);
    const rolledBack = app.get(Database).orgTransaction(mine.orgId, async () => {
      await app.get(LiveFeed).publish(mine.orgId, 'inventory', 'rolled-back');
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await tell(mine.orgId, 'm-1');
    await tell(other.orgId, 'o-1');
    await eventually(() => {
      expect(stream.seen.map((text) => JSON.parse(text))).toEqual([{ topic: 'inventory', id: 'm-1' }]);
      expect(unrelated.seen.map((text) => JSON.parse(text))).toEqual([{ topic: 'inventory', id: 'o-1' }]);
    });
  });

  it('ends with the session that signs out, tells it nothing of later, and lets it in no more', async () => {
    const person = await join('leaver');
    const stays = await again(person);
    const [left, kept] = [await open(person.cookie), await open(stays)];
    await identity().signOut(await signedIn(person.cookie));
    await tell(person.orgId, 'after');
    await eventually(() => {
      expect(left.ended).toBe(true);
      expect(kept.seen.join()).toContain('after');
    });
    expect(left.seen.join()).not.toContain('after');
    expect(kept.ended).toBe(false);
    expect((await open(person.cookie)).status).toBe(401);
  });

  it('ends with the other sessions of a person who changes the password', async () => {
    const person = await join('changer');
    const mine = await again(person);
    const [other, kept] = [await open(person.cookie), await open(mine)];
    const newPassword = 'another passphrase of length';
    await identity().changePassword(await signedIn(mine), { currentPassword: person.password, newPassword });
    await tell(person.orgId, 'after');
    await eventually(() => {
      expect(other.ended).toBe(true);
      expect(kept.seen.join()).toContain('after');
    });
    expect(other.seen.join()).not.toContain('after');
    expect(kept.ended).toBe(false);
  });

  it('ends by itself when the session does, which it does not prolong', async () => {
    const person = await join('old');
    const { sessionId } = await signedIn(person.cookie);
    await change(
      person.orgId,
      `UPDATE session SET created_at = now() - interval '24 hours' + interval '2 seconds' WHERE id = $1`,
      [sessionId],
    );
    const stream = await open(person.cookie);
    await tell(person.orgId, 'before');
    await eventually(() => expect(stream.seen.join()).toContain('before'));
    expect(stream.ended).toBe(false);
    await eventually(() => expect(stream.ended).toBe(true));
    await tell(person.orgId, 'after');
    expect(stream.seen.join()).not.toContain('after');
    expect((await open(person.cookie)).status).toBe(401);
  });

  it('looks again at a session that was to end: one in use goes on, one of an account switched off ends', async () => {
    const [used, off] = [await join('used'), await join('switched-off')];
    const streams: Awaited<ReturnType<typeof open>>[] = [];
    for (const { orgId, cookie } of [used, off]) {
      const { sessionId } = await signedIn(cookie);
      const createdAt = `UPDATE session SET created_at = now() - $2::interval WHERE id = $1`;
      // Time enough for what changes meanwhile, on a machine that has other work too.
      await change(orgId, createdAt, [sessionId, '23:59:54']);
      streams.push(await open(cookie));
      await change(orgId, createdAt, [sessionId, '0']);
    }
    await change(off.orgId, 'UPDATE user_account SET active = false');
    await eventually(() => expect(streams[1]?.ended).toBe(true), 20_000);
    await tell(used.orgId, 'still here');
    await eventually(() => expect(streams[0]?.seen.join()).toContain('still here'));
  });

  it('ends when the server can no longer hear what happens, and can be opened again', async () => {
    const person = await join('unheard');
    const stream = await open(person.cookie);
    await change(
      person.orgId,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    await eventually(() => expect(stream.ended).toBe(true));
    const next = await open(person.cookie);
    await tell(person.orgId, 'heard');
    await eventually(() => expect(next.seen.join()).toContain('heard'));
  });

  it('ends when the server does', async () => {
    const person = await join('last');
    const stream = await open(person.cookie);
    const started = Date.now();
    await app.close();
    await eventually(() => expect(stream.ended).toBe(true));
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
