import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { MlflowClient } from './index';

const never = new AbortController().signal;

async function collect<Row>(pages: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

describeWithEachMlflow('what a light poll asks MLflow', (version) => {
  let mlflow: TestMlflow;
  let client: MlflowClient;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version });
    client = new MlflowClient({
      trackingServerUrl: mlflow.url,
      auth: { method: 'none' },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      egress: { policy: 'private' },
    });
    for (const name of ['a', 'b', 'c']) await mlflow.api.createModel(name);
    for (const name of ['a', 'a', 'b', 'c']) await mlflow.api.createVersion(name);
  }, MLFLOW_START_TIMEOUT_MS);
  afterAll(() => mlflow?.stop());

  const models = async (): Promise<string[]> =>
    (await collect(client.newestModels(2, never))).map(({ name }) => name);
  const versions = async (): Promise<string[]> =>
    (await collect(client.newestModelVersions(2, never))).map((one) => `${one.name}/${one.version}`);

  it('lists models by their last update, newest first: a version or a description is one, a tag or an alias none', async () => {
    expect(await models()).toEqual(['c', 'b', 'a']);
    await mlflow.api.updateModel('b', 'edited');
    expect(await models()).toEqual(['b', 'c', 'a']);
    await mlflow.api.setModelTag('c', 'owner', 'risk');
    await mlflow.api.setAlias('c', 'champion', '1');
    expect(await models()).toEqual(['b', 'c', 'a']);
    await mlflow.api.createVersion('a');
    expect(await models()).toEqual(['a', 'b', 'c']);
    const [newest, next] = await collect(client.newestModels(2, never));
    expect(newest?.updatedAt).toBeGreaterThan(next?.updatedAt ?? Number.NaN);
  });

  it('lists versions by their last update, newest first: a stage or a description is one, a tag or an alias none', async () => {
    expect(await versions()).toEqual(['a/3', 'c/1', 'b/1', 'a/2', 'a/1']);
    await mlflow.api.updateVersion('a', '1', 'edited');
    await mlflow.api.setStage('b', '1', 'Staging');
    await mlflow.api.setVersionTag('a', '2', 'validation', 'late');
    await mlflow.api.setAlias('a', 'champion', '2');
    expect(await versions()).toEqual(['b/1', 'a/1', 'a/3', 'c/1', 'a/2']);
    const [newest] = await collect(client.newestModelVersions(2, never));
    expect(newest).toMatchObject({ stage: 'Staging', updatedAt: expect.any(Number) });
  });

  it('asks for a page at a time, and for no more than are wanted', async () => {
    const before = client.requests;
    for await (const page of client.newestModelVersions(2, never)) {
      expect(page).toHaveLength(2);
      break;
    }
    expect(client.requests - before).toBe(1);
  });

  it('reads the versions of one model and of no other, whatever its name', async () => {
    const names = [
      'credit',
      'credit risk',
      'CREDIT',
      'credit%',
      'c_edit',
      '与信スコアリング',
      '100% -- ; OR 1=1',
    ];
    for (const name of names) {
      await mlflow.api.createModel(name);
      for (let made = 0; made < 2; made += 1) await mlflow.api.createVersion(name);
    }
    for (const name of names) {
      const found = await collect(client.modelVersionsOf(name, never) ?? raise(name));
      expect(found.map((one) => [one.name, one.version]).sort()).toEqual([
        [name, '1'],
        [name, '2'],
      ]);
    }
    expect(await collect(client.modelVersionsOf('nowhere', never) ?? raise('nowhere'))).toEqual([]);
  });

  it.each([`it's`, '"quoted"', '`ticks`', 'back\\slash', 'new\nline', 'nul\0inside'])(
    'names no filter for %j, and asks nothing',
    (name) => {
      const before = client.requests;
      expect(client.modelVersionsOf(name, never)).toBeNull();
      expect(client.requests).toBe(before);
    },
  );
});

function raise(name: string): never {
  throw new Error(`No filter for ${name}.`);
}
