import type { ModelVersionPage } from '@vw/shared-contracts';
import type { TestMlflow } from '@vw/testing';
import { eventually } from './admin';
import { describeChapter } from './chapter';
import { downloaded, recordsIn } from './files';

const MODEL = 'credit-risk-pd';
const OTHER = 'churn';
/** More than one page of the table. */
const VERSIONS = 12;
/** `TIME_ZONE` of the browser, ahead of UTC. */
const AHEAD_MS = 5.5 * 3_600_000;

/** Each version somewhat better, one parameter different in the newest. */
async function twelveVersions({ api }: TestMlflow): Promise<void> {
  const experiment = await api.createExperiment('kreditrisk');
  await api.createModel(MODEL);
  for (let version = 1; version <= VERSIONS; version++) {
    const runId = await api.createRun(experiment, {
      metrics: { auc: (80 + version) / 100, loss: (50 - version) / 100, rows: 1000 },
      params: { algorithm: 'lightgbm', trees: version === VERSIONS ? '400' : '200' },
    });
    await api.createVersion(MODEL, { runId, tags: { jurisdiction: 'SE' } });
  }
  await api.createModel(OTHER);
  await api.createVersion(OTHER, { description: '=1+1' });
}

describeChapter('comparison, time travel and history', { registry: twelveVersions }, (chapter) => {
  const page = () => chapter.admin.page;
  const drawer = () => page().getByRole('dialog');
  const facts = () => chapter.admin.region('Version');
  const history = () => facts().getByRole('complementary', { name: 'Change history' });
  const link = (version: number, name = MODEL) =>
    page().getByRole('link', { name: `View details of ${name} version ${version}`, exact: true });
  const openVersion = async (version: number): Promise<void> => {
    await chapter.admin.open(`/model-inventory/mlflow?search=${MODEL}&sort=version&order=desc`);
    await link(version).click();
    await history().getByRole('listitem').first().waitFor();
  };
  const tableOf = (kind: string) =>
    facts()
      .getByRole('table')
      .filter({ has: page().getByRole('columnheader', { name: kind, exact: true }) });
  const shown = (kind: string): Promise<string[]> =>
    tableOf(kind)
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...row.querySelectorAll('th, td')]
            .map((cell) => cell.querySelector('[dir], .mono')?.textContent ?? cell.textContent)
            .map((text) => text?.trim())
            .join(' ')
            .trim(),
        ),
      );
  const sync = async (): Promise<void> => {
    await chapter.admin.send('POST', 'integrations/mlflow/sync');
    await chapter.admin.ended();
  };
  /** When nothing of it was known, and between the first sync and the second. */
  let before = new Date();
  let between = new Date();

  it('exports the whole filtered set as CSV, not only the page that is shown', async () => {
    const { admin, proxy } = chapter;
    before = new Date(Date.now() - 60_000);
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    between = new Date();
    await admin.open(`/model-inventory/mlflow?search=credit&sort=version&order=desc`);
    await link(VERSIONS).waitFor();
    await admin.sees(`1–10 of ${VERSIONS} versions`);
    const file = await downloaded(page(), () => page().getByRole('link', { name: 'Export CSV' }).click());
    expect(file.name).toMatch(/\.csv$/);
    const [, ...records] = recordsIn(file.text);
    expect(records.filter((record) => record.includes(MODEL))).toHaveLength(VERSIONS);
    expect(records).toHaveLength(VERSIONS);
    await page().getByPlaceholder('Search models').fill(OTHER);
    await link(1, OTHER).waitFor();
    const other = await downloaded(page(), () => page().getByRole('link', { name: 'Export CSV' }).click());
    // A spreadsheet would compute it.
    expect(recordsIn(other.text)[1]).toContain("'=1+1");
  });

  it('goes through a list that is longer than a page, forth and back', async () => {
    const { admin } = chapter;
    await admin.open(`/model-inventory/mlflow?search=${MODEL}&sort=version&order=desc`);
    await link(VERSIONS).waitFor();
    await admin.button('Next page').click();
    await link(1).waitFor();
    await admin.sees(`11–${VERSIONS} of ${VERSIONS} versions`);
    await admin.expectAccessible();
    await page().reload();
    await link(1).waitFor();
    await admin.button('Previous page').click();
    await link(VERSIONS).waitFor();
  });

  it('puts two versions of a model side by side, only the differences unless all is asked for', async () => {
    const { admin } = chapter;
    await openVersion(VERSIONS);
    await drawer().getByRole('button', { name: 'Compare' }).click();
    await tableOf('Metric').waitFor();
    await facts().getByLabel('Compare with').selectOption({ label: 'v2, None' });
    await tableOf('Metric').getByRole('columnheader', { name: 'v2', exact: true }).waitFor();
    expect(await shown('Metric')).toEqual(['auc 0.82 0.92 +0.1', 'loss 0.48 0.38 −0.1']);
    expect(await shown('Parameter')).toEqual(['trees 200 400 changed']);
    await admin.sees('2 of 3 differ');
    await admin.sees('No differences');
    await admin.expectAccessible();
    await facts().getByRole('switch', { name: 'Only differences' }).click();
    await eventually(async () => expect(await shown('Metric')).toHaveLength(3));
    expect(await shown('Parameter')).toEqual(['algorithm lightgbm lightgbm', 'trees 200 400 changed']);
    await admin.expectAccessible();
  });

  it('gives a difference no colour, for MLflow does not say what is better', async () => {
    await chapter.admin.sees('Differences carry no colour');
    const colours = await tableOf('Metric')
      .locator('tbody td:last-child')
      .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell).color));
    expect(new Set(colours).size).toBe(1);
  });

  it('keeps what is compared in the address, which another person can open', async () => {
    const { admin } = chapter;
    expect(page().url()).toMatch(/version=[0-9a-f-]{36}/);
    expect(page().url()).toMatch(/compare=[0-9a-f-]{36}/);
    await page().reload();
    await tableOf('Metric').getByRole('columnheader', { name: 'v2', exact: true }).waitFor();
    await drawer().getByRole('button', { name: 'Comparing' }).click();
    await page().getByRole('heading', { name: 'Model metadata' }).waitFor();
    expect(page().url()).not.toContain('compare=');
    await admin.expectAccessible();
  });

  it('shows the course of each metric over the versions, as a line and as a table', async () => {
    const { admin } = chapter;
    await openVersion(VERSIONS);
    await tableOf('Metric').locator('svg').first().waitFor();
    expect(await tableOf('Metric').locator('svg').count()).toBe(3);
    const drawn = await tableOf('Metric').locator('svg path').first().getAttribute('d');
    expect(drawn?.match(/L/g)).toHaveLength(VERSIONS - 1);
    await page().getByRole('button', { name: 'Show as table' }).click();
    const numbers = facts().getByRole('region', { name: 'Metrics of all versions' });
    const rows = await numbers.locator('tbody tr').allInnerTexts();
    expect(rows).toHaveLength(VERSIONS);
    expect(rows.map((row) => row.replace(/\s+/g, ' ').trim())).toContain('v3 0.83 0.47 1000');
    await admin.expectAccessible();
  });

  it('keeps every change that a sync saw, old and new, with the sync that saw it', async () => {
    const { admin, mlflow } = chapter;
    await mlflow.api.setStage(MODEL, String(VERSIONS), 'Production');
    await mlflow.api.setAlias(MODEL, 'champion', String(VERSIONS));
    await mlflow.api.setVersionTag(MODEL, String(VERSIONS), 'jurisdiction', 'SE, NO');
    await mlflow.api.updateVersion(MODEL, String(VERSIONS), 'Calibrated for Norway.');
    await sync();
    await eventually(async () => {
      const told = (await history().getByRole('listitem').allInnerTexts()).map((text) =>
        text.replace(/\s+/g, ' ').trim(),
      );
      expect(told).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/Stage: None → Production .* · manual sync/i),
          expect.stringMatching(/jurisdiction.*: SE → SE, NO/),
          expect.stringMatching(/^Description: none → Calibrated for Norway\./),
          expect.stringMatching(/Aliases: none → champion/),
        ]),
      );
      expect(told.at(-1)).toMatch(/Registered in MLflow .* · scheduled sync/);
    });
    await admin.expectAccessible();
    await history().getByRole('button', { name: 'Stage', exact: true }).click();
    await eventually(async () => expect(await history().getByRole('listitem').count()).toBe(1));
    expect(await history().getByRole('listitem').innerText()).toContain('None → Production');
  });

  it('shows a version as it was known at an instant, and leads back to now', async () => {
    const { admin } = chapter;
    await openVersion(VERSIONS);
    await facts().getByText('Calibrated for Norway.').first().waitFor();
    await drawer().getByRole('button', { name: 'As of…' }).click();
    await admin.expectAccessible();
    await page().getByLabel('As it was on').fill(localText(between));
    await admin.button('Show').click();
    await admin.sees('Read-only: what was known then.');
    await admin.sees('Known from the scheduled sync that ended');
    await facts().getByText('No description in MLflow').waitFor();
    const then = (await facts().locator('vw-version-facts').innerText()).replace(/\s+/g, ' ');
    expect(then).toContain('jurisdiction SE');
    expect(then).not.toContain('SE, NO');
    expect(new URL(page().url()).searchParams.get('asOf')).toBe(between.toISOString());
    await admin.expectAccessible();
    await admin.button('Back to now').click();
    await facts().getByText('Calibrated for Norway.').first().waitFor();
    expect(page().url()).not.toContain('asOf=');
  });

  it('says that nothing was known before a version was first seen, nor can be of the future', async () => {
    const { admin } = chapter;
    await drawer().getByRole('button', { name: 'As of…' }).click();
    await page()
      .getByLabel('As it was on')
      .fill(localText(new Date(Date.now() + 86_400_000)));
    await admin.button('Show').click();
    await admin.sees('Choose a day and a time that have been.');
    await admin.expectAccessible();
    await page().getByLabel('As it was on').fill(localText(before));
    await admin.button('Show').click();
    await drawer().getByText('Not known yet at that time').waitFor();
    expect(await drawer().getByRole('alert').count()).toBe(0);
    await drawer().getByText('First seen on').waitFor();
    const { items } = await admin.read<ModelVersionPage>(
      `model-inventory/mlflow/versions?search=${MODEL}&limit=1`,
    );
    const path = `model-inventory/mlflow/versions/${items[0]?.id}?asOf=${before.toISOString()}`;
    expect(await admin.read(path)).toMatchObject({ status: 404, code: 'not-found' });
    await admin.expectAccessible();
    await admin.button('Show when first seen').click();
    await facts().getByText('No description in MLflow').waitFor();
    await admin.button('Back to now').click();
    await facts().getByText('Calibrated for Norway.').first().waitFor();
  });
});

/** As a field for date and time holds it, to the millisecond. */
function localText(at: Date): string {
  return new Date(at.getTime() + AHEAD_MS).toISOString().slice(0, -1);
}
