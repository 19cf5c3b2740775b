import type { MlflowClient, ModelVersion, Run, RunAnswer } from '@vw/mlflow-client';
import { RegistryReader } from './registry-reader';

const VERSION: Omit<ModelVersion, 'version' | 'runId'> = {
  ...{ name: 'credit-risk', createdAt: 1, updatedAt: 1, stage: 'None', description: '', source: '' },
  ...{ loggedModelId: null, status: 'READY', userId: null, tags: new Map() },
};
const page = (size: number): ModelVersion[] =>
  Array.from({ length: size }, (_, n) => ({ ...VERSION, version: String(n), runId: `r${n}` }));

/** How many run ids each chunk asks for, where every run has this many metrics. */
async function chunksOf(versions: number, metrics: number): Promise<number[]> {
  const asked: number[] = [];
  const values = new Map(Array.from({ length: metrics }, (_, n) => [`metric-${n}`, n]));
  const run: Run = {
    ...{ runId: '', experimentId: '1', status: 'FINISHED', lifecycle: 'active', metrics: values },
    ...{ params: new Map(), commit: null, creator: null, datasets: [], artifactUri: null },
  };
  const client = {
    runs: async (ids: readonly string[]) => {
      asked.push(ids.length);
      return new Map(ids.map((id): [string, RunAnswer] => [id, { state: 'active', run }]));
    },
    loggedModels: async () => new Map(),
  } as unknown as MlflowClient;
  const model = { key: { id: 'm', name: 'credit-risk', digest: '' }, aliases: [] };
  const reader = new RegistryReader(client, new Map(), async () => model);
  const pages = (async function* () {
    yield page(versions);
  })();
  let read = 0;
  for await (const chunk of reader.versions(pages, new AbortController().signal)) read += chunk.length;
  expect(read).toBe(versions);
  return asked;
}

describe('the chunks in which versions are read with their runs', () => {
  it('grow to 1,000 versions where little stands in the runs', async () => {
    expect(await chunksOf(5_000, 25)).toEqual([250, 250, 1_000, 1_000, 1_000, 1_000, 500]);
  });

  it('hold the fewer versions the more stands in the runs, and one at least', async () => {
    expect((await chunksOf(1_000, 2_000)).slice(0, 4)).toEqual([250, 250, 50, 50]);
    expect((await chunksOf(260, 200_000)).slice(0, 4)).toEqual([250, 10]);
  });
});
