import type { Fault } from '@vw/testing';
import { describeChapter, type Chapter } from './chapter';

const READER = { username: 'svc-verifywise-ro', password: 'correct horse battery staple' };
const MODELS = ['credit-risk-pd', 'mortgage-prepayment'];

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

/** An account that may read, and a registry without any model. */
async function readerOfNothing({ api }: Chapter['mlflow']): Promise<void> {
  await api.createUser(READER.username, READER.password);
  await api.grant(READER.username, 'registered_model', '*', 'READ');
  await api.grant(READER.username, 'experiment', '*', 'READ');
}

describeChapter(
  'what goes wrong between VerifyWise and MLflow',
  { appName: 'basic-auth', registry: readerOfNothing, worker: 'apart' },
  (chapter) => {
    /** What the API answered to the tests of the page. */
    const answers: unknown[] = [];

    const configuration = (): Promise<void> => chapter.admin.open('/integrations/mlflow/configuration');
    const rerun = (): Promise<void> => chapter.admin.button('Re-run Sync').first().click();
    const summary = (): Promise<object> => chapter.admin.read('model-inventory/mlflow/summary');
    const field = (name: string) => chapter.admin.page.getByLabel(name, { exact: true });
    const details = (name: string) =>
      chapter.admin.page.getByRole('link', { name: `View details of ${name} version 1` });

    beforeAll(async () => {
      chapter.stack.startWorker();
      await chapter.admin.page.route('**/integrations/mlflow/test', async (route) => {
        const response = await route.fetch();
        answers.push(await response.json());
        await route.fulfill({ response });
      });
    });

    it('connects with basic authentication to a server that demands it, and syncs', async () => {
      const { admin, proxy } = chapter;
      await configuration();
      await field('MLflow tracking server URL').fill(proxy.url);
      await admin.page.getByRole('radio', { name: 'Basic authentication' }).click();
      await field('Username').fill(READER.username);
      await field('Password').fill(READER.password);
      await admin.button('Test Connection').click();
      await admin.sees('Connection works');
      await admin.button('Save Configuration').click();
      await admin.page.getByRole('row').filter({ hasText: 'Succeeded' }).first().waitFor();
      expect(await admin.connection()).toMatchObject({ status: 'connected', authMethod: 'basic' });
    });

    it('says what to check when the connection succeeds but no data appear, and fills as soon as there are some', async () => {
      const { admin, mlflow } = chapter;
      await admin.open('/model-inventory/mlflow');
      await admin.sees('Connected, but no models yet');
      await admin.sees('The last sync found no registered model; runs alone are not listed.');
      const checks = admin.page.getByRole('main').getByRole('listitem');
      expect((await checks.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual([
        'Done: Background worker process is running',
        'Done: Service account may list models',
        'Done: First sync finished',
      ]);
      await admin.expectAccessible();
      for (const name of MODELS) {
        await mlflow.api.createModel(name);
        await mlflow.api.createVersion(name);
      }
      await rerun();
      await details(MODELS[0] ?? '').waitFor();
      expect(await summary()).toMatchObject({ models: MODELS.length, stages: { None: MODELS.length } });
    });

    it.each(CAUSES)(
      'says what to do about $name, in the page and in the API, and loses nothing',
      async (cause) => {
        const { admin, proxy } = chapter;
        const before = await admin.connection();
        await configuration();
        await field('MLflow tracking server URL').fill(cause.url ?? proxy.url);
        if (cause.timeout) await field('Request timeout').fill(cause.timeout);
        await field('Password').fill(cause.password ?? READER.password);
        if (cause.fault) proxy.on({ match: '', fault: cause.fault });
        await admin.button('Test Connection').click();
        const alert = admin.page.getByRole('alert').filter({ hasText: cause.code });
        await alert.waitFor();
        expect(answers.at(-1)).toMatchObject({ status: 'error', code: cause.code, message: cause.message });
        expect(await alert.innerText()).toContain(cause.title);
        expect(await alert.innerText()).toContain(cause.remedy);
        expect(await admin.button('Save Configuration').isDisabled()).toBe(true);
        proxy.reset();
        expect(await admin.connection()).toEqual({ ...before, worker: expect.anything() });
        expect(await summary()).toMatchObject({ models: MODELS.length, stages: { None: MODELS.length } });
      },
    );

    it('holds back half of the registry that is hidden from the account, and says that nothing was removed', async () => {
      const { admin, mlflow } = chapter;
      for (const name of MODELS.slice(0, MODELS.length / 2)) {
        await mlflow.api.grant(READER.username, 'registered_model', name, 'DENY');
      }
      await admin.open('/integrations/mlflow');
      await rerun();
      const alert = admin.page.getByRole('alert').filter({ hasText: 'removals-held' });
      await alert.waitFor();
      expect(await alert.innerText()).toContain('Some versions were not seen in MLflow');
      expect(await alert.innerText()).toContain('Nothing was removed');
      await admin.region('Connection status').getByText('Action required').waitFor();
      expect(await admin.connection()).toMatchObject({
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
      await admin.expectAccessible();
      await admin.open('/model-inventory/mlflow');
      await admin.sees(`of ${MODELS.length} versions`);
    });

    it('says that MLflow is away when it has stopped, and keeps what was synced', async () => {
      const { admin, mlflow } = chapter;
      await mlflow.stop();
      await admin.open('/integrations/mlflow');
      await rerun();
      const alert = admin.page.getByRole('alert').filter({ hasText: 'mlflow-' });
      await alert.getByText('Unable to reach MLflow backend', { exact: true }).waitFor({ timeout: 60_000 });
      expect(await summary()).toMatchObject({
        stages: { None: MODELS.length },
        lastSync: { status: 'failed' },
      });
      await admin.open('/model-inventory/mlflow');
      await admin.sees('Last sync failed. Nothing was removed.');
      await admin.sees(`of ${MODELS.length} versions`);
      await admin.expectAccessible();
    });

    it('says how old stale data are, that the worker has stopped, and how to start it', async () => {
      const { admin, stack } = chapter;
      await stack.stopWorker();
      // The reader comes back after lunch: only the clock of the browser is moved.
      await admin.page.clock.install({ time: Date.now() + 3 * 3_600_000 });
      await admin.open('/model-inventory/mlflow');
      await admin.sees('Data is 3 hours old.');
      await admin.sees('Background worker stopped');
      await admin.page.getByRole('main').getByRole('button', { name: 'Re-run Sync' }).waitFor();
      await admin.open('/integrations/mlflow');
      const banner = admin.page.getByRole('status').filter({ hasText: 'Background worker stopped.' });
      expect(await banner.innerText()).toContain('Start it: npm run worker');
      await admin.region('Upcoming sync').waitFor();
      await admin.expectAccessible();
    });
  },
);
