import 'reflect-metadata';
import type { FieldError } from '@vw/shared-contracts';
import { startTestApi, type Answer, type TestApi } from './test-api';
import { fillTenant, type Tenant } from './test-tenants';

const NUL = '%00';
const CONNECTION = { trackingServerUrl: 'http://mlflow.example', authMethod: 'token' };

describe('what a field refuses', () => {
  let api: TestApi;
  let tenant: Tenant;

  beforeAll(async () => {
    api = await startTestApi();
    tenant = await fillTenant(api, 'kestrel');
  });

  afterAll(() => api?.close());

  const call = (method: string, path: string, body?: object): Promise<Answer> =>
    api.call(method, path, { cookie: tenant.cookie, ...(body ? { body } : {}) });
  const errorsOf = (answer: Answer): FieldError[] => {
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([422, 'invalid-input']);
    return answer.json<{ errors: FieldError[] }>().errors;
  };

  it('is the character U+0000, which no database holds, wherever it stands', async () => {
    for (const path of [
      `/model-inventory/mlflow/versions?search=a${NUL}`,
      `/model-inventory/mlflow/versions.csv?search=${NUL}`,
      `/model-inventory/entries?search=${NUL}`,
      `/governance/findings?search=${NUL}`,
      `/governance/gaps?search=${NUL}`,
    ])
      expect([path, errorsOf(await call('GET', path))]).toMatchObject([path, [{ field: 'search' }]]);
    expect(errorsOf(await call('GET', `/governance/gate?model=${NUL}&version=1&target=prod`))).toEqual([
      { field: 'model', message: 'model must not contain the character U+0000' },
    ]);
    const attested = { versionId: crypto.randomUUID(), requirement: 'bias-assessment', result: 'failed' };
    expect(errorsOf(await call('POST', '/governance/attestations', { ...attested, note: 'a\0b' }))).toEqual([
      { field: 'note', message: 'note must not contain the character U+0000' },
    ]);
  });

  it('is told by what is missing, then by its kind, then by its limits', async () => {
    const messages = async (method: string, path: string, body?: object): Promise<string[]> =>
      errorsOf(await call(method, path, body)).map(({ message }) => message);
    const versions = '/model-inventory/mlflow/versions';
    expect(await messages('GET', `${versions}?limit=abc`)).toEqual(['limit must be an integer number']);
    expect(await messages('GET', `${versions}?limit=201`)).toEqual(['limit must not be greater than 200']);
    expect(await messages('GET', `${versions}?search=a&search=b`)).toEqual(['search must be a string']);
    const basic = { ...CONNECTION, authMethod: 'basic', password: 'p' };
    expect(await messages('PUT', '/integrations/mlflow', basic)).toEqual(['username is required']);
    const port = { trackingServerUrl: 'http://mlflow.example:99999', authMethod: 'none' };
    expect(await messages('PUT', '/integrations/mlflow', port)).toEqual([
      'This is no URL: check the host name and the port.',
    ]);
  });

  it('is an API token that no header can carry', async () => {
    for (const apiToken of ['tok\nen', 'tökén', '🦊'])
      expect(errorsOf(await call('POST', '/integrations/mlflow/test', { ...CONNECTION, apiToken }))).toEqual([
        { field: 'apiToken', message: expect.stringContaining('ASCII') },
      ]);
  });
});
