import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { listIn, optionalTextIn, textIn } from './fields';
import { AnswerTooLargeError } from './mlflow-error';
import { type PageAsk, PageReader } from './page-reader';
import { offsetOf, tokenAt } from './page-token';
import { RestApi } from './rest-api';

const PAGE_ROWS = 20;
const ROWS = 100;
const nameOf = (index: number) => `row-${String(index).padStart(3, '0')}`;

describeWithEachMlflow('PageReader on a registry that changes while it is read', (version) => {
  let mlflow: TestMlflow;
  let api: RestApi;

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version });
    api = new RestApi({
      trackingServerUrl: mlflow.url,
      auth: { method: 'none' },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      egress: { policy: 'private' },
    });
  }, MLFLOW_START_TIMEOUT_MS);
  beforeEach(async () => {
    for (let index = 0; index < ROWS; index += 1) await mlflow.api.createModel(nameOf(index));
  });
  afterEach(async () => {
    for (const name of await read()) await mlflow.api.deleteModel(name);
  });
  afterAll(() => mlflow?.stop());

  /** All names in pages of 20, after each of which something may happen. */
  async function read(disturb: (page: number) => Promise<void> = async () => undefined): Promise<string[]> {
    const reader = new PageReader<string>({
      pageSize: PAGE_ROWS,
      retries: true,
      keyOf: (name) => name,
      ask: async ({ size, token }) => {
        const query = { max_results: String(size), order_by: 'name ASC', page_token: token };
        const answer = await api.get('registered-models/search', query, { signal: undefined });
        const rows = listIn(answer, 'registered_models').map((model) => textIn(model, 'name'));
        return { rows, nextToken: optionalTextIn(answer, 'next_page_token') ?? '' };
      },
    });
    const names: string[] = [];
    let page = 0;
    for await (const rows of reader.pages()) {
      names.push(...rows);
      page += 1;
      await disturb(page);
    }
    return names;
  }
  const all = Array.from({ length: ROWS }, (_, index) => nameOf(index));

  it('reads every row once while nothing changes', async () => {
    expect(await read()).toEqual(all);
  });

  it('skips no live row when rows before the cursor are deleted', async () => {
    const names = await read(async (page) => {
      if (page === 2) for (let index = 0; index < 5; index += 1) await mlflow.api.deleteModel(nameOf(index));
    });
    expect(names).toEqual(all);
  });

  it('skips no live row when more are deleted than pages overlap', async () => {
    const names = await read(async (page) => {
      if (page === 2) for (let index = 5; index < 23; index += 1) await mlflow.api.deleteModel(nameOf(index));
    });
    expect(names).toEqual(all);
  });

  it('skips no live row when the last rows read are deleted', async () => {
    const names = await read(async (page) => {
      if (page === 2)
        for (let index = 18; index < 30; index += 1) await mlflow.api.deleteModel(nameOf(index));
    });
    expect(names).toEqual(all);
  });

  it('repeats no row when others are inserted before the cursor or edited', async () => {
    const names = await read(async (page) => {
      if (page !== 2) return;
      for (let made = 0; made < 7; made += 1) await mlflow.api.createModel(`row-000-${made}`);
      await mlflow.api.updateModel(nameOf(90), 'edited');
    });
    expect(names).toEqual(all);
  });
});

describe('PageReader where an answer is too large after the first page', () => {
  /** Pages of a list that others shorten once its first page is read, and of which only so many rows fit an answer from then on. */
  async function read(asked: { pageSize: number; fits: number; deleted?: number }): Promise<string[]> {
    let live = Array.from({ length: asked.pageSize * 2 + 7 }, (_, index) => nameOf(index));
    let fits = asked.pageSize;
    const ask = async ({ size, token }: PageAsk) => {
      if (size > fits) throw new AnswerTooLargeError();
      const at = offsetOf(token) ?? 0;
      const rows = live.slice(at, at + size);
      return { rows, nextToken: at + size < live.length ? tokenAt(at + size) : '' };
    };
    const reader = new PageReader<string>({
      ...{ pageSize: asked.pageSize, retries: true, ask },
      keyOf: (name) => name,
    });
    const names: string[] = [];
    for await (const rows of reader.pages()) {
      names.push(...rows);
      if (fits === asked.pageSize) live = live.slice(asked.deleted ?? 0);
      fits = Math.min(fits, asked.fits);
    }
    return names;
  }
  const all = (pageSize: number): string[] =>
    Array.from({ length: pageSize * 2 + 7 }, (_, index) => nameOf(index));

  it.each([60, 50, 25, 10, 3, 1])(
    'reads every row once in pages of any size, of which %i fit',
    async (fits) => {
      for (const pageSize of [1000, 250, 101, 100, 99, 20, 3, 2])
        expect(await read({ pageSize, fits })).toEqual(all(pageSize));
    },
  );

  it.each([60, 10, 3, 1])(
    'skips no live row and repeats none where more are deleted than pages overlap and %i fit',
    async (fits) => {
      expect(await read({ pageSize: 100, fits, deleted: 60 })).toEqual(all(100));
    },
  );

  it('still names a page token that comes back', async () => {
    const asked: number[] = [];
    const ask = async ({ size, token }: PageAsk) => {
      asked.push(size);
      if (token !== '' && size > 10) throw new AnswerTooLargeError();
      const at = offsetOf(token) ?? 0;
      return {
        rows: Array.from({ length: size }, (_, index) => nameOf(at + index)),
        nextToken: tokenAt(100),
      };
    };
    const reader = new PageReader<string>({ pageSize: 100, retries: true, ask, keyOf: (name) => name });
    const reading = (async () => {
      for await (const rows of reader.pages()) expect(rows.length).toBeGreaterThan(0);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'mlflow-paging-loop' });
    expect(asked).toEqual([100, 100, 50, 25, 12, 6, 6]);
  });
});
