import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { CredentialVault } from '@vw/credential-vault';
import type { Connection, SyncRun } from '@vw/shared-contracts';
import { SyncEngine } from '@vw/sync-engine';
import {
  eventually,
  freePort,
  startFaultProxy,
  startTestMlflow,
  webhookEnv,
  type FaultProxy,
  type TestMlflow,
} from '@vw/testing';
import { startTestApi, type Answer, type TestApi } from './test-api';

const ADMIN = {
  organizationName: 'Norrfjärd Bank',
  name: 'Åsa Lindqvist',
  email: 'asa@norrfjard.example',
  password: 'a passphrase of some length',
};

/** For specs: a real MLflow that may deliver to this machine, the API that it delivers to, and its Admin. */
export class TestHooks {
  private constructor(
    readonly mlflow: TestMlflow,
    /** Between MLflow and the API: records what is delivered. */
    readonly proxy: FaultProxy,
    readonly api: TestApi,
    private readonly cookie: string,
    readonly orgId: string,
  ) {}

  static async start(): Promise<TestHooks> {
    const port = await freePort();
    const proxy = await startFaultProxy(`http://127.0.0.1:${port}`);
    const [mlflow, api] = await Promise.all([
      startTestMlflow({ extraEnv: webhookEnv() }),
      startTestApi({ PUBLIC_URL: proxy.url }),
    ]);
    await api.app.listen(port, '127.0.0.1');
    const setUp = await api.call('POST', '/setup', { body: ADMIN });
    const cookie = String(setUp.headers['set-cookie']).split(';')[0] ?? '';
    const { organization } = setUp.json<{ organization: { id: string } }>();
    return new TestHooks(mlflow, proxy, api, cookie, organization.id);
  }

  /** As the Admin. */
  call(method: string, path: string, body?: object): Promise<Answer> {
    return this.api.call(method, path, { cookie: this.cookie, ...(body ? { body } : {}) });
  }

  async connection(): Promise<Connection> {
    return (await this.call('GET', '/integrations/mlflow')).json();
  }

  async connect(input: object): Promise<void> {
    const settings = { pollSeconds: 0, replaceSource: true, ...input };
    expect((await this.call('PUT', '/integrations/mlflow', settings)).status).toBe(200);
  }

  set(enabled: boolean): Promise<Answer> {
    return this.call('PUT', '/integrations/mlflow/webhook', { enabled });
  }

  /** The hook that MLflow delivers to. */
  async id(): Promise<string> {
    const rows = await this.api.test.asSuperuser<{ id: string }>('SELECT hook_id AS id FROM mlflow_webhook');
    return rows[0]?.id ?? '';
  }

  async runs(trigger = 'webhook'): Promise<SyncRun[]> {
    const page = (await this.call('GET', '/integrations/mlflow/sync-runs?limit=200')).json<{
      items: SyncRun[];
    }>();
    return page.items.filter((run) => run.trigger === trigger);
  }

  /** The webhook run that waits, once there is one. */
  waiting(): Promise<SyncRun> {
    return eventually(async () => {
      const found = (await this.runs()).find(({ status }) => status === 'queued');
      if (!found) throw new Error('no webhook run waits');
      return found;
    });
  }

  /** Does what a worker does with it. */
  async work(run: SyncRun | undefined): Promise<SyncRun> {
    await this.api.app.get(SyncEngine).run(this.orgId, run?.id ?? '', new AbortController().signal);
    return (await this.call('GET', `/integrations/mlflow/sync-runs/${run?.id}`)).json();
  }

  async deliver(hookId: string, headers: Record<string, string>, body: string) {
    return this.api.app.inject({
      method: 'POST',
      url: `/api/v1/hooks/mlflow/${hookId}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });
  }

  /** As MLflow signs, with the secret that only the vault and MLflow hold. */
  async signed(body: string, at = Date.now()): Promise<Record<string, string>> {
    const vault = this.api.app.get(CredentialVault, { strict: false });
    const secret = await vault.open(this.orgId, 'mlflow-webhook', this.mlflow.url);
    const id = crypto.randomUUID();
    const timestamp = String(Math.floor(at / 1000));
    const hmac = createHmac('sha256', secret.reveal()).update(`${id}.${timestamp}.${body}`);
    return {
      'x-mlflow-delivery-id': id,
      'x-mlflow-timestamp': timestamp,
      'x-mlflow-signature': `v1,${hmac.digest('base64')}`,
    };
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.proxy.stop();
    await this.mlflow.stop();
  }
}
