import { describeWithMlflow, MLFLOW_START_TIMEOUT_MS, startTestMlflow, type TestMlflow } from '@vw/testing';
import { MlflowClient, Secret } from './index';

const never = new AbortController().signal;
const PASSWORD = 'a long reader password';

describeWithMlflow('MlflowClient on a server with basic authentication', () => {
  let mlflow: TestMlflow;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ appName: 'basic-auth' });
    await mlflow.api.createUser('reader', PASSWORD);
  }, MLFLOW_START_TIMEOUT_MS);
  afterAll(() => mlflow?.stop());

  const clientOf = (username: string, password: string) =>
    new MlflowClient({
      trackingServerUrl: mlflow.url,
      auth: { method: 'basic', username, password: new Secret(password) },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      egress: { policy: 'private' },
    });
  const namesSeenBy = async (client: MlflowClient) => {
    const names: string[] = [];
    for await (const page of client.modelVersions(never)) names.push(...page.map(({ name }) => name));
    return names;
  };

  it('accepts the right password and refuses a wrong one after one attempt', async () => {
    await expect(clientOf('reader', PASSWORD).probe()).resolves.toMatchObject({ serverVersion: '3.17.2' });
    const wrong = clientOf('reader', 'wrong');
    await expect(wrong.probe()).rejects.toMatchObject({ code: 'mlflow-unauthorized' });
    expect(wrong.requests).toBe(1);
  });

  it('refuses a token where the server knows passwords only', async () => {
    const auth = { method: 'token', token: new Secret('t') } as const;
    const rest = { requestTimeoutSeconds: 30, verifyTls: true, egress: { policy: 'private' } } as const;
    const client = new MlflowClient({ trackingServerUrl: mlflow.url, auth, ...rest });
    await expect(client.probe()).rejects.toMatchObject({ code: 'mlflow-unauthorized' });
  });

  it('sees what it may read, and takes what is hidden for forbidden, not for gone', async () => {
    const experiment = await mlflow.api.createExperiment('hidden-experiment');
    const runId = await mlflow.api.createRun(experiment, { metrics: { auc: 0.5 } });
    for (const name of ['auth-hidden', 'auth-visible']) {
      await mlflow.api.createModel(name);
      await mlflow.api.createVersion(name, { runId });
    }
    await mlflow.api.grant('reader', 'registered_model', 'auth-visible', 'READ');
    const reader = clientOf('reader', PASSWORD);

    expect(await namesSeenBy(reader)).toEqual(['auth-visible']);
    await expect(reader.modelVersion('auth-hidden', '1', never)).rejects.toMatchObject({
      code: 'mlflow-forbidden',
    });
    await expect(reader.registeredModel('auth-hidden', never)).rejects.toMatchObject({
      code: 'mlflow-forbidden',
    });
    expect((await reader.runs([runId], [experiment], never)).get(runId)).toEqual({ state: 'unreadable' });

    await mlflow.api.grant('reader', 'experiment', experiment, 'READ');
    expect((await reader.runs([runId], [experiment], never)).get(runId)).toMatchObject({ state: 'active' });
  });
});
