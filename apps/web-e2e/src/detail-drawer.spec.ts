import type { TestMlflow } from '@vw/testing';
import { PERSON } from './admin';
import { describeChapter } from './chapter';
import { upstreamVersion } from './upstream';

const PARTS = ['Model metadata', 'Description', 'Tags', 'Metrics', 'Parameters', 'Experiment info'];
const NAME = 'credit-risk-pd';
/** Compressed; sent as they are, the same files take 580 kB. */
const FIRST_VISIT_BYTES = 130_000;

/** A version with everything, one with nothing. */
async function twoVersions({ api }: TestMlflow): Promise<void> {
  const experiment = await api.createExperiment('kreditrisk/pd-retail', 's3://nfb-mlflow/pd-retail');
  await api.createModel(NAME, {
    description: 'Probability of default.',
    tags: { owner: 'kreditrisk-modell' },
  });
  const runId = await api.createRun(experiment, {
    metrics: { auc: 0.871, gini: 0.742, worst_case_loss: 'Infinity', psi_12m: 4.3e-7 },
    params: { algorithm: 'lightgbm', 正則化: '0.1', 'learning rate': '1e-3' },
    tags: { 'mlflow.source.git.commit': '3f9c0c1e'.repeat(5) },
    datasets: [
      { name: 'pd_2026q3', digest: '9f2c41d7', context: 'training' },
      { name: 'pd_2026q3_holdout', digest: 'b07e5a18' },
    ],
  });
  await api.createVersion(NAME, {
    runId,
    description: 'Replaces an older one,\nwhose calibration drifted in Finland.',
    tags: { jurisdiction: 'SE, NO, FI', note: `it's = "fine" 🚀` },
  });
  await api.setStage(NAME, '1', 'Production');
  await api.setAlias(NAME, 'champion', '1');
  await api.createModel('vendor-screening');
  await api.createVersion('vendor-screening');
}

describeChapter('the detail drawer', { registry: twoVersions }, (chapter) => {
  const page = () => chapter.admin.page;
  const drawer = () => page().getByRole('dialog');
  const facts = () => chapter.admin.region('Version');
  const link = (name: string) => page().getByRole('link', { name: `View details of ${name} version 1` });

  const signIn = async (): Promise<void> => {
    await page().getByLabel('Work email').fill(PERSON.email);
    await page().getByLabel('Password', { exact: true }).fill(PERSON.password);
    await chapter.admin.button('Sign in').click();
  };

  it('sends at most 130 kB to a first visit, up to the sign-in', async () => {
    const { admin } = chapter;
    await page().context().clearCookies();
    await admin.open('/');
    await page().getByLabel('Work email').waitFor();
    const bytes = await admin.transferred();
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(FIRST_VISIT_BYTES);
    await signIn();
    await admin.sees('Connect MLflow to fill your inventory');
    await admin.expectAccessible();
  });

  it('opens beside the list, which stays usable, and takes the focus to its heading', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    await admin.open('/model-inventory/mlflow');
    await link(NAME).click();
    await facts().waitFor();
    expect(page().url()).toMatch(/version=[0-9a-f-]{36}/);
    expect(await page().evaluate(() => document.activeElement?.textContent?.trim())).toBe(NAME);
    expect(await drawer().getAttribute('aria-modal')).toBe('false');
    await page().getByPlaceholder('Search models').fill('vendor');
    await link(NAME).waitFor({ state: 'detached' });
    await link('vendor-screening').waitFor();
    expect(await drawer().getByRole('heading', { level: 2 }).innerText()).toBe(NAME);
    await page().getByPlaceholder('Search models').fill('');
    await link(NAME).waitFor();
    await admin.expectAccessible();
  });

  it('shows its six parts in the order of the guide', async () => {
    const headings = await facts().getByRole('heading', { level: 3 }).allInnerTexts();
    expect(headings.filter((text) => PARTS.includes(text))).toEqual(PARTS);
    expect(headings).toEqual(expect.arrayContaining(['Governance', 'Change history']));
  });

  it('shows the values that MLflow holds, each of them', async () => {
    const held = await upstreamVersion(chapter.mlflow, NAME, '1');
    const shown = (await facts().innerText()).split(/\s+/).join(' ');
    for (const text of [held.version, held.stage, held.runId, held.description.split(/\s+/).join(' ')]) {
      expect(shown).toContain(text);
    }
    for (const { key, value } of held.metrics) {
      const row = facts()
        .getByRole('row')
        .filter({ has: page().getByRole('cell', { name: key, exact: true }) });
      expect(await row.getByRole('cell').nth(1).innerText()).toBe(String(value));
    }
    for (const { key, value } of [...held.parameters, ...held.tags]) {
      expect(shown).toContain(`${key} ${String(value).split(/\s+/).join(' ')}`);
    }
    expect([held.metrics.length, held.parameters.length, held.tags.length]).toEqual([4, 3, 2]);
  });

  it('names the experiment and where its artifacts are stored', async () => {
    const { experiment } = await upstreamVersion(chapter.mlflow, NAME, '1');
    const shown = (await facts().innerText()).split(/\s+/).join(' ');
    expect(shown).toContain(`Experiment ID ${experiment.id} Name ${experiment.name}`);
    expect(shown).toContain(`Artifact storage location ${experiment.artifactLocation}`);
    await drawer().getByRole('button', { name: 'Copy artifact location' }).waitFor();
  });

  it('names the commit and the datasets behind the version', async () => {
    const { commit, datasets } = await upstreamVersion(chapter.mlflow, NAME, '1');
    const shown = (await facts().innerText()).split(/\s+/).join(' ');
    expect(shown).toContain(`Git commit ${commit} Datasets`);
    for (const { name, digest, context } of datasets) {
      expect(shown).toContain([name, digest, context].filter((word) => word !== null).join(' '));
    }
    expect(datasets).toHaveLength(2);
  });

  it('says what a version does not have, in place of each part', async () => {
    const { admin } = chapter;
    await drawer().getByRole('button', { name: 'Close' }).click();
    await link('vendor-screening').click();
    await facts().waitFor();
    for (const sentence of [
      'No description in MLflow',
      'No tags on this version',
      'This version has no run in MLflow.',
      'No metrics',
      'No parameters',
      'No experiment is linked',
      'None named in MLflow',
    ]) {
      await facts().getByText(sentence, { exact: true }).first().waitFor();
    }
    const headings = await facts().getByRole('heading', { level: 3 }).allInnerTexts();
    expect(headings.filter((text) => PARTS.includes(text))).toEqual(PARTS);
    await admin.expectAccessible();
  });

  it('tells what has changed, newest first, as syncs saw it', async () => {
    const { admin, mlflow } = chapter;
    await mlflow.api.setStage('vendor-screening', '1', 'Staging');
    await admin.send('POST', 'integrations/mlflow/sync');
    const history = facts().getByRole('complementary', { name: 'Change history' });
    await history.getByRole('listitem').filter({ hasText: 'Stage' }).waitFor();
    const changes = (await history.getByRole('listitem').allInnerTexts()).map((text) =>
      text.replace(/\s+/g, ' '),
    );
    expect(changes[0]).toContain('Stage: None → Staging');
    expect(changes.at(-1)).toContain('Registered in MLflow');
  });

  it('has a link of its own, which signing in leads back to', async () => {
    const { admin } = chapter;
    await drawer().getByRole('button', { name: 'Close' }).click();
    await link(NAME).click();
    await facts().waitFor();
    const deep = page().url();
    await page()
      .getByRole('button', { name: `Account of ${PERSON.name}` })
      .click();
    await page().getByRole('menuitem', { name: 'Sign out' }).click();
    await page().getByLabel('Work email').waitFor();
    await page().goto(deep);
    await page().getByLabel('Work email').waitFor();
    await admin.expectAccessible();
    await signIn();
    await facts().waitFor();
    expect(page().url()).toBe(deep);
    expect(await drawer().getByRole('heading', { level: 2 }).innerText()).toBe(NAME);
  });

  it('fills a phone, and closes back to the list', async () => {
    const { admin } = chapter;
    await page().setViewportSize({ width: 390, height: 844 });
    const box = await drawer().boundingBox();
    expect(box).toMatchObject({ x: 0, width: 390 });
    expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await admin.expectAccessible();
    await drawer().getByRole('button', { name: 'Close' }).click();
    await drawer().waitFor({ state: 'detached' });
    await link(NAME).waitFor();
    await admin.expectAccessible();
  });
});
