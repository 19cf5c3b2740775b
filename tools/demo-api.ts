import { setTimeout as sleep } from 'node:timers/promises';
import { ApiSession } from './launch/api-session.ts';

/** A first sync of the demo registry takes two seconds; a busy machine may take many. In milliseconds. */
const SYNC_DEADLINE_MS = 120_000;

interface DemoAnswer {
  required?: boolean;
  trackingServerUrl?: string;
  /** Of the governance summary. */
  requirements?: { covered: number; failed: number }[];
  items?: {
    id: string;
    status: string;
    finishedAt: string | null;
    progress: { versions: number };
    error: { message: string } | null;
  }[];
}

export interface DemoAdmin {
  email: string;
  password: string;
}

/** The few calls that a person's clicks would make. */
export class DemoApi {
  private readonly session: ApiSession;

  constructor(origin: string) {
    this.session = new ApiSession(origin);
  }

  async signIn({ email, password }: DemoAdmin): Promise<void> {
    const { required } = await this.call('GET', 'setup');
    if (required) {
      const organization = { organizationName: 'Norrfjärd Bank', name: 'Åsa Lindqvist' };
      await this.call('POST', 'setup', { ...organization, email, password });
    } else {
      await this.call('POST', 'auth/sign-in', { email, password });
    }
  }

  /** Saving tests the connection and asks for a sync; a connection that is saved already is asked for one. */
  async connect(url: string): Promise<void> {
    const connection = await this.call('GET', 'integrations/mlflow');
    const settings = { trackingServerUrl: url, authMethod: 'none', replaceSource: true };
    if (connection.trackingServerUrl === url) await this.call('POST', 'integrations/mlflow/sync');
    else await this.call('PUT', 'integrations/mlflow', settings);
  }

  /** Answers how many versions were read. Throws with the run's own error when it fails. */
  async waitUntilSynced(): Promise<number> {
    for (const deadline = Date.now() + SYNC_DEADLINE_MS; Date.now() < deadline; await sleep(200)) {
      const { items } = await this.call('GET', 'integrations/mlflow/sync-runs?limit=1');
      const run = items?.[0];
      if (run?.status === 'succeeded') return run.progress.versions;
      if (run?.finishedAt) throw new Error(`The sync ended as ${run.status}: ${run.error?.message ?? ''}`);
    }
    throw new Error('The sync did not end in time.');
  }

  async call(method: string, path: string, body?: object): Promise<DemoAnswer> {
    return ((await this.session.call(method, path, body)) ?? {}) as DemoAnswer;
  }
}
