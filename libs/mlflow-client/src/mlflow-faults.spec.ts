import {
  describeWithEachMlflow,
  type FaultProxy,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { clientAt, codeOf, readAll } from './faulty-server.fixture';
import { Secret, type MlflowClientOptions } from './index';

const never = new AbortController().signal;
const CANARY = 'canary-7f3b';

describeWithEachMlflow('MlflowClient before a faulty network', (version) => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version });
    proxy = await startFaultProxy(mlflow.url);
    await mlflow.api.createModel('a');
    for (let made = 0; made < 5; made += 1) await mlflow.api.createVersion('a');
  }, MLFLOW_START_TIMEOUT_MS);
  afterEach(() => proxy?.reset());
  afterAll(async () => {
    await proxy?.stop();
    await mlflow?.stop();
  });

  const clientOf = (options: Partial<MlflowClientOptions> = {}) =>
    clientAt(proxy.url, { requestTimeoutSeconds: 5, ...options });

  it.each([
    [401, 'mlflow-unauthorized'],
    [403, 'mlflow-forbidden'],
    [404, 'mlflow-not-mlflow'],
    [400, 'mlflow-not-mlflow'],
    [429, 'mlflow-rate-limited'],
    [500, 'mlflow-server-error'],
    [503, 'mlflow-server-error'],
    [302, 'mlflow-redirected'],
  ])('calls a %i page %s', async (status, code) => {
    proxy.on({ match: '/', fault: { kind: 'status', status, body: `<html>${CANARY}</html>` } });
    const error = await clientOf()
      .probe()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify([error, String(error)])).not.toContain(CANARY);
  });

  it.each([401, 403, 404, 400, 302])('sends a request that is answered %i only once', async (status) => {
    proxy.on({ match: '/', fault: { kind: 'status', status } });
    await clientOf({ maxAttempts: 5 })
      .probe()
      .catch(() => undefined);
    expect(proxy.requests).toHaveLength(1);
  });

  it('never follows a redirect', async () => {
    proxy.on({ match: 'registered-models', fault: { kind: 'redirect', location: `${mlflow.url}/version` } });
    expect(await codeOf(clientOf().probe())).toBe('mlflow-redirected');
    expect(proxy.requests).toHaveLength(1);
  });

  it('calls a login page with status 200 not MLflow', async () => {
    proxy.on({ match: '/', fault: { kind: 'html' } });
    expect(await codeOf(clientOf().probe())).toBe('mlflow-not-mlflow');
  });

  it('calls JSON that is no MLflow answer by its fault', async () => {
    const answers = ['[]', '"text"', '{"registered_models": 7}', '{"registered_models": [7]}', ''];
    for (const answer of answers) {
      proxy.on({ match: 'registered-models', fault: { kind: 'rewrite', rewrite: () => answer } });
      expect(await codeOf(clientOf().probe())).toBe('mlflow-bad-response');
    }
  });

  it('calls a server that answers {} to everything unsupported', async () => {
    proxy.on({ match: '/', fault: { kind: 'rewrite', rewrite: () => '{}' } });
    expect(await codeOf(clientOf().probe())).toBe('mlflow-unsupported');
  });

  it('gives up after the last attempt with the code of its fault', async () => {
    proxy.on({ match: '/', fault: { kind: 'cut' } });
    expect(await codeOf(clientOf({ maxAttempts: 3 }).probe())).toBe('mlflow-bad-response');
    expect(proxy.requests).toHaveLength(3);
    proxy.reset();
    proxy.on({ match: '/', fault: { kind: 'reset' } });
    expect(await codeOf(clientOf().probe())).toBe('mlflow-unreachable');
  });

  it('waits as long as Retry-After says', async () => {
    proxy.on({
      match: '/',
      fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      times: 1,
    });
    const started = Date.now();
    await clientOf({ maxAttempts: 2 }).probe();
    expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
  });

  it('ends a drip at the deadline', async () => {
    proxy.on({ match: '/', fault: { kind: 'drip', everyMs: 20 } });
    expect(await codeOf(clientOf({ requestTimeoutSeconds: 1 }).probe())).toBe('mlflow-timeout');
  });

  it('ends at once when it is aborted, during a request and during a pause', async () => {
    const reason = new Error('cancelled');
    for (const fault of [
      { kind: 'drip', everyMs: 20 },
      { kind: 'status', status: 429, headers: { 'retry-after': '60' } },
    ] as const) {
      proxy.reset();
      proxy.on({ match: '/', fault });
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 300);
      // Else it would wait for a minute, and then fail for another reason.
      const client = clientOf({ maxAttempts: 2, requestTimeoutSeconds: 60 });
      await expect(readAll(client.registeredModels(controller.signal))).rejects.toBe(reason);
    }
  });

  it('refuses a gzip bomb and a flood once they pass the size caps', async () => {
    const megabyte = 1024 * 1024;
    const client = clientOf({ requestTimeoutSeconds: 60 });
    for (const fault of [
      { kind: 'gzip-bomb', bytes: 300 * megabyte },
      { kind: 'flood', bytes: 1024 * megabyte },
    ] as const) {
      proxy.reset();
      proxy.on({ match: '/', fault });
      expect(await codeOf(client.probe())).toBe('mlflow-bad-response');
    }
  });

  it('asks for half the page until the answer fits, and not below one row', async () => {
    const sizes = () => proxy.requests.map(({ url }) => Number(/max_results=(\d+)/.exec(url)?.[1]));
    const flood = { kind: 'flood', bytes: 40 * 1024 * 1024 } as const;
    proxy.on({ match: 'model-versions/search', fault: flood, times: 2 });
    expect(await readAll(clientOf().modelVersions(never))).toBe(5);
    expect(sizes()).toEqual([5000, 2500, 1250]);

    proxy.reset();
    proxy.on({ match: 'model-versions/search', fault: flood });
    expect(await codeOf(readAll(clientOf({ requestTimeoutSeconds: 60 }).modelVersions(never)))).toBe(
      'mlflow-bad-response',
    );
    expect(sizes().at(-1)).toBe(1);
  });

  it('answers the timeout of a big page by asking for less', async () => {
    proxy.on({ match: 'max_results=5000', fault: { kind: 'delay', ms: 3000 } });
    expect(await readAll(clientOf({ requestTimeoutSeconds: 1, maxAttempts: 5 }).modelVersions(never))).toBe(
      5,
    );
    expect(proxy.requests).toHaveLength(2);
  });

  it('sends credentials, workspace and a counted body, and no Origin', async () => {
    const runId = await mlflow.api.createRun('0');
    const auth = { method: 'basic', username: 'zoë', password: new Secret('pa:ss') } as const;
    await clientOf({ auth }).runs([runId], ['0'], never);
    const [sent] = proxy.requests;
    expect(sent?.headers['authorization']).toBe(`Basic ${Buffer.from('zoë:pa:ss').toString('base64')}`);
    expect(sent?.headers['content-length']).toBe(String(Buffer.byteLength(sent?.body ?? '')));
    expect(sent?.headers).not.toHaveProperty('transfer-encoding');
    expect(sent?.headers).not.toHaveProperty('origin');

    proxy.reset();
    proxy.on({ match: '/', fault: { kind: 'echo' } });
    const token = { method: 'token', token: new Secret(CANARY) } as const;
    const error = await clientOf({ auth: token, workspace: 'team-a' })
      .probe()
      .catch((reason: unknown) => reason);
    expect(proxy.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${CANARY}`,
      'x-mlflow-workspace': 'team-a',
    });
    expect(String(error) + JSON.stringify(error)).not.toContain(CANARY);
  });
});
