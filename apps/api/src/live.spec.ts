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
    into.push(...[...chunk.value.matchAll(/^data: ?(.+)$/gm)].map((match) => match[1] ?? ''));
    return next();
  };
  return next();
}

async function eventually(assertion: () => void): Promise<void> {
  const deadline = Date.now() + 5_000;
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
    return { orgId: organizationId, cookie: `vw_session=${token}` };
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

  it('tells an organization what of its own changed, after the commit, and ends when the server does', async () => {
    const [mine, other] = [await join('mine'), await join('other')];
    const [seen, unrelated]: [string[], string[]] = [[], []];
    const answer = await fetch(url, { headers: { cookie: mine.cookie } });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const ended = readEvents(answer, seen);
    void readEvents(await fetch(url, { headers: { cookie: other.cookie } }), unrelated);
    const [database, feed] = [app.get(Database), app.get(LiveFeed)];
    const rolledBack = database.orgTransaction(mine.orgId, async () => {
      await feed.publish(mine.orgId, 'inventory', 'rolled-back');
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    // The first events may come before the feed listens: said again until heard.
    await eventually(() => {
      void database.orgTransaction(mine.orgId, () => feed.publish(mine.orgId, 'sync-run', 'run-1'));
      expect(seen.map((text) => JSON.parse(text))).toContainEqual({ topic: 'sync-run', id: 'run-1' });
    });
    expect(seen.join()).not.toContain('rolled-back');
    await database.orgTransaction(other.orgId, () => feed.publish(other.orgId, 'connection', 'c-1'));
    await eventually(() =>
      expect(unrelated.map((text) => JSON.parse(text))).toEqual([{ topic: 'connection', id: 'c-1' }]),
    );
    const started = Date.now();
    await app.close();
    await ended;
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
