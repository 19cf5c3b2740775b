import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { MlflowClient, type MlflowClientOptions, type ModelVersion, type RegisteredModel } from './index';

const never = new AbortController().signal;

async function collect<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

describeWithEachMlflow('MlflowClient', (version) => {
  const isMlflow3 = version.startsWith('3.');

  let mlflow: TestMlflow;
  let client: MlflowClient;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version });
    client = clientOf();
  }, MLFLOW_START_TIMEOUT_MS);
  afterAll(() => mlflow?.stop());

  const clientOf = (options: Partial<MlflowClientOptions> = {}) =>
    new MlflowClient({
      trackingServerUrl: mlflow.url,
      auth: { method: 'none' },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      egress: { policy: 'private' },
      ...options,
    });
  const models = () => collect(client.registeredModels(never));
  const versions = () => collect(client.modelVersions(never));
  const modelNamed = async (name: string): Promise<RegisteredModel | undefined> =>
    (await models()).find((model) => model.name === name);
  const versionsOf = async (name: string): Promise<ModelVersion[]> =>
    (await versions()).filter((version) => version.name === name);

  it('proves the server and tells its version', async () => {
    expect(await client.probe()).toEqual({
      serverVersion: version,
      latencyMs: expect.any(Number),
      workspaces: null,
    });
  });

  it('counts the requests it sends', async () => {
    let seen = 0;
    const counting = clientOf({ onRequest: () => (seen += 1) });
    await counting.probe();
    const sent = isMlflow3 ? 3 : 2;
    expect([counting.requests, seen]).toEqual([sent, sent]);
  });

  it('accepts a trailing slash in the URL', async () => {
    await expect(clientOf({ trackingServerUrl: `${mlflow.url}/` }).probe()).resolves.toBeDefined();
  });

  it('reads models with description, tags and aliases, also those without versions', async () => {
    await mlflow.api.createModel('read-model', { description: 'what it does', tags: { owner: 'risk' } });
    await mlflow.api.createModel('read-model-empty');
    const version = await mlflow.api.createVersion('read-model');
    await mlflow.api.setAlias('read-model', 'champion', version);

    expect(await modelNamed('read-model')).toMatchObject({
      description: 'what it does',
      tags: new Map([['owner', 'risk']]),
      aliases: [{ alias: 'champion', version: '1' }],
      createdAt: expect.any(Number),
      isPrompt: false,
    });
    expect(await modelNamed('read-model-empty')).toMatchObject({ description: '', aliases: [] });
  });

  it('reads versions with stage, description, tags, source and run', async () => {
    const runId = await mlflow.api.createRun('0');
    await mlflow.api.createModel('read-version');
    const data = { runId, source: 's3://b/m', description: 'v one', tags: { ['__proto__']: 'kept', a: 'b' } };
    await mlflow.api.createVersion('read-version', data);
    await mlflow.api.createVersion('read-version');
    await mlflow.api.setStage('read-version', '1', 'Staging');

    const [second, first] = await versionsOf('read-version');
    expect(first).toMatchObject({
      version: '1',
      stage: 'Staging',
      description: 'v one',
      source: 's3://b/m',
      runId,
    });
    expect(first?.tags).toEqual(
      new Map([
        ['__proto__', 'kept'],
        ['a', 'b'],
      ]),
    );
    expect(second).toMatchObject({ version: '2', stage: 'None', runId: null, loggedModelId: null });
    expect(second?.createdAt).toBeGreaterThan(1_700_000_000_000);
  });

  it('leaves prompts and their versions out', async () => {
    await mlflow.api.createPrompt('a-prompt', 'Hello {{name}}');
    expect(await modelNamed('a-prompt')).toBeUndefined();
    expect(await versionsOf('a-prompt')).toEqual([]);
    expect(await client.registeredModel('a-prompt', never)).toMatchObject({ isPrompt: true });
  });

  it.each([
    'naïve ? & # % + "quoted" \\ \'s',
    '与信スコアリング-個人ローン',
    'rocket 🚀',
    ' leading',
    'nul\0inside',
    'two\nlines',
  ])('round-trips the model name %j', async (name) => {
    await mlflow.api.createModel(name);
    await mlflow.api.createVersion(name);
    expect(await modelNamed(name)).toMatchObject({ name });
    expect(await versionsOf(name)).toHaveLength(1);
    expect(await client.modelVersion(name, '1', never)).toMatchObject({ name, version: '1' });
    expect(await client.registeredModel(name, never)).toMatchObject({ name });
  });

  it('answers null for a version and a model that do not exist', async () => {
    await mlflow.api.createModel('half-there');
    expect(await client.modelVersion('half-there', '7', never)).toBeNull();
    expect(await client.modelVersion('nowhere', '1', never)).toBeNull();
    expect(await client.registeredModel('nowhere', never)).toBeNull();
  });

  it('keeps NaN, both infinities and extreme numbers of metrics', async () => {
    const metrics = {
      nan: 'NaN',
      up: 'Infinity',
      down: '-Infinity',
      tiny: 5e-324,
      zero: 0,
      auc: 0.871,
    } as const;
    const runId = await mlflow.api.createRun('0', { metrics });
    const answer = (await client.runs([runId], ['0'], never)).get(runId);
    expect(answer).toMatchObject({
      state: 'active',
      run: {
        metrics: new Map<string, unknown>([
          ['auc', 0.871],
          ['down', -1.7976931348623157e308],
          ['nan', 'NaN'],
          ['tiny', 5e-324],
          ['up', 1.7976931348623157e308],
          ['zero', 0],
        ]),
      },
    });
  });

  it('survives a step and a time that no double holds', async () => {
    const runId = await mlflow.api.createRun('0');
    const row = { key: 'm', value: 1, timestamp: 1_700_000_000_000, step: 0 };
    const huge = `{"run_id":"${runId}","metrics":[${JSON.stringify(row).replace('"step":0', '"step":9007199254740993')}]}`;
    const headers = { 'content-type': 'application/json' };
    await fetch(`${mlflow.url}/api/2.0/mlflow/runs/log-batch`, { method: 'POST', headers, body: huge });
    expect((await client.runs([runId], ['0'], never)).get(runId)).toMatchObject({
      run: { metrics: new Map([['m', 1]]) },
    });
  });

  it('reads deleted runs, runs of deleted experiments, and says which are missing', async () => {
    const gone = await mlflow.api.createExperiment('gone');
    const inGone = await mlflow.api.createRun(gone, { params: { p: 'in-gone' } });
    const deleted = await mlflow.api.createRun('0', { params: { p: 'deleted', ['__proto__']: 'own' } });
    await mlflow.api.deleteRun(deleted);
    await mlflow.api.deleteExperiment(gone);

    const experiments = await client.experiments(never);
    expect(experiments.get(gone)).toMatchObject({ id: gone, name: 'gone', lifecycle: 'deleted' });

    const unknown = 'f'.repeat(32);
    const found = await client.runs([inGone, deleted, unknown], [...experiments.keys()], never);
    expect(found.get(inGone)).toMatchObject({ state: 'deleted', run: { experimentId: gone } });
    expect(found.get(deleted)).toMatchObject({
      state: 'deleted',
      run: {
        params: new Map([
          ['p', 'deleted'],
          ['__proto__', 'own'],
        ]),
      },
    });
    expect(found.get(unknown)).toEqual({ state: 'missing' });
  });

  it('answers for every run without an experiment to search, and for ids that no filter can hold', async () => {
    const runId = await mlflow.api.createRun('0');
    const odd = `it's" OR 1=1`;
    const found = await client.runs([runId, odd, runId], [], never);
    expect(found.get(runId)).toMatchObject({ state: 'active' });
    expect(found.get(odd)).toEqual({ state: 'missing' });
    expect(found.size).toBe(2);
  });

  it('reads more runs than one batch holds', async () => {
    const experiment = await mlflow.api.createExperiment('many-runs');
    const ids: string[] = [];
    for (let made = 0; made < 260; made += 1)
      ids.push(await mlflow.api.createRun(experiment, { status: 'RUNNING' }));
    const before = client.requests;
    const found = await client.runs(ids, [experiment], never);
    expect(found.size).toBe(260);
    expect([...found.values()].every(({ state }) => state === 'active')).toBe(true);
    expect(client.requests - before).toBe(2);
  });

  it('reads commit, creator and datasets of a run, each dataset once and always in one order, however it is read', async () => {
    const experiment = await mlflow.api.createExperiment('inputs');
    const commit = '3f9c0c1e'.repeat(5);
    const runId = await mlflow.api.createRun(experiment, {
      tags: { 'mlflow.source.git.commit': commit, 'mlflow.user': 'åsa' },
      datasets: [
        { name: 'pd', digest: 'b', context: 'evaluation' },
        { name: 'pd', digest: 'a', context: 'training' },
        { name: 'ålder', digest: 'a' },
      ],
    });
    await mlflow.api.logInputs(runId, [{ name: 'pd', digest: 'a', context: 'training' }]);
    const bare = await mlflow.api.createRun(experiment);
    const datasets = [
      { name: 'pd', digest: 'a', context: 'training' },
      { name: 'pd', digest: 'b', context: 'evaluation' },
      { name: 'ålder', digest: 'a', context: null },
    ];
    for (const experimentIds of [[experiment], []]) {
      const found = await client.runs([runId, bare], experimentIds, never);
      expect(found.get(runId)).toMatchObject({ run: { commit, creator: 'åsa', datasets } });
      expect(found.get(bare)).toMatchObject({ run: { commit: null, creator: null, datasets: [] } });
    }
  });

  // MLflow 2 has no LoggedModels: nothing is left out there.
  if (isMlflow3) {
    it('reads the LoggedModel of a version without a run', async () => {
      const experiment = await mlflow.api.createExperiment('logged');
      const data = { metrics: { f1: 0.5 }, params: { depth: '3' } };
      const modelId = await mlflow.api.createLoggedModel(experiment, data);
      await mlflow.api.createModel('from-logged-model');
      await mlflow.api.createVersion('from-logged-model', { source: `models:/${modelId}`, modelId });

      const [version] = await versionsOf('from-logged-model');
      expect(version).toMatchObject({ runId: null, loggedModelId: modelId });
      const found = await client.loggedModels([modelId, 'm-unknown'], [experiment], never);
      expect(found.get(modelId)).toMatchObject({
        state: 'active',
        model: {
          experimentId: experiment,
          metrics: new Map([['f1', 0.5]]),
          params: new Map([['depth', '3']]),
        },
      });
      expect(found.get('m-unknown')).toEqual({ state: 'missing' });
      const single = await client.loggedModels([modelId], [], never);
      expect(single.get(modelId)).toMatchObject({ state: 'active', model: { id: modelId } });
    });

    it('reads commit and creator of a LoggedModel and the datasets that its metrics were measured on', async () => {
      const experiment = await mlflow.api.createExperiment('logged-inputs');
      const modelId = await mlflow.api.createLoggedModel(experiment, {
        metrics: { f1: 0.5, recall: 0.6 },
        tags: { 'mlflow.source.git.commit': '3f9c0c1e', 'mlflow.user': 'åsa' },
        datasets: [{ name: 'pd', digest: 'a' }],
      });
      const bare = await mlflow.api.createLoggedModel(experiment, { metrics: { f1: 0.5 } });
      const found = await client.loggedModels([modelId, bare], [experiment], never);
      expect(found.get(modelId)).toMatchObject({
        model: {
          ...{ commit: '3f9c0c1e', creator: 'åsa' },
          datasets: [{ name: 'pd', digest: 'a', context: null }],
        },
      });
      expect(found.get(bare)).toMatchObject({ model: { commit: null, creator: null, datasets: [] } });
    });
  }

  it('calls a workspace asked of a server without workspaces unsupported, without a second attempt', async () => {
    const inWorkspace = clientOf({ workspace: 'team-a' });
    await expect(inWorkspace.probe()).rejects.toMatchObject({ code: 'mlflow-unsupported', retriable: false });
    expect(inWorkspace.requests).toBe(isMlflow3 ? 1 : 2);
  });

  it('calls a path prefix that leads nowhere not MLflow', async () => {
    const lost = clientOf({ trackingServerUrl: `${mlflow.url}/elsewhere` });
    await expect(lost.probe()).rejects.toMatchObject({ code: 'mlflow-not-mlflow' });
  });
});
