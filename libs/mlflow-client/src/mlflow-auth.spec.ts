import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { MlflowClient, Secret } from './index';

const never = new AbortController().signal;
const PASSWORD = 'a long reader password';

describeWithEachMlflow('MlflowClient on a server with basic authentication', (version) => {
  let mlflow: TestMlflow;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version, appName: 'basic-auth' });
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
  /** MLflow 2 has a route for each kind of resource, MLflow 3 one for all. */
  const grantRead = async (type: 'registered_model' | 'experiment', resource: string) => {
    if (version.startsWith('3.')) return mlflow.api.grant('reader', type, resource, 'READ');
    const [kind, field] =
      type === 'experiment' ? ['experiments', 'experiment_id'] : ['registered-models', 'name'];
    const body = { username: 'reader', permission: 'READ', [field]: resource };
    return mlflow.api.call('POST', `${kind}/permissions/create`, body);
  };
  const namesSeenBy = async (client: MlflowClient) => {
    const names: string[] = [];
    for await (const page of client.modelVersions(never)) names.push(...page.map(({ name }) => name));
    return names;
  };

  it('accepts the right password and refuses a wrong one after one attempt', async () => {
    await expect(clientOf('reader', PASSWORD).probe()).resolves.toMatchObject({ serverVersion: version });
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

  // MLflow 2 has no LoggedModels.
  if (version.startsWith('3.'))
    it('takes a LoggedModel that it may not read for unreadable, not for missing', async () => {
      const experiment = await mlflow.api.createExperiment('hidden-logged');
      const modelId = await mlflow.api.createLoggedModel(experiment, { metrics: { auc: 0.5 } });
      const reader = clientOf('reader', PASSWORD);
      const read = async () => (await reader.loggedModels([modelId], [experiment], never)).get(modelId);
      expect(await read()).toEqual({ state: 'unreadable' });
      await grantRead('experiment', experiment);
      expect(await read()).toMatchObject({ state: 'active' });
    });

  it('sees what it may read, and takes what is hidden for forbidden, not for gone', async () => {
    const experiment = await mlflow.api.createExperiment('hidden-experiment');
    const runId = await mlflow.api.createRun(experiment, { metrics: { auc: 0.5 } });
    for (const name of ['auth-hidden', 'auth-visible']) {
      await mlflow.api.createModel(name);
      await mlflow.api.createVersion(name, { runId });
    }
    await grantRead('registered_model', 'auth-visible');
    const reader = clientOf('reader', PASSWORD);

    // MLflow 2 hides models, but lists the versions of hidden ones.
    const listed = version.startsWith('3.') ? ['auth-visible'] : ['auth-hidden', 'auth-visible'];
    expect(await namesSeenBy(reader)).toEqual(listed);
    await expect(reader.modelVersion('auth-hidden', '1', never)).rejects.toMatchObject({
      code: 'mlflow-forbidden',
    });
    await expect(reader.registeredModel('auth-hidden', never)).rejects.toMatchObject({
      code: 'mlflow-forbidden',
    });
    // Nor does its search of runs look at the rights on their experiments.
    const hidden = version.startsWith('3.') ? { state: 'unreadable' } : { state: 'active' };
    expect((await reader.runs([runId], [experiment], never)).get(runId)).toMatchObject(hidden);

    await grantRead('experiment', experiment);
    expect((await reader.runs([runId], [experiment], never)).get(runId)).toMatchObject({ state: 'active' });
  });
});
