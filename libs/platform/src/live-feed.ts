import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { LiveEvent, LiveTopic } from '@vw/shared-contracts';
import { Client } from 'pg';
import { filter, map, Observable, Subject } from 'rxjs';
import { Database } from './database/database';
import { Env } from './env';

const CHANNEL = 'vw_live';
/** Before a lost LISTEN connection is opened again, in milliseconds. */
const RECONNECT_MS = 1_000;

interface OrganizationEvent extends LiveEvent {
  orgId: string;
}

/** Tells browsers what to read again: ids only, by NOTIFY in the writing transaction, so nothing is told that is rolled back. */
@Injectable()
export class LiveFeed implements OnApplicationShutdown {
  private readonly events = new Subject<OrganizationEvent>();
  private client: Client | null = null;
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly env: Env,
  ) {}

  /** Must run inside a transaction of the organization; told when that commits. */
  async publish(orgId: string, topic: LiveTopic, id: string): Promise<void> {
    const event: OrganizationEvent = { orgId, topic, id };
    await this.database.current(orgId).query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(event)]);
  }

  /** The organization's events from now on. */
  listen(orgId: string): Observable<LiveEvent> {
    this.connect();
    return this.events.pipe(
      filter((event) => event.orgId === orgId),
      map(({ topic, id }) => ({ topic, id })),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    this.events.complete();
    await this.client?.end();
  }

  private connect(): void {
    if (this.client || this.closed) return;
    const client = new Client({ connectionString: this.env.databaseUrl, keepAlive: true });
    this.client = client;
    client.on('notification', (message) =>
      this.events.next(JSON.parse(message.payload ?? '{}') as OrganizationEvent),
    );
    const again = (): void => {
      if (this.client !== client) return;
      this.client = null;
      setTimeout(() => this.connect(), RECONNECT_MS).unref();
    };
    client.on('error', again);
    client.on('end', again);
    // A refused connection is tried again; browsers fall back to polling meanwhile.
    client.connect().then(() => client.query(`LISTEN ${CHANNEL}`), again);
  }
}
