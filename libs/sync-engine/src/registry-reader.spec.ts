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
    expect((await chunksOf(1_000, 2_000)).slice(0, 4)).toEqual([250, 250, 35, 35]);
    expect((await chunksOf(260, 200_000)).slice(0, 4)).toEqual([250, 10]);
  });
});

describe('the order in which versions are read', () => {
  const steps: string[] = [];
  const runs = async (ids: readonly string[]) => {
    steps.push(`${ids.length} runs asked`);
    await new Promise((done) => setTimeout(done, 5));
    steps.push(`${ids.length} runs read`);
    return new Map<string, RunAnswer>();
  };
  const readerOf = () => {
    const model = { key: { id: 'm', name: 'credit-risk', digest: '' }, aliases: [], updatedAt: 1 };
    const client = { runs, loggedModels: async () => new Map() };
    return new RegistryReader(client as unknown as MlflowClient, new Map(), async () => model);
  };
  const listed = async function* (...sizes: readonly number[]) {
    for (const size of sizes) {
      steps.push(`page of ${size} asked`);
      yield page(size);
    }
  };

  beforeEach(() => (steps.length = 0));

  it('asks for a page while the last versions of the page before are read', async () => {
    const read: number[] = [];
    for await (const chunk of readerOf().versions(listed(10, 20), new AbortController().signal))
      read.push(chunk.length);
    expect(read).toEqual([10, 20]);
    expect(steps).toEqual([
      'page of 10 asked',
      'page of 20 asked',
      '10 runs asked',
      '20 runs asked',
      '10 runs read',
      '20 runs read',
    ]);
  });

  it('reads two chunks while one is written, and no more', async () => {
    const [read, asked]: [number[], number[]] = [[], []];
    for await (const chunk of readerOf().versions(listed(5_000), new AbortController().signal)) {
      await new Promise((done) => setTimeout(done, 20));
      read.push(chunk.length);
      asked.push(steps.filter((step) => step.endsWith('runs asked')).length);
    }
    expect(read).toEqual([250, 250, 1_000, 1_000, 1_000, 1_000, 500]);
    expect(asked).toEqual([3, 4, 5, 6, 7, 7, 7]);
  });
});

describe('what stands behind a version', () => {
  it('has its experiment where that was made since they were read, for which they are read once more', async () => {
    let lists = 0;
    const experiments = async () => {
      lists += 1;
      return new Map(['1', '2'].map((id) => [id, experiment(id)]));
    };
    // Run 0 stands in a known experiment, 1 in a late one, and 2 in one that is never listed.
    const runs = async (ids: readonly string[]) =>
      new Map(
        ids.map((id): [string, RunAnswer] => {
          const run = { ...RUN, experimentId: String(Number(id.slice(1)) + 1) };
          return [id, { state: 'active', run }];
        }),
      );
    const known = await read({ runs, experiments }, page(1));
    expect([known.map((version) => version.experiment?.id), lists]).toEqual([['1'], 0]);
    const late = await read({ runs, experiments }, page(2));
    expect([late.map((version) => version.experiment?.name), lists]).toEqual([
      ['experiment 1', 'experiment 2'],
      1,
    ]);
    const pages = Array.from({ length: 9 }, () => page(3));
    const ids = (await read({ runs, experiments }, ...pages)).map((version) => version.experiment?.id);
    expect(ids).toEqual(pages.flatMap(() => ['1', '2', undefined]));
    // Two chunks are read side by side.
    expect(lists - 1).toBeLessThanOrEqual(2);
  });

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
