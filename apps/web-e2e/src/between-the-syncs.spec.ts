import type { TestMlflow } from '@vw/testing';
import { eventually } from './admin';
import { describeChapter } from './chapter';

const NAME = 'credit-risk-pd';
const REFUSED = {
  kind: 'status',
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error_code: 'INVALID_PARAMETER_VALUE',
    message: "Invalid webhook URL scheme: 'http'.",
  }),
} as const;

async function oneVersion({ api }: TestMlflow): Promise<void> {
  await api.createModel(NAME);
  await api.createVersion(NAME);
}

describeChapter('between the whole reads', { registry: oneVersion, webhooks: true }, (chapter) => {
  const webhooks = () => chapter.admin.page.getByRole('switch', { name: 'Registry webhooks' });
  const history = () => chapter.admin.page.getByRole('table', { name: 'Sync history' });
  const row = (text: string) => history().getByRole('row').filter({ hasText: text }).first();
  const version = (number: string) =>
    chapter.admin.page
      .getByRole('row')
      .filter({ hasText: NAME })
      .filter({ hasText: `v${number}` });
  const isUnchangedPage = async (): Promise<boolean> =>
    (await chapter.admin.page.evaluate('window.hasStayed')) === true;

  it('says why MLflow refuses a webhook, and stays off', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    await admin.open('/integrations/mlflow/configuration');
    proxy.on({ match: ({ method, url }) => method === 'POST' && url.endsWith('/webhooks'), fault: REFUSED });
    await webhooks().focus();
    await admin.page.keyboard.press('Space');
    const alert = admin.page.getByRole('alert').filter({ hasText: 'must be https and public' });
    await alert.waitFor();
    expect(await webhooks().isChecked()).toBe(false);
    await admin.expectAccessible();
    proxy.reset();
  });

  it('has MLflow tell of changes, with one switch', async () => {
    const { admin } = chapter;
    await webhooks().focus();
    await admin.page.keyboard.press('Space');
    await admin.sees('On. Nothing delivered yet.');
    expect(await webhooks().isChecked()).toBe(true);
    expect(await admin.page.getByRole('alert').count()).toBe(0);
    expect((await admin.connection()).webhook.enabled).toBe(true);
    await admin.page.setViewportSize({ width: 390, height: 844 });
    await admin.expectAccessible();
    await admin.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('shows a version in the open page as soon as it is registered', async () => {
    const { admin, mlflow } = chapter;
    await admin.open('/model-inventory/mlflow');
    await version('1').first().waitFor();
    await admin.page.evaluate('window.hasStayed = true');
    const number = await mlflow.api.createVersion(NAME, { description: 'told by a webhook' });
    await eventually(async () => expect(await version(number).count()).toBe(1));
    await mlflow.api.setAlias(NAME, 'champion', number);
    await version(number).filter({ hasText: 'champion' }).waitFor();
    expect(await isUnchangedPage()).toBe(true);
  });

  it('says what a webhook brought, apart from scheduled syncs, and when it came', async () => {
    const { admin } = chapter;
    const { lastScheduledSyncAt } = await admin.connection();
    await admin.open('/integrations/mlflow');
    await row('Webhook').waitFor();
    const { items } = await admin.read<{ items: { startedAt: string }[] }>(
      'integrations/mlflow/sync-runs?trigger=scheduled,manual',
    );
    expect(items.map(({ startedAt }) => startedAt)).toEqual([lastScheduledSyncAt]);
    const chosen = admin.page.getByLabel('Syncs shown');
    await chosen.selectOption('Scheduled and manual');
    await row('Scheduled').waitFor();
    expect(await row('Webhook').count()).toBe(0);
    await chosen.selectOption('Webhooks');
    await row('Webhook').waitFor();
    expect(await row('Scheduled').count()).toBe(0);
    await admin.expectAccessible();
    await admin.open('/integrations/mlflow/configuration');
    await admin.sees(/On\. Last delivery .+/);
  });

  it('polls in between where MLflow tells nothing', async () => {
    const { admin, mlflow, proxy } = chapter;
    await webhooks().click();
    await eventually(async () => expect((await admin.connection()).webhook.enabled).toBe(false));
    await admin.page.getByText('Advanced', { exact: true }).click();
    await admin.page.getByLabel('Poll interval').fill('1');
    await admin.button('Test Connection').last().click();
    await admin.button('Save Configuration').click();
    await row('Scheduled').waitFor();
    await admin.ended();
    expect(await admin.connection()).toMatchObject({ pollSeconds: 1, trackingServerUrl: proxy.url });
    await admin.open('/model-inventory/mlflow');
    await version('1').first().waitFor();
    await admin.page.evaluate('window.hasStayed = true');
    const number = await mlflow.api.createVersion(NAME, { description: 'found by a poll' });
    await eventually(async () => expect(await version(number).count()).toBe(1));
    expect(await isUnchangedPage()).toBe(true);
    await admin.open('/integrations/mlflow');
    await row('Poll').getByRole('button', { name: 'View changes' }).click();
    await history().getByText('Registered in MLflow').waitFor();
    await admin.expectAccessible();
  });
});
