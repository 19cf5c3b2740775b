import type { ModelVersionPage } from '@vw/shared-contracts';
import type { TestMlflow } from '@vw/testing';
import { PERSON } from './admin';
import { describeChapter } from './chapter';

const TOKEN = 'tok-9f2c41d07be84a6c';

async function oneModel({ api }: TestMlflow): Promise<void> {
  await api.createModel('credit-risk-pd');
  await api.createVersion('credit-risk-pd');
}

describeChapter(
  'configuring the MLflow integration',
  { admin: 'stranger', registry: oneModel },
  (chapter) => {
    const url = () => chapter.admin.page.getByLabel('MLflow tracking server URL');
    const timeout = () => chapter.admin.page.getByLabel('Request timeout');
    const token = () => chapter.admin.page.getByLabel('API token', { exact: true });
    const method = (name: string) => chapter.admin.page.getByRole('radio', { name, exact: true });
    const saves = () => chapter.admin.button('Save Configuration');

    const demandToken = (): void =>
      chapter.proxy.on({
        match: ({ headers }) => headers.authorization !== `Bearer ${TOKEN}`,
        fault: { kind: 'status', status: 401 },
      });
    const test = async (outcome: string): Promise<void> => {
      await chapter.admin.button('Test Connection').click();
      await chapter.admin.sees(outcome);
    };

    it('leads the first visit to the set-up and then to the configuration', async () => {
      const { admin } = chapter;
      await admin.open('/');
      await admin.page.getByLabel('Organization name').fill(PERSON.organizationName);
      await admin.expectAccessible();
      await admin.page.getByLabel('Your name').fill(PERSON.name);
      await admin.page.getByLabel('Work email').fill(PERSON.email);
      await admin.page.getByLabel('Password', { exact: true }).fill(PERSON.password);
      await admin.button('Create organization').click();
      await url().waitFor();
      await admin.expectAccessible();
    });

    it('offers three authentication methods and asks for the credentials of the chosen one alone', async () => {
      const { page } = chapter.admin;
      expect(await page.getByRole('radio').allInnerTexts()).toEqual([
        'None',
        'Basic authentication',
        'API token',
      ]);
      expect(
        await page
          .getByLabel('Username')
          .or(page.getByLabel('Password', { exact: true }))
          .count(),
      ).toBe(0);
      await method('Basic authentication').click();
      await page.getByLabel('Username').waitFor();
      await page.getByLabel('Password', { exact: true }).waitFor();
      expect(await token().count()).toBe(0);
      await method('API token').click();
      await token().waitFor();
      expect(await page.getByLabel('Username').count()).toBe(0);
      await chapter.admin.expectAccessible();
    });

    it('takes a request timeout of 1 to 600 seconds, 30 unless told otherwise, and tests no other', async () => {
      const { admin, proxy } = chapter;
      expect(await timeout().inputValue()).toBe('30');
      await url().fill(proxy.url);
      await token().fill(TOKEN);
      for (const [seconds, sentence] of [
        ['0', 'At least 1 second.'],
        ['601', 'At most 600 seconds.'],
      ] as const) {
        await timeout().fill(seconds);
        await test(sentence);
      }
      expect(proxy.requests).toEqual([]);
      expect(await admin.connection()).toMatchObject({ status: 'not-configured' });
    });

    it('allows to save after a successful test of exactly these values, and an edit asks for a new one', async () => {
      demandToken();
      await timeout().fill('20');
      await token().fill('not the token');
      expect(await saves().isDisabled()).toBe(true);
      await test('MLflow refused these credentials');
      expect(await saves().isDisabled()).toBe(true);
      await chapter.admin.expectAccessible();
      await token().fill(TOKEN);
      await test('Connection works');
      expect(await saves().isEnabled()).toBe(true);
      await chapter.admin.expectAccessible();
      await timeout().fill('21');
      await chapter.admin.sees('Not tested.');
      expect(await saves().isDisabled()).toBe(true);
      expect(await chapter.admin.connection()).toMatchObject({ status: 'not-configured' });
    });

    it('leads in eight steps from the menu to a saved configuration, with a token that the server demands', async () => {
      const { admin, proxy } = chapter;
      await admin.open('/model-inventory/mlflow');
      await admin.page
        .getByRole('navigation', { name: 'Main' })
        .getByRole('link', { name: 'Integrations' })
        .click();
      await admin.region('MLflow integration').waitFor();
      await url().fill(proxy.url);
      await timeout().fill('25');
      await method('API token').click();
      await token().fill(TOKEN);
      await test('Connection works');
      await saves().click();
      await admin.page.waitForURL('**/integrations/mlflow');
      await admin.page.getByRole('row').filter({ hasText: 'Succeeded' }).first().waitFor();
      expect(await admin.connection()).toMatchObject({
        status: 'connected',
        trackingServerUrl: proxy.url,
        requestTimeoutSeconds: 25,
        authMethod: 'token',
        hasStoredToken: true,
      });
      expect(await admin.read('model-inventory/mlflow/summary')).toMatchObject({ models: 1 });
    });

    it('leads from the MLflow card to its status and its configuration', async () => {
      const { admin, proxy } = chapter;
      await admin.open('/integrations');
      const card = admin.region('MLflow integration');
      await card.getByText('Connected').waitFor();
      expect(await card.innerText()).toContain(proxy.url);
      await admin.expectAccessible();
      await card.getByRole('link', { name: 'Open' }).click();
      await admin.region('Connection status').waitFor();
      await admin.page.getByRole('link', { name: 'Configuration' }).click();
      await url().waitFor();
      expect(await url().inputValue()).toBe(proxy.url);
    });

    it('never shows a stored credential again, and keeps it where the field is left empty', async () => {
      const { admin } = chapter;
      expect(await token().inputValue()).toBe('');
      await admin.sees('Stored. Leave empty to keep');
      await admin.sees('Connected with these settings');
      expect(await admin.page.content()).not.toContain(TOKEN);
      expect(JSON.stringify(await admin.connection())).not.toContain(TOKEN);
      await admin.expectAccessible();
      await timeout().fill('26');
      await test('Connection works');
      await saves().click();
      await admin.region('Connection status').waitFor();
      expect(await admin.connection()).toMatchObject({ requestTimeoutSeconds: 26, hasStoredToken: true });
    });

    it('asks for the credential again before it would go to another server', async () => {
      const { admin, mlflow } = chapter;
      await admin.ended();
      await admin.open('/integrations/mlflow/configuration');
      await url().fill(mlflow.url);
      await admin.sees('Enter it again for the new server');
      await test('Enter the API token.');
      expect(await saves().isDisabled()).toBe(true);
      expect((await admin.connection()).trackingServerUrl).toBe(chapter.proxy.url);
    });

    it('clears a stored credential when a method without one is saved, not before', async () => {
      const { admin, proxy } = chapter;
      proxy.reset();
      await url().fill(proxy.url);
      await method('None').click();
      await test('Connection works');
      expect(await admin.connection()).toMatchObject({ authMethod: 'token', hasStoredToken: true });
      await saves().click();
      await admin.region('Connection status').waitFor();
      expect(await admin.connection()).toMatchObject({
        status: 'connected',
        authMethod: 'none',
        hasStoredToken: false,
      });
      expect(proxy.requests.map(({ headers }) => headers.authorization)).not.toContain(`Bearer ${TOKEN}`);
    });

    it('names both servers and what becomes removed before it connects another one, and the first one resumes', async () => {
      const { admin, proxy, mlflow, stack } = chapter;
      // A minute passes: the chapter has used up the ten tests of the last one.
      await stack.asSuperuser(`UPDATE attempt_limit SET window_started_at = now() - interval '1 hour'`);
      const connectOther = async (from: string, to: string): Promise<void> => {
        await admin.ended();
        await admin.open('/integrations/mlflow/configuration');
        await admin.sees('Connected with these settings');
        await url().fill(to);
        await test('Connection works');
        await saves().click();
        const question = admin.page.getByRole('alertdialog');
        const text = await question.innerText();
        expect(text).toContain(`Present server: ${from}\nNew server: ${to}`);
        expect(text).toContain('The 1 version synced from the present one would be marked as removed.');
        expect(text).toContain('connecting the present server again takes its versions back');
        await admin.expectAccessible();
        await question.getByRole('button', { name: 'Connect this server' }).click();
        await admin.region('Connection status').waitFor();
        await admin.ended();
      };
      await connectOther(proxy.url, mlflow.url);
      const { items } = await admin.read<ModelVersionPage>(
        'model-inventory/mlflow/versions?removed=true&search=credit-risk-pd',
      );
      expect(items.map(({ removedAt }) => removedAt !== null).sort()).toEqual([false, true]);
      await connectOther(mlflow.url, proxy.url);
      await admin.open('/model-inventory/mlflow');
      await admin.sees('1 of 1 version');
      await admin.open('/integrations/mlflow');
    });

    it('asks before it disconnects, and keeps what was synced', async () => {
      const { admin } = chapter;
      await admin.ended();
      await admin.button('More actions').click();
      await admin.page.getByRole('menuitem', { name: 'Disconnect' }).click();
      const question = admin.page.getByRole('alertdialog');
      await question.getByText('Synced models and their history stay').waitFor();
      await admin.expectAccessible();
      await question.getByRole('button', { name: 'Disconnect' }).click();
      await admin.page.getByRole('link', { name: 'Set up MLflow' }).waitFor();
      await admin.expectAccessible();
      expect(await admin.connection()).toMatchObject({ status: 'not-configured', trackingServerUrl: null });
      await admin.open('/model-inventory/mlflow');
      await admin.sees('MLflow is disconnected.');
      await admin.page.getByRole('link', { name: 'View details of credit-risk-pd version 1' }).waitFor();
    });
  },
);
