import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { listIn, optionalTextIn, textIn } from './fields';
import { PageReader } from './page-reader';
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
