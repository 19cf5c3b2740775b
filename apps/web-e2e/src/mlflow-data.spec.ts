import type { InventorySummary, ModelVersionPage } from '@vw/shared-contracts';
import { seedDemoRegistry, type TestMlflow } from '@vw/testing';
import { eventually } from './admin';
import { describeChapter } from './chapter';
import { upstreamRegistry } from './upstream';

const COLUMNS = [
  'Model name',
  'Version',
  'Lifecycle status',
  'Created date',
  'Last updated',
  'Description',
  'Actions',
];
const STAGES = ['Archived', 'None', 'Production', 'Staging'];

const demoRegistry = ({ url }: TestMlflow): Promise<void> => seedDemoRegistry(url);

describeChapter('MLflow data', { registry: demoRegistry }, (chapter) => {
  const list = () => chapter.admin.page.getByRole('table').first();
  const rows = () => list().locator('tbody tr');
  const search = () => chapter.admin.page.getByPlaceholder('Search models');
  const stage = (name: string) =>
    chapter.admin.page.getByRole('group', { name: 'Lifecycle status' }).getByRole('button', { name });
  const card = async (name: string): Promise<number> =>
    Number(await chapter.admin.region(name).locator('b').innerText());
  const names = (): Promise<string[]> => rows().locator('.name').allInnerTexts();
  const details = () => chapter.admin.page.getByRole('link', { name: /^View details/ });

  it('counts models, active, staging and experiments exactly as MLflow holds them', async () => {
    const { admin, mlflow, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    await admin.open('/model-inventory/mlflow');
    await details().first().waitFor();
    const held = await upstreamRegistry(mlflow);
    expect(held.models).toBeGreaterThan(15);
    expect({
      models: await card('Models'),
      active: await card('Active'),
      staging: await card('Staging'),
      experiments: await card('Experiments'),
    }).toEqual({
      models: held.models,
      active: held.versions.filter(({ stage }) => stage === 'Production').length,
      staging: held.versions.filter(({ stage }) => stage === 'Staging').length,
      experiments: held.experiments,
    });
    await admin.sees(`1–10 of ${held.versions.length} versions`);
    await admin.expectAccessible();
  });

  it('comes without a jump of the page', async () => {
    await chapter.admin.expectSteady('/model-inventory/mlflow', details().first());
  });

  it('lists every version of MLflow in seven columns', async () => {
    const { admin, mlflow } = chapter;
    const held = await upstreamRegistry(mlflow);
    const heads = await list().getByRole('columnheader').allInnerTexts();
    expect(heads.map((text) => text.trim())).toEqual(COLUMNS);
    await admin.page.getByLabel('Rows per page').selectOption('100');
    await admin.sees(`1–${held.versions.length} of ${held.versions.length} versions`);
    const shown = await rows().evaluateAll((all) =>
      all.map((row) => [
        row.querySelector('.name')?.textContent,
        row.querySelector('.version')?.textContent?.slice(1),
        row.querySelector('.stage vw-stage-mark')?.textContent?.trim(),
      ]),
    );
    const expected = held.versions.map(({ name, version, stage }) => [name, version, stage]);
    expect(shown.map(String).sort()).toEqual(expected.map(String).sort());
  });

  it.each([
    ['Version', ['ascending', 'descending'], ({ version }: Row) => Number(version)],
    ['Lifecycle status', ['ascending', 'descending'], ({ stage }: Row) => STAGES.indexOf(stage)],
    ['Created date', ['descending', 'ascending'], ({ created }: Row) => Date.parse(created)],
    ['Last updated', ['descending', 'ascending'], ({ updated }: Row) => Date.parse(updated)],
  ] as const)('sorts by %s, either way', async (column, directions, keyOf) => {
    const head = list().getByRole('columnheader', { name: column });
    for (const direction of directions) {
      await head.getByRole('button').click();
      await eventually(async () => {
        expect(await head.getAttribute('aria-sort')).toBe(direction);
        const keys = (await shownRows()).map(keyOf);
        const sorted = [...keys].sort((one, other) => one - other);
        expect(keys).toEqual(direction === 'ascending' ? sorted : sorted.reverse());
      });
    }
  });

  it('sorts by Model name, either way, and keeps the versions of a model together', async () => {
    const head = list().getByRole('columnheader', { name: 'Model name' });
    const orders: string[][] = [];
    for (const direction of ['ascending', 'descending']) {
      await head.getByRole('button').click();
      await eventually(async () => {
        expect(await head.getAttribute('aria-sort')).toBe(direction);
        expect(chapter.admin.page.url()).toContain('sort=modelName');
        const groups = (await names()).filter((name, at, all) => name !== all[at - 1]);
        expect(new Set(groups).size).toBe(groups.length);
        orders[direction === 'ascending' ? 0 : 1] = groups;
      });
    }
    await eventually(async () => {
      const groups = (await names()).filter((name, at, all) => name !== all[at - 1]);
      expect(groups).toEqual(orders[0]?.toReversed());
    });
  });

  it('finds a model by a part of its name, whatever the case, and takes the text literally', async () => {
    const { admin } = chapter;
    await admin.open('/model-inventory/mlflow');
    await search().fill('CREDIT-risk');
    await eventually(async () => expect(new Set(await names())).toEqual(new Set(['credit-risk-pd'])));
    expect(admin.page.url()).toContain('search=CREDIT-risk');
    await search().fill('%');
    await admin.sees('No versions match “%”');
    await admin.expectAccessible();
    await admin.button('Clear filters').click();
    await details().first().waitFor();
    expect(await search().inputValue()).toBe('');
  });

  it('filters by lifecycle status, whose count stands on the button, and by search in the same URL', async () => {
    const { admin } = chapter;
    const { stages } = await admin.read<InventorySummary>('model-inventory/mlflow/summary');
    await stage('Staging').click();
    await admin.sees(`of ${stages.Staging} versions`);
    expect(await stage('Staging').getAttribute('aria-pressed')).toBe('true');
    expect(await stage('Staging').innerText()).toContain(String(stages.Staging));
    expect(new Set((await shownRows()).map(({ stage: shown }) => shown))).toEqual(new Set(['Staging']));
    await search().fill('credit-risk-pd');
    await eventually(async () => expect(await rows().count()).toBe(1));
    await admin.page.reload();
    await details().first().waitFor();
    expect(await search().inputValue()).toBe('credit-risk-pd');
    expect((await shownRows()).map(({ version, stage: shown }) => [version, shown])).toEqual([
      ['8', 'Staging'],
    ]);
  });

  it('hides versions that were removed from MLflow, unless asked for', async () => {
    const { admin, mlflow } = chapter;
    await mlflow.api.deleteVersion('collections-next-best-action', '6');
    await admin.send('POST', 'integrations/mlflow/sync');
    await admin.ended();
    await admin.open('/model-inventory/mlflow?search=collections-next-best-action');
    await details().first().waitFor();
    expect((await shownRows()).map(({ version }) => version).sort()).toEqual(['1', '2', '3', '4', '5']);
    await admin.button('Show removed').click();
    const removed = admin.page.getByRole('row').filter({ hasText: 'Removed' });
    await removed.waitFor();
    expect(await removed.innerText()).toContain('v6');
    await admin.expectAccessible();
    await removed.getByRole('link').click();
    await admin.sees('Removed from MLflow.');
  });

  it('re-reads VerifyWise alone on Refresh: nothing reaches MLflow', async () => {
    const { admin, proxy } = chapter;
    await admin.open('/model-inventory/mlflow');
    await details().first().waitFor();
    proxy.reset();
    const asked: string[] = [];
    admin.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await admin.button('Refresh').click();
    await eventually(async () => {
      expect(asked).toContain('/api/v1/model-inventory/mlflow/summary');
      expect(asked).toContain('/api/v1/model-inventory/mlflow/versions');
    });
    await admin.read<ModelVersionPage>('model-inventory/mlflow/versions');
    expect(proxy.requests).toEqual([]);
  });

  it('is walked by keyboard: a row is chosen, opened and left, and the focus returns to it', async () => {
    const { admin } = chapter;
    const { page } = admin;
    await details().first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await page.locator('[data-version]').nth(1).getAttribute('data-version');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-version'));
    expect(await focused()).toBe(second);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Model metadata' }).waitFor();
    expect(page.url()).toContain(`version=${second}`);
    await page.keyboard.press('/');
    expect(await search().evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    expect(page.url()).toContain('version=');
    await page.getByRole('heading', { name: 'Model metadata' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Model metadata' }).waitFor({ state: 'detached' });
    await eventually(async () => expect(await focused()).toBe(second));
  });

  interface Row {
    version: string;
    stage: string;
    created: string;
    updated: string;
  }

  function shownRows(): Promise<Row[]> {
    return rows().evaluateAll((all) =>
      all.map((row) => {
        const [created = '', updated = ''] = [...row.querySelectorAll('time')].map(
          ({ dateTime }) => dateTime,
        );
        const text = (name: string): string => row.querySelector(name)?.textContent?.trim() ?? '';
        return {
          version: text('td.version').slice(1),
          stage: text('td.stage vw-stage-mark'),
          created,
          updated,
        };
      }),
    );
  }
});
