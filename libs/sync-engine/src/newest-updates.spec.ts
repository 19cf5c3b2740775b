import type { MlflowClient, ModelVersion } from '@vw/mlflow-client';
import { updatesSince } from './newest-updates';

const row = (updatedAt: number): ModelVersion => ({
  ...{ name: 'credit-risk', version: String(updatedAt), createdAt: 1, updatedAt, stage: 'None' },
  ...{ description: '', source: '', runId: null, loggedModelId: null, status: 'READY', userId: null },
  tags: new Map(),
});
const newestFirst = (from: number, count: number): ModelVersion[] =>
  Array.from({ length: count }, (_, n) => row(from - n));

/** A client that lists these pages, whatever size is asked for, as one does whose pages were too large. */
function listing(pages: readonly ModelVersion[][]): { client: MlflowClient; lists: () => number } {
  let lists = 0;
  const client = {
    newestModels: async function* () {},
    newestModelVersions: async function* () {
      lists += 1;
      yield* pages;
    },
  } as unknown as MlflowClient;
  return { client, lists: () => lists };
}

describe('what was updated since the last look', () => {
  const FOREVER = new AbortController().signal;
  const since = { models: 0, versions: 500 };

  it('is read on where a page that is not full is not the last, for it was halved', async () => {
    const { client } = listing([newestFirst(600, 50), newestFirst(550, 50), newestFirst(500, 50)]);
    const { versions, newest } = await updatesSince(client, since, FOREVER);
    expect(newest.versions).toBe(600);
    expect(versions.map(({ version }) => Number(version)).filter((at) => at >= 500)).toHaveLength(101);
  });

  it('ends with a page that reaches back to it, and with the last one', async () => {
    for (const pages of [[newestFirst(510, 50), newestFirst(460, 50)], [newestFirst(600, 50)]]) {
      const { client, lists } = listing(pages);
      const { versions, isDeep } = await updatesSince(client, since, FOREVER);
      expect([versions.length, isDeep, lists()]).toEqual([50, false, 1]);
    }
  });
});
