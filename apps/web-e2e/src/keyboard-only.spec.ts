import type { TestMlflow } from '@vw/testing';
import { eventually, PERSON } from './admin';
import { describeChapter } from './chapter';
import { Keys } from './keys';

const MODEL = 'credit-risk-pd';
const TOKEN = 'tok-7d1e90a4c2b34f58';

async function twoVersions({ api }: TestMlflow): Promise<void> {
  const experiment = await api.createExperiment('kreditrisk');
  await api.createModel(MODEL);
  for (const auc of [0.86, 0.87]) {
    await api.createVersion(MODEL, { runId: await api.createRun(experiment, { metrics: { auc } }) });
  }
  await api.setStage(MODEL, '2', 'Production');
}

describeChapter('the guide without a mouse', { admin: 'stranger', registry: twoVersions }, (chapter) => {
  const page = () => chapter.admin.page;
  const keys = () => new Keys(page());
  const label = (name: string) => page().getByLabel(name, { exact: true });
  const button = (name: string | RegExp) => page().getByRole('button', { name, exact: true });
  const menu = (name: string) =>
    page()
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: new RegExp(`^${name}`) });
  const details = (version: number) =>
    page().getByRole('link', { name: `View details of ${MODEL} version ${version}` });
  const drawer = () => page().getByRole('dialog');
  const press = (key: string): Promise<void> => page().keyboard.press(key);
  /** Down a menu that has just opened, to this entry. */
  const choose = async (name: string): Promise<void> => {
    const entry = page().getByRole('menuitem', { name, exact: true });
    await entry.waitFor();
    await eventually(async () => {
      if ((await keys().focused()) !== name) await press('ArrowDown');
      expect(await keys().focused()).toBe(name);
    });
    await press('Enter');
  };

  beforeAll(async () => {
    // Whatever points would be noticed.
    await page().addInitScript(() => {
      const pointed: string[] = [];
      Object.assign(window, { pointed });
      addEventListener('pointerdown', ({ type }) => pointed.push(type), { capture: true });
    });
  });

  afterEach(async () => {
    expect(await page().evaluate('window.pointed')).toEqual([]);
  });

  it('sets the organization up', async () => {
    const { admin } = chapter;
    await admin.open('/');
    await keys().type(page().getByLabel('Organization name'), PERSON.organizationName);
    await keys().type(page().getByLabel('Your name'), PERSON.name);
    await keys().type(page().getByLabel('Work email'), PERSON.email);
    await keys().type(label('Password'), PERSON.password);
    await keys().press(button('Show password'));
    await eventually(async () => expect(await label('Password').getAttribute('type')).toBe('text'));
    await keys().press(button('Create organization'));
    await page().getByLabel('MLflow tracking server URL').waitFor();
  });

  it('signs out by the account menu, and in again', async () => {
    await keys().press(button(/^Account of/));
    await choose('Sign out');
    await keys().type(page().getByLabel('Work email'), PERSON.email);
    await keys().type(label('Password'), PERSON.password);
    await press('Enter');
    await menu('Integrations').waitFor();
  });

  it('leads past the menu with the first stop of each page', async () => {
    const { admin } = chapter;
    for (const path of [
      '/integrations',
      '/model-inventory/mlflow',
      '/governance',
      '/audit',
      '/settings/people',
    ]) {
      await admin.open(path);
      await page().getByRole('heading', { level: 1 }).waitFor();
      await press('Tab');
      expect([path, await keys().focused()]).toEqual([path, 'Skip to content']);
      await admin.expectAccessible();
      await press('Enter');
      await eventually(async () =>
        expect(await page().evaluate(() => document.activeElement?.id)).toBe('content'),
      );
    }
  });

  it('configures the connection, tests it and saves it', async () => {
    const { admin, proxy } = chapter;
    await admin.open('/model-inventory/mlflow');
    await keys().press(menu('Integrations'));
    await admin.region('MLflow integration').waitFor();
    await keys().type(page().getByLabel('MLflow tracking server URL'), proxy.url);
    await keys().type(page().getByLabel('Request timeout'), '20');
    await keys().reach(page().getByRole('radio', { name: 'None' }));
    await press('ArrowRight');
    await press('ArrowRight');
    await page().getByRole('radio', { name: 'API token', checked: true }).waitFor();
    await keys().type(label('API token'), TOKEN);
    await keys().press(button('Test Connection'));
    await admin.sees('Connection works');
    await keys().press(button('Save Configuration'));
    await page().getByRole('row').filter({ hasText: 'Succeeded' }).first().waitFor();
    await eventually(async () =>
      expect(await admin.connection()).toMatchObject({ status: 'connected', requestTimeoutSeconds: 20 }),
    );
    await admin.ended();
  });

  it('asks for a sync, and opens what it changed', async () => {
    const { admin, mlflow } = chapter;
    await mlflow.api.setAlias(MODEL, 'champion', '2');
    await keys().press(button('Re-run Sync').first());
    await page().getByRole('row').filter({ hasText: 'Manual' }).getByText('Succeeded').waitFor();
    await keys().press(button(/^(View changes|Details)/).first());
    await page().getByRole('row').filter({ hasText: 'requests to MLflow' }).waitFor();
    await admin.expectAccessible();
  });

  it('searches, walks the rows and opens a version, whose heading takes the focus', async () => {
    const { admin } = chapter;
    await keys().press(menu('Model Inventory'));
    await details(2).waitFor();
    await press('/');
    await page().keyboard.type('CREDIT');
    await page().waitForURL(/search=CREDIT/);
    await press('Tab');
    await press('j');
    await press('j');
    await press('k');
    const first = await page().locator('[data-version]').first().getAttribute('aria-label');
    await eventually(async () => expect(await keys().focused()).toBe(first));
    await press('Enter');
    await page().getByRole('heading', { name: 'Model metadata' }).waitFor();
    await eventually(async () => expect(await keys().focused()).toBe(MODEL));
    await admin.expectAccessible();
  });

  it('compares with C, steps with J, closes with Escape, and the focus returns to the row', async () => {
    const { admin } = chapter;
    await press('c');
    await page().getByLabel('Compare with').waitFor();
    await admin.expectAccessible();
    await press('c');
    await page().getByRole('heading', { name: 'Model metadata' }).waitFor();
    const opened = new URL(page().url()).searchParams.get('version');
    await press('j');
    await page().waitForURL((url) => url.searchParams.get('version') !== opened);
    const stepped = new URL(page().url()).searchParams.get('version');
    await page().getByRole('heading', { name: 'Model metadata' }).waitFor();
    await press('Escape');
    await drawer().waitFor({ state: 'detached' });
    await eventually(async () =>
      expect(await page().evaluate(() => document.activeElement?.getAttribute('data-version'))).toBe(stepped),
    );
  });

  it('attests a review, and the focus returns to its button in the list', async () => {
    const { admin } = chapter;
    await keys().press(menu('Governance gaps'));
    await keys().press(button(`Attest ${MODEL} version 2`));
    await drawer().waitFor();
    await eventually(async () =>
      expect(await page().evaluate(() => document.activeElement?.id)).toBe('attest-evidence'),
    );
    await page().keyboard.type('https://evidence.norrfjard.example/1');
    await keys().type(page().getByLabel('Note'), 'Seen.');
    await keys().reach(page().getByRole('checkbox'));
    await press('Space');
    await keys().press(button('Attest'));
    await drawer().waitFor({ state: 'detached' });
    await admin.sees('2 gaps in 1 version');
    await eventually(async () => expect(await keys().focused()).toBe(`Attest ${MODEL} version 2`));
    await press('Enter');
    await drawer().waitFor();
    await admin.expectAccessible();
    await press('Escape');
    await drawer().waitFor({ state: 'detached' });
    await eventually(async () => expect(await keys().focused()).toBe(`Attest ${MODEL} version 2`));
  });

  it('reads the trail, opens an event and verifies the chain', async () => {
    const { admin } = chapter;
    await keys().press(menu('Audit trail'));
    await keys().press(button(/^Event \d+, Attestation signed$/));
    await page().locator('vw-event-panel').waitFor();
    await admin.expectAccessible();
    await page().reload();
    await keys().press(button('Verify chain'));
    await admin.sees('Chain verified');
    await keys().press(button('Export'));
    await page().getByRole('menuitem', { name: 'JSON Lines' }).waitFor();
    await press('Escape');
    await eventually(async () => expect(await keys().focused()).toContain('Export'));
  });

  it('turns single keys off for those whom they disturb', async () => {
    const { admin } = chapter;
    await keys().press(button(/^Account of/));
    await choose('Turn single-key shortcuts off');
    await admin.open('/model-inventory/mlflow');
    await details(2).waitFor();
    await press('/');
    await press('j');
    expect(await page().evaluate(() => document.activeElement?.tagName)).toBe('BODY');
    await keys().press(button(/^Account of/));
    await choose('Turn single-key shortcuts on');
    await eventually(async () => {
      await press('j');
      expect(await keys().focused()).toContain('View details');
    });
  });
});
