import { AxeBuilder } from '@axe-core/playwright';
import {
  describeWithMlflow,
  MLFLOW_START_TIMEOUT_MS,
  seedDemoRegistry,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import type { Page } from 'playwright-core';
import { startBrowser, type Browser } from './browser';
import { startStack, type Stack } from './stack';
import { upstreamVersion } from './upstream';

const EMAIL = 'asa@norrfjard.example';
const PASSWORD = 'a passphrase of some length';

describeWithMlflow('the first minutes with VerifyWise', () => {
  let mlflow: TestMlflow;
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  const violations: string[] = [];

  const sees = (text: string | RegExp): Promise<void> =>
    page.getByText(text).first().waitFor({ timeout: 20_000 });
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

  const expectAccessible = async (): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations: found } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(
        found.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };

  beforeAll(async () => {
    mlflow = await startTestMlflow();
    await seedDemoRegistry(mlflow.url);
    stack = await startStack();
    browser = await startBrowser();
    page = await browser.context.newPage();
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text()))
        violations.push(message.text());
    });
  }, MLFLOW_START_TIMEOUT_MS);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await mlflow?.stop();
  });

  it('leads the first visit to the set-up and then to the configuration', async () => {
    await page.goto(stack.url);
    await page.getByLabel('Organization name').fill('Norrfjärd Bank');
    await expectAccessible();
    await page.getByLabel('Your name').fill('Åsa Lindqvist');
    await page.getByLabel('Work email').fill(EMAIL);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button('Create organization').click();
    await page.getByLabel('MLflow tracking server URL').waitFor();
    await expectAccessible();
  });

  it('tells the sentence of a server that cannot be reached, and keeps Save Configuration disabled', async () => {
    await page.getByLabel('MLflow tracking server URL').fill('http://127.0.0.1:9');
    await button('Test Connection').click();
    await sees('Unable to reach MLflow backend');
    expect(await button('Save Configuration').isDisabled()).toBe(true);
  });

  it('saves after a successful test of exactly these values, and an edit asks for a new one', async () => {
    const url = page.getByLabel('MLflow tracking server URL');
    await url.fill(mlflow.url);
    await button('Test Connection').click();
    await sees('Connection works');
    expect(await button('Save Configuration').isEnabled()).toBe(true);
    await url.fill(`${mlflow.url}/`);
    expect(await button('Save Configuration').isDisabled()).toBe(true);
    await url.fill(mlflow.url);
    await button('Test Connection').click();
    await sees('Connection works');
    await button('Save Configuration').click();
    await page.waitForURL('**/integrations/mlflow');
  });

  it('shows the first sync live, without a reload', async () => {
    await sees('Connection status');
    await sees('Connected');
    await page.getByRole('row').filter({ hasText: 'Succeeded' }).first().waitFor({ timeout: 60_000 });
    await expectAccessible();
  });

  it('lists what was synced, finds a model by a part of its name and opens its details', async () => {
    await page.goto(`${stack.url}/model-inventory/mlflow`);
    await page.getByRole('searchbox').or(page.getByPlaceholder('Search models')).first().fill('credit-risk');
    await sees('credit-risk-pd');
    await expectAccessible();
    await page.getByText('View details').first().click();
    for (const part of [
      'Model metadata',
      'Description',
      'Tags',
      'Metrics',
      'Parameters',
      'Experiment info',
    ]) {
      await page.getByRole('heading', { name: part, exact: true }).waitFor();
    }
    await expectAccessible();
    expect(page.url()).toMatch(/version=[0-9a-f-]{36}/);
  });

  it('shows the values that MLflow holds, each of them', async () => {
    await page.goto(`${stack.url}/model-inventory/mlflow?search=credit-risk-pd`);
    await page.getByRole('link', { name: 'View details of credit-risk-pd version 7' }).click();
    const drawer = page.getByRole('region', { name: 'Version' });
    await drawer.getByRole('heading', { name: 'Model metadata' }).waitFor();
    const held = await upstreamVersion(mlflow, 'credit-risk-pd', '7');
    const shown = (await drawer.innerText()).split(/\s+/).join(' ');
    for (const text of [held.version, held.stage, held.runId, held.description]) {
      expect(shown).toContain(text);
    }
    for (const { key, value } of held.metrics) {
      const row = drawer.getByRole('row').filter({ has: page.getByRole('cell', { name: key, exact: true }) });
      expect(await row.getByRole('cell').last().innerText()).toBe(String(value));
    }
    for (const { key, value } of [...held.parameters, ...held.tags]) {
      expect(shown).toContain(`${key} ${value}`);
    }
    expect(held.metrics.length).toBeGreaterThan(4);
  });

  it('returns to the asked address after signing out and in', async () => {
    const deep = page.url();
    await page.getByRole('button', { name: 'Account of Åsa Lindqvist' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Work email').waitFor();
    await page.goto(deep);
    await page.getByLabel('Work email').fill(EMAIL);
    await expectAccessible();
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await button('Sign in').click();
    await page.getByRole('heading', { name: 'Model metadata' }).waitFor();
    expect(page.url()).toBe(deep);
  });

  it('walks the list by keyboard, opens a version, and returns the focus to its row', async () => {
    await page.goto(`${stack.url}/model-inventory/mlflow`);
    await page
      .getByRole('link', { name: /^View details/ })
      .first()
      .waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await page.evaluate(() => document.activeElement?.getAttribute('data-version'));
    expect(second).toBe(await page.locator('[data-version]').nth(1).getAttribute('data-version'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Model metadata' }).waitFor();
    expect(page.url()).toContain(`version=${second}`);
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    expect(page.url()).toContain('version=');
    await page.getByRole('heading', { name: 'Model metadata' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Model metadata' }).waitFor({ state: 'detached' });
    await page.waitForFunction((id) => document.activeElement?.getAttribute('data-version') === id, second);
  });

  it('breaks no rule of its own content security policy', () => {
    expect(violations).toEqual([]);
  });
});
