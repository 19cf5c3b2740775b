import 'reflect-metadata';
import { Identity } from '@vw/identity';
import { startTestApi, type TestApi } from './test-api';

const PROXY = '192.0.2.1';

describe('the limit of sign-ins', () => {
  const started: TestApi[] = [];
  const start = async (env: Record<string, string>): Promise<TestApi> => {
    const api = await startTestApi(env);
    started.push(api);
    return api;
  };
  /** A wrong password, as a proxy passes it on for somebody. */
  const wrongPassword = (api: TestApi, { from, by = PROXY }: { from: string; by?: string }) =>
    api.app.inject({
      ...{ method: 'POST', url: '/api/v1/auth/sign-in', remoteAddress: by },
      headers: { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': from },
      payload: { email: 'nobody@norrfjard.example', password: 'wrong' },
    });
  /** Statuses of this many tries. */
  const failed = async (
    api: TestApi,
    { tries = 1, ...who }: { from: string; by?: string; tries?: number },
  ): Promise<number[]> => {
    const statuses: number[] = [];
    while (statuses.length < tries) statuses.push((await wrongPassword(api, who)).statusCode);
    return statuses;
  };
  const FIVE = [401, 401, 401, 401, 401];

  afterAll(async () => {
    for (const api of started) await api.close();
  });

  it('goes by the address of the person behind a proxy that is trusted', async () => {
    const api = await start({ TRUSTED_PROXIES: '192.0.2.0/24' });
    expect(await failed(api, { from: '198.51.100.7', tries: 6 })).toEqual([...FIVE, 429]);
    expect(await failed(api, { from: '198.51.100.8' })).toEqual([401]);
    // What the person wrote in front of it is not believed.
    expect(await failed(api, { from: '203.0.113.9, 198.51.100.7' })).toEqual([429]);
    expect(await failed(api, { from: '198.51.100.7', by: '203.0.113.1' })).toEqual([401]);
  });

  it('goes by the address of the connection where no proxy is trusted', async () => {
    const api = await start({});
    expect(await failed(api, { from: '198.51.100.7', tries: 5 })).toEqual(FIVE);
    expect(await failed(api, { from: '198.51.100.8' })).toEqual([429]);
    expect(await failed(api, { from: '198.51.100.7', by: '192.0.2.2' })).toEqual([401]);
  });

  it('says in Retry-After when the quarter of an hour ends', async () => {
    const api = await start({});
    const first = await wrongPassword(api, { from: '198.51.100.7' });
    expect(first.headers).not.toHaveProperty('retry-after');
    await failed(api, { from: '198.51.100.7', tries: 4 });
    const seconds = Number((await wrongPassword(api, { from: '198.51.100.7' })).headers['retry-after']);
    expect(seconds).toBeGreaterThan(600);
    expect(seconds).toBeLessThanOrEqual(900);
  });
});

describe('the limit of tests', () => {
  let api: TestApi;

  /** The cookie of the Admin of a new organization. */
  const adminOf = async (name: string): Promise<string> => {
    const made = await api.app
      .get(Identity, { strict: false })
      .createOrganization({ name, email: `${name}@x.example` });
    return api.signIn(made.email, made.password);
  };

  beforeAll(async () => {
    api = await startTestApi({ EGRESS_POLICY: 'private' });
  });

  afterAll(() => api?.close());

  it('is ten a minute for each organization, whatever it is that tests', async () => {
    const [mine, other] = [await adminOf('kestrel'), await adminOf('plover')];
    // Nobody listens there.
    const settings = { trackingServerUrl: 'http://127.0.0.1:9', authMethod: 'none' };
    const ask = (method: string, path: string, cookie: string, body: object) =>
      api.call(method, `/integrations/mlflow${path}`, { cookie, body });
    for (let tests = 0; tests < 10; tests += 1) {
      const { status, json } = await ask('POST', '/test', mine, settings);
      expect([status, json<object>()]).toEqual([200, expect.objectContaining({ status: 'error' })]);
    }
    for (const [method, path, body] of [
      ['POST', '/test', settings],
      ['PUT', '', settings],
      ['PUT', '/webhook', { enabled: true }],
    ] as const) {
      const { status, json } = await ask(method, path, mine, body);
      expect([path, status, json<{ code: string }>().code]).toEqual([path, 429, 'rate-limited']);
    }
    expect((await ask('POST', '/test', other, settings)).status).toBe(200);
  });
});
