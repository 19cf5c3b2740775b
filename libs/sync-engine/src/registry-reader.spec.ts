import type {
  Experiment,
  LoggedModelAnswer,
  MlflowClient,
  ModelVersion,
  Run,
  RunAnswer,
} from '@vw/mlflow-client';
import type { VersionRecord } from '@vw/model-inventory';
import { RegistryReader } from './registry-reader';

const VERSION: Omit<ModelVersion, 'version' | 'runId'> = {
  ...{ name: 'credit-risk', createdAt: 1, updatedAt: 1, stage: 'None', description: '', source: '' },
  ...{ loggedModelId: null, status: 'READY', userId: null, tags: new Map() },
};
const page = (size: number): ModelVersion[] =>
  Array.from({ length: size }, (_, n) => ({ ...VERSION, version: String(n), runId: `r${n}` }));
const RUN: Run = {
  ...{ runId: '', experimentId: '1', status: 'FINISHED', lifecycle: 'active', metrics: new Map() },
  ...{ params: new Map(), commit: null, creator: null, datasets: [], artifactUri: null },
};
const experiment = (id: string): Experiment => ({
  ...{ id, name: `experiment ${id}`, artifactLocation: '', lifecycle: 'active' },
});

/** All that is read of these pages from what the client answers, where experiment 1 was there before. */
async function read(
  client: Partial<MlflowClient>,
  ...pages: readonly ModelVersion[][]
): Promise<VersionRecord[]> {
  const model = { key: { id: 'm', name: 'credit-risk', digest: '' }, aliases: [], updatedAt: 1 };
  const answers = { runs: async () => new Map(), loggedModels: async () => new Map(), ...client };
  const experiments = new Map([['1', experiment('1')]]);
  const reader = new RegistryReader(answers as unknown as MlflowClient, experiments, async () => model);
  const given = (async function* () {
    yield* pages;
  })();
  const records: VersionRecord[] = [];
  for await (const chunk of reader.versions(given, new AbortController().signal)) records.push(...chunk);
  return records;
}

/** How many run ids each chunk asks for, where every run has this many metrics. */
async function chunksOf(versions: number, metrics: number): Promise<number[]> {
  const asked: number[] = [];
  const values = new Map(Array.from({ length: metrics }, (_, n) => [`metric-${n}`, n]));
  const run = { ...RUN, metrics: values };
  const runs = async (ids: readonly string[]) => {
    asked.push(ids.length);
    return new Map(ids.map((id): [string, RunAnswer] => [id, { state: 'active', run }]));
  };
  expect(await read({ runs }, page(versions))).toHaveLength(versions);
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

describe('what stands behind a version', () => {
  it('is a LoggedModel that may not be read, or is missing, in that state', async () => {
    const answers = [
      ['m-0', { state: 'unreadable' }],
      ['m-1', { state: 'missing' }],
      // Of a server that has none.
      ['m-2', null],
    ] as const;
    const loggedModels = async () => new Map<string, LoggedModelAnswer | null>(answers);
    const versions = [0, 1, 2].map((n) => ({
      ...VERSION,
      ...{ version: String(n), runId: null, loggedModelId: `m-${n}` },
    }));
    expect((await read({ loggedModels }, versions)).map(({ evidence }) => evidence)).toEqual([
      { id: 'm-0', state: 'unreadable', data: null },
      { id: 'm-1', state: 'missing', data: null },
      { id: 'm-2', state: 'missing', data: null },
    ]);
  });
});
