import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { LiveEvent, LiveTopic } from '@vw/shared-contracts';
import { Client } from 'pg';
import { filter, map, type Observable, Subject, takeWhile } from 'rxjs';
import { Database, type Transaction } from './database/database';
import { Env } from './env';

const CHANNEL = 'vw_live';

/** What travels on the channel: something changed, or a session ended. */
type Notice = { orgId: string } & (LiveEvent | { endedSession: string });

/** One LISTEN connection and what it hears, until it is lost. */
interface Listening {
  client: Client;
  notices: Subject<Notice>;
}

/**
 * Tells browsers what to read again: ids only, by NOTIFY in the writing transaction, so nothing is told that is rolled back.
 *
 * Postgres tells in the order of the commits: whoever heard that a session ended hears nothing that was committed later.
 */
@Injectable()
export class LiveFeed implements OnApplicationShutdown {
  private listening: Promise<Listening> | null = null;

  constructor(
    private readonly database: Database,
    private readonly env: Env,
  ) {}

  /** Must run inside a transaction of the organization; told when that commits. */
  async publish(orgId: string, topic: LiveTopic, id: string): Promise<void> {
    await notify(this.database.current(orgId), [{ orgId, topic, id }]);
  }

  /** Ends what these sessions, or API keys, listen to. Must run inside the transaction that ends them. */
  async endSessions(orgId: string, sessionIds: readonly string[]): Promise<void> {
    await notify(
      this.database.current(orgId),
      sessionIds.map((endedSession) => ({ orgId, endedSession })),
    );
  }

  /**
   * The organization's events from now on, until somebody ends the session or the connection to Postgres is lost: what happens then would
   * go unheard, so whoever listened must come back, prove the session anew and read everything again.
   */
  async listen(orgId: string, sessionId: string): Promise<Observable<LiveEvent>> {
    this.listening ??= this.connect();
    const { notices } = await this.listening;
    return notices.pipe(
      filter((notice) => notice.orgId === orgId),
      takeWhile((notice) => !('endedSession' in notice && notice.endedSession === sessionId)),
      filter((notice) => 'topic' in notice),
      map(({ topic, id }) => ({ topic, id })),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    const listening = await this.listening?.catch(() => null);
    listening?.notices.complete();
    await listening?.client.end();
  }

  private async connect(): Promise<Listening> {
    const client = new Client({ connectionString: this.env.databaseUrl, keepAlive: true });
    const notices = new Subject<Notice>();
    let isLost = false;
    const lost = (): void => {
      // An error, then the end: by the second the next connection may be there.
      if (!isLost) this.listening = null;
      isLost = true;
      notices.complete();
    };
    client.on('notification', ({ payload }) => notices.next(JSON.parse(payload ?? '{}') as Notice));
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      // Whatever the driver says, the next caller tries again.
      lost();
      throw error;
    }
    return { client, notices };
  }
}

/** One notice each: together they may be longer than the 8,000 bytes that Postgres carries. */
async function notify(tx: Transaction, notices: readonly Notice[]): Promise<void> {
  const payloads = notices.map((notice) => JSON.stringify(notice));
  await tx.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [CHANNEL, payloads]);
}
