import {
  describeWithMlflow,
  type FaultProxy,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { codeOf } from './faulty-server.fixture';
import { MlflowClient } from './index';

const never = new AbortController().signal;

async function collect<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

describeWithMlflow('MlflowClient on a server with workspaces', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  const runs = new Map<string, string>();

  /** The writing half of the API, inside a workspace. */
  const write = async (workspace: string, path: string, body: object) => {
    const answer = await fetch(`${mlflow.url}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-mlflow-workspace': workspace },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { run: { info: { run_id: string } }; experiment_id: string };
  };
  const clientOf = (workspace: string | null) =>
    new MlflowClient({
      trackingServerUrl: proxy.url,
      auth: { method: 'none' },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      workspace,
      egress: { policy: 'private' },
      maxAttempts: 1,
    });

  beforeAll(async () => {
    mlflow = await startTestMlflow({ extraEnv: { MLFLOW_ENABLE_WORKSPACES: 'true' } });
    proxy = await startFaultProxy(mlflow.url);
    for (const workspace of ['team-a', 'team-b'])
      await write('default', '3.0/mlflow/workspaces', { name: workspace });
    for (const workspace of ['default', 'team-a', 'team-b']) {
      const { experiment_id } = await write(workspace, '2.0/mlflow/experiments/create', { name: workspace });
      const { run } = await write(workspace, '2.0/mlflow/runs/create', { experiment_id, start_time: 1 });
      runs.set(workspace, run.info.run_id);
      for (const name of ['shared', `only-${workspace}`]) {
        await write(workspace, '2.0/mlflow/registered-models/create', { name, description: workspace });
        const version = { name, source: 's3://b/m', description: workspace, run_id: run.info.run_id };
        await write(workspace, '2.0/mlflow/model-versions/create', version);
      }
    }
  }, MLFLOW_START_TIMEOUT_MS);
  afterAll(async () => {
    await proxy?.stop();
    await mlflow?.stop();
  });

  it.each([['team-a'], ['team-b']])(
    'reads in %s what is there and nothing of another one, also under the same name',
    async (workspace) => {
      proxy.reset();
      const client = clientOf(workspace);
      await client.probe();
      const models = await collect(client.registeredModels(never));
      expect(models.map(({ name, description }) => [name, description])).toEqual([
        [`only-${workspace}`, workspace],
        ['shared', workspace],
      ]);
      const versions = await collect(client.modelVersions(never));
      expect(versions.map(({ name, description }) => [name, description])).toEqual([
        [`only-${workspace}`, workspace],
        ['shared', workspace],
      ]);
      const experiments = await client.experiments(never);
      expect([...experiments.values()].map(({ name }) => name)).toContain(workspace);
      expect([...experiments.values()].map(({ name }) => name)).not.toContain('default');
      const found = await client.runs([...runs.values()], [...experiments.keys()], never);
      for (const [of, runId] of runs)
        expect([of, found.get(runId)?.state]).toEqual([of, of === workspace ? 'active' : 'missing']);
      expect(await client.modelVersion('only-default', '1', never)).toBeNull();
      const sent = new Set(proxy.requests.map(({ headers }) => headers['x-mlflow-workspace']));
      expect([...sent]).toEqual([workspace]);
    },
  );

  it('tells which workspaces there are, whichever is asked', async () => {
    const all = ['default', 'team-a', 'team-b'];
    expect(await clientOf(null).probe()).toMatchObject({ workspaces: all });
    const client = clientOf('team-a');
    expect(await client.probe()).toMatchObject({ workspaces: all });
    const sent = client.requests;
    const models = await collect(client.inWorkspace('team-b').registeredModels(never));
    expect(models.map(({ name }) => name)).toEqual(['only-team-b', 'shared']);
    expect(client.requests).toBe(sent + 1);
  });

  it('reads the default workspace where none is named', async () => {
    proxy.reset();
    const models = await collect(clientOf(null).registeredModels(never));
    expect(models.map(({ name }) => name)).toEqual(['only-default', 'shared']);
    expect(proxy.requests[0]?.headers).not.toHaveProperty('x-mlflow-workspace');
  });

  it('takes no workspaces from a question about them that failed', async () => {
    proxy.on({ match: 'server-info', fault: { kind: 'status', status: 503 } });
    expect(await codeOf(clientOf(null).probe())).toBe('mlflow-server-error');
    proxy.on({ match: 'server-info', fault: { kind: 'status', status: 403 } });
    expect(await clientOf(null).probe()).toMatchObject({ workspaces: null });
    expect(await codeOf(clientOf('team-a').probe())).toBe('mlflow-unsupported');
    proxy.reset();
  });

  it.each([['nowhere'], ['NO NAME'], ['nö']])(
    'says that there is no workspace %s, and takes no absence from that',
    async (workspace) => {
      const message = 'There is no such workspace on the MLflow server.';
      const refusal = { code: 'mlflow-forbidden', message, retriable: false };
      const ask = async (read: (client: MlflowClient) => Promise<unknown>) => read(clientOf(workspace));
      await expect(ask((client) => client.probe())).rejects.toMatchObject(refusal);
      await expect(ask((client) => client.modelVersion('shared', '1', never))).rejects.toMatchObject(refusal);
      await expect(ask((client) => client.registeredModel('shared', never))).rejects.toMatchObject(refusal);
      await expect(ask((client) => client.runs(['f'.repeat(32)], [], never))).rejects.toMatchObject(refusal);
      await expect(ask((client) => client.loggedModels(['m-1'], [], never))).rejects.toMatchObject(refusal);
    },
  );
});

describeWithMlflow('MlflowClient on a server that was not told of the host name in the URL', () => {
  let mlflow: TestMlflow;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ allowedHosts: 'mlflow.example' });
  }, MLFLOW_START_TIMEOUT_MS);
  afterAll(() => mlflow?.stop());

  it('says so after one attempt', async () => {
    const client = new MlflowClient({
      trackingServerUrl: mlflow.url,
      auth: { method: 'none' },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      egress: { policy: 'private' },
    });
    await expect(client.probe()).rejects.toMatchObject({
      code: 'mlflow-forbidden',
      message: 'The MLflow server does not accept this host name. It must be among its --allowed-hosts.',
    });
    expect(client.requests).toBe(1);
  });
});
