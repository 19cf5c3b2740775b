import {
  describeWithEachMlflow,
  type FaultProxy,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { clientAt, codeOf, readAll } from './faulty-server.fixture';
import { type MlflowClientOptions } from './index';

const never = new AbortController().signal;

/** Faults in answers that are else the server's own; those that need no server are in mlflow-faults.spec.ts. */
describeWithEachMlflow('MlflowClient before answers with faults', (version) => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version });
    proxy = await startFaultProxy(mlflow.url);
    await mlflow.api.createModel('a');
    await mlflow.api.createVersion('a');
  }, MLFLOW_START_TIMEOUT_MS);
  afterEach(() => proxy?.reset());
  afterAll(async () => {
    await proxy?.stop();
    await mlflow?.stop();
  });

  const clientOf = (options: Partial<MlflowClientOptions> = {}) => clientAt(proxy.url, options);

  it('calls MLflow 1, which tells no version and ignores page sizes, unsupported', async () => {
    proxy.on({ match: '/version', fault: { kind: 'status', status: 404 } });
    await expect(clientOf().probe()).resolves.toMatchObject({ serverVersion: null });
    const rewrite = () => '{"model_versions": []}';
    proxy.on({ match: 'max_results=200001', fault: { kind: 'rewrite', rewrite } });
    expect(await codeOf(clientOf().probe())).toBe('mlflow-unsupported');
    proxy.reset();
    proxy.on({ match: '/version', fault: { kind: 'rewrite', rewrite: () => '1.30.1' } });
    expect(await codeOf(clientOf().probe())).toBe('mlflow-unsupported');
  });

  it('retries a search by POST too, and succeeds', async () => {
    const runId = await mlflow.api.createRun('0');
    proxy.on({ match: 'runs/search', fault: { kind: 'status', status: 503 }, times: 2 });
    const found = await clientOf({ maxAttempts: 5 }).runs([runId], ['0'], never);
    expect(found.get(runId)).toMatchObject({ state: 'active' });
    expect(proxy.requests).toHaveLength(3);
  });

  it.each([
    ['429', { kind: 'status', status: 429 }],
    ['a closed connection', { kind: 'reset' }],
    ['a cut body', { kind: 'cut' }],
    ['cut JSON', { kind: 'rewrite', rewrite: (body: string) => body.slice(0, -9) }],
  ] as const)('tries again after %s', async (_name, fault) => {
    proxy.on({ match: 'registered-models', fault, times: 1 });
    await clientOf({ maxAttempts: 5 }).probe();
    const asked = proxy.requests.filter(({ url }) => url.includes('registered-models'));
    expect(asked).toHaveLength(2);
  });

  it('names a page token that comes back', async () => {
    const rewrite = (body: string) => JSON.stringify({ ...JSON.parse(body), next_page_token: 'c2FtZQ==' });
    proxy.on({ match: 'model-versions/search', fault: { kind: 'rewrite', rewrite } });
    expect(await codeOf(readAll(clientOf().modelVersions(never)))).toBe('mlflow-paging-loop');
    expect(proxy.requests).toHaveLength(2);
    const webhooks = () => '{"webhooks": [], "next_page_token": "c2FtZQ=="}';
    proxy.on({ match: '/webhooks', fault: { kind: 'rewrite', rewrite: webhooks } });
    expect(await codeOf(clientOf().webhooksNamed('verifywise', never))).toBe('mlflow-paging-loop');
  });

  it('asks again for each run that a search left out, and tells unreadable from missing', async () => {
    const runId = await mlflow.api.createRun('0');
    proxy.on({ match: 'runs/search', fault: { kind: 'rewrite', rewrite: () => '{}' } });
    expect((await clientOf().runs([runId], ['0'], never)).get(runId)).toMatchObject({ state: 'active' });
    proxy.on({ match: 'runs/get', fault: { kind: 'status', status: 403 } });
    expect((await clientOf().runs([runId], ['0'], never)).get(runId)).toEqual({ state: 'unreadable' });
    proxy.on({ match: 'runs/get', fault: { kind: 'status', status: 404 } });
    expect(await codeOf(clientOf().runs([runId], ['0'], never))).toBe('mlflow-not-mlflow');
  });

  it('takes only MLflow’s own word for the absence of a version', async () => {
    for (const status of [404, 403, 410]) {
      proxy.on({ match: 'model-versions/get', fault: { kind: 'status', status } });
      expect(await codeOf(clientOf().modelVersion('a', '99', never))).not.toBeNull();
    }
  });

  it('answers null for LoggedModels of a server without them', async () => {
    // MLflow 2 is one.
    if (version.startsWith('3.'))
      proxy.on({ match: 'logged-models', fault: { kind: 'status', status: 404 } });
    expect(await clientOf().loggedModels(['m-1'], ['0'], never)).toEqual(new Map([['m-1', null]]));
  });

  it('takes only MLflow’s own word for the absence of a LoggedModel, and tells an unreadable one from it', async () => {
    const answers = async (status: number, errorCode: string) => {
      const body = JSON.stringify({ error_code: errorCode, message: 'Not for you' });
      proxy.on({ match: 'logged-models', fault: { kind: 'status', status, body } });
      return (await clientOf().loggedModels(['m-1'], ['0'], never)).get('m-1');
    };
    expect(await answers(404, 'RESOURCE_DOES_NOT_EXIST')).toEqual({ state: 'missing' });
    expect(await answers(404, 'ENDPOINT_NOT_FOUND')).toEqual({ state: 'unreadable' });
    expect(await answers(403, 'PERMISSION_DENIED')).toEqual({ state: 'unreadable' });
    proxy.on({ match: 'logged-models', fault: { kind: 'status', status: 400 } });
    expect(await codeOf(clientOf().loggedModels(['m-1'], ['0'], never))).toBe('mlflow-not-mlflow');
  });

  it('reads bare NaN and Infinity, and stages and prompts of older servers', async () => {
    const runId = await mlflow.api.createRun('0', { metrics: { a: 1, b: 2, c: 3 } });
    const bare = (body: string) =>
      body
        .replace(/"value": 1\.0/, '"value": NaN')
        .replace(/"value": 2\.0/, '"value": -Infinity')
        .replace(/"value": 3\.0/, '"value": "0.25"');
    proxy.on({ match: 'runs/search', fault: { kind: 'rewrite', rewrite: bare } });
    expect((await clientOf().runs([runId], ['0'], never)).get(runId)).toMatchObject({
      run: {
        metrics: new Map<string, unknown>([
          ['a', 'NaN'],
          ['b', '-Infinity'],
          ['c', 0.25],
        ]),
      },
    });

    const prompt = {
      name: 'p',
      version: '1',
      creation_timestamp: '5',
      tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }],
    };
    const plain = { name: 'm', version: 1, creation_timestamp: '5', current_stage: 'PRODUCTION' };
    const list = JSON.stringify({ model_versions: [prompt, plain], next_page_token: '' });
    proxy.on({ match: 'model-versions/search', fault: { kind: 'rewrite', rewrite: () => list } });
    const pages: unknown[] = [];
    for await (const page of clientOf().modelVersions(never)) pages.push(...page);
    expect(pages).toEqual([
      expect.objectContaining({ name: 'm', version: '1', createdAt: 5, stage: 'Production' }),
    ]);
  });
});
