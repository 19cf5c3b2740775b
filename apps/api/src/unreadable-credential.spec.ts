import 'reflect-metadata';
import { startTestApi, type TestApi } from './test-api';
import { fillTenant, type Tenant } from './test-tenants';

describe('a stored secret that does not open', () => {
  let api: TestApi;
  let tenant: Tenant;

  beforeAll(async () => {
    api = await startTestApi();
    tenant = await fillTenant(api, 'kestrel');
  });

  afterAll(() => api?.close());

  it('is a fault that an Admin can mend, wherever it is asked for', async () => {
    const { cookie } = tenant;
    const ask = async (method: string, path: string, body?: object): Promise<[number, unknown]> => {
      const url = `/integrations/mlflow${path}`;
      const { status, json } = await api.call(method, url, { cookie, ...(body ? { body } : {}) });
      return [status, json<{ code: unknown }>().code];
    };
    const kept = { trackingServerUrl: 'http://mlflow.example', authMethod: 'token' };
    expect(await ask('PUT', '', kept)).toEqual([422, 'credential-unreadable']);
    expect(await ask('PUT', '/webhook', { enabled: true })).toEqual([422, 'credential-unreadable']);
    expect(await ask('POST', '/test')).toEqual([200, 'credential-unreadable']);
  });
});
