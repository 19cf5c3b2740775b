import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startFaultProxy,
  startTestMlflow,
  type Fault,
  type FaultProxy,
  type TestMlflow,
} from '@vw/testing';
import type { Page } from 'playwright-core';
import { startBrowser, type Browser } from './browser';
import { startStack, type Stack } from './stack';

const READER = { username: 'svc-verifywise-ro', password: 'correct horse battery staple' };
const MODELS = Array.from({ length: 24 }, (_, index) => `model-${String(index).padStart(2, '0')}`);

/** What an admin enters, what stands between it and MLflow, and what is then to be read. */
interface Cause {
  name: string;
  url?: string;
  password?: string;
  timeout?: string;
  fault?: Fault;
  code: string;
  title: string;
  /** Of the page. */
  remedy: string;
  /** Of the API. */
  message: string;
}

const UNREACHABLE = {
  code: 'mlflow-unreachable',
  title: 'Unable to reach MLflow backend',
  remedy: 'Check the URL, its protocol and the firewall.',
  message: 'Unable to reach the MLflow backend. Check the URL, the protocol and the firewall.',
};

const CAUSES: Cause[] = [
  { name: 'a wrong URL', url: 'http://127.0.0.1:9/mlflow', ...UNREACHABLE },
  { name: 'a closed port', url: 'http://127.0.0.1:9', ...UNREACHABLE },
  { name: 'an unknown host', url: 'http://mlflow.invalid:5000', ...UNREACHABLE },
  {
    name: 'a wrong password',
    password: 'not the password',
    code: 'mlflow-unauthorized',
    title: 'MLflow refused these credentials',
    remedy: 'Check them, then test again.',
    message: 'MLflow refused these credentials. Check them and test again.',
  },
  {
    name: 'an HTML page',
    fault: { kind: 'html' },
    code: 'mlflow-not-mlflow',
    title: 'This URL is not an MLflow server',
    remedy: 'Check the path prefix.',
    message: 'This URL is not an MLflow server. Check the path prefix.',
  },
  {
    name: 'a redirect to a login',
    fault: { kind: 'redirect', location: 'https://login.example/' },
    code: 'mlflow-redirected',
    title: 'This URL leads to a sign-in page',
    remedy: "Use the tracking server's own URL.",
    message: "This URL leads to another page, often a sign-in. Use the tracking server's own URL.",
  },
  {
    name: 'a timeout of one second on a slow server',
    timeout: '1',
    fault: { kind: 'delay', ms: 4_000 },
    code: 'mlflow-timeout',
    title: 'Unable to reach MLflow backend',
    remedy: 'Increase Request timeout, then test again.',
    message: 'Unable to reach the MLflow backend in time. Increase the request timeout.',
  },
];

describeWithMlflow('what goes wrong between VerifyWise and MLflow', () => {
  let mlflow: TestMlflow;
  let proxy: FaultProxy;
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  /** What the API answered to the tests of the page. */
  const answers: unknown[] = [];

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const configuration = (): Promise<unknown> => page.goto(`${stack.url}/integrations/mlflow/configuration`);
  const summary = async (): Promise<object> =>
    (await page.request.get(`${stack.url}/api/v1/model-inventory/mlflow/summary`)).json();
  const connection = async (): Promise<object> =>
    (await page.request.get(`${stack.url}/api/v1/integrations/mlflow`)).json();

  beforeAll(async () => {
    mlflow = await startTestMlflow({ appName: 'basic-auth' });
    const { api } = mlflow;
    for (const name of MODELS) {
      await api.createModel(name);
      await api.createVersion(name, {});
    }
    await api.createUser(READER.username, READER.password);
    await api.grant(READER.username, 'registered_model', '*', 'READ');
    await api.grant(READER.username, 'experiment', '*', 'READ');
    proxy = await startFaultProxy(mlflow.url);
    stack = await startStack();
    browser = await startBrowser();
    page = await browser.context.newPage();
    await page.route('**/integrations/mlflow/test', async (route) => {
      const response = await route.fetch();
      answers.push(await response.json());
      await route.fulfill({ response });
    });
    await page.request.post(`${stack.url}/api/v1/setup`, {
      headers: { 'sec-fetch-site': 'same-origin' },
      data: {
        organizationName: 'Norrfjärd Bank',
        name: 'Åsa Lindqvist',
        email: 'asa@norrfjard.example',
        password: 'a passphrase of some length',
      },
    });
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await proxy?.stop();
    await mlflow?.stop();
  });

  it('connects with basic authentication to a server that demands it, and syncs', async () => {
    await configuration();
    await page.getByLabel('MLflow tracking server URL').fill(proxy.url);
    await page.getByRole('radio', { name: 'Basic authentication' }).click();
    await page.getByLabel('Username').fill(READER.username);
    await page.getByLabel('Password', { exact: true }).fill(READER.password);
    await button('Test Connection').click();
    await page.getByText('Connection works').waitFor();
    await button('Save Configuration').click();
    await page.getByRole('row').filter({ hasText: 'Succeeded' }).first().waitFor({ timeout: 60_000 });
    expect(await summary()).toMatchObject({ models: MODELS.length, stages: { None: MODELS.length } });
  });

  it.each(CAUSES)(
    'says what to do about $name, in the page and in the API, and loses nothing',
    async (cause) => {
      const before = await connection();
      await configuration();
      await page.getByLabel('MLflow tracking server URL').fill(cause.url ?? proxy.url);
      if (cause.timeout) await page.getByLabel('Request timeout').fill(cause.timeout);
      await page.getByLabel('Password', { exact: true }).fill(cause.password ?? READER.password);
      if (cause.fault) proxy.on({ match: '', fault: cause.fault });
      await button('Test Connection').click();
      const alert = page.getByRole('alert').filter({ hasText: cause.code });
      await alert.waitFor();
      expect(answers.at(-1)).toMatchObject({ status: 'error', code: cause.code, message: cause.message });
      expect(await alert.innerText()).toContain(cause.title);
      expect(await alert.innerText()).toContain(cause.remedy);
      expect(await button('Save Configuration').isDisabled()).toBe(true);
      proxy.reset();
      expect(await connection()).toEqual({ ...before, worker: expect.anything() });
      expect(await summary()).toMatchObject({ models: MODELS.length, stages: { None: MODELS.length } });
    },
  );

  it('holds back half of the registry that is hidden from the account, and says that nothing was removed', async () => {
    for (const name of MODELS.slice(0, MODELS.length / 2)) {
      await mlflow.api.grant(READER.username, 'registered_model', name, 'DENY');
    }
    await page.goto(`${stack.url}/integrations/mlflow`);
    await button('Re-run Sync').first().click();
    const alert = page.getByRole('alert').filter({ hasText: 'removals-held' });
    await alert.waitFor({ timeout: 60_000 });
    expect(await alert.innerText()).toContain('Some versions were not seen in MLflow');
    expect(await alert.innerText()).toContain('Nothing was removed');
    await page.getByText('Action required').first().waitFor();
    expect(await connection()).toMatchObject({
      status: 'action-required',
      lastError: {
        code: 'removals-held',
        message: 'Some versions were not seen in MLflow. Nothing was removed; review them.',
      },
    });
    expect(await summary()).toMatchObject({
      stages: { None: MODELS.length },
      lastSync: { status: 'partial' },
    });
    await page.goto(`${stack.url}/model-inventory/mlflow`);
    await page.getByText(`of ${MODELS.length} versions`).waitFor();
  });

  it('says that MLflow is away when it has stopped, and keeps what was synced', async () => {
    await mlflow.stop();
    await page.goto(`${stack.url}/integrations/mlflow`);
    await button('Re-run Sync').first().click();
    const alert = page.getByRole('alert').filter({ hasText: 'mlflow-' });
    await alert.waitFor({ timeout: 60_000 });
    expect(await summary()).toMatchObject({
      stages: { None: MODELS.length },
      lastSync: { status: 'failed' },
    });
    await page.goto(`${stack.url}/model-inventory/mlflow`);
    await page.getByText('Last sync failed. Nothing was removed.').waitFor();
    await page.getByText(`of ${MODELS.length} versions`).waitFor();
  });
});
