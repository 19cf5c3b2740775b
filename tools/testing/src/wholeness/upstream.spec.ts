import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readUpstream } from './upstream';

const row = (name: string, version: string) => ({
  ...{ name, version, creation_timestamp: '1', last_updated_timestamp: '1' },
});
const PAGES: Record<string, object> = {
  'registered-models/search': { registered_models: [{ name: 'first' }], next_page_token: 'a+b' },
  'registered-models/search a+b': { registered_models: [{ name: 'last' }] },
  'model-versions/search': { model_versions: [row('first', '1')], next_page_token: 'c' },
  'model-versions/search c': { model_versions: [row('last', '1')], next_page_token: '' },
};

describe('what is read of MLflow apart from our client', () => {
  let server: Server;

  beforeAll(async () => {
    server = createServer(({ url = '' }, answer) => {
      const { pathname, searchParams } = new URL(url, 'http://mlflow.example');
      const asked = `${pathname.replace('/api/2.0/mlflow/', '')} ${searchParams.get('page_token') ?? ''}`;
      answer.end(JSON.stringify(PAGES[asked.trim()] ?? {}));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });

  afterAll(() => server.close());

  it('is all of it, on as many pages as there are', async () => {
    const { port } = server.address() as AddressInfo;
    const { models, versions } = await readUpstream(`http://127.0.0.1:${port}`);
    expect(models).toEqual(['first', 'last']);
    expect([...versions.keys()]).toEqual(['first/1', 'last/1']);
  });
});
