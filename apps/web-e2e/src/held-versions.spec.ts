import type { TestMlflow } from '@vw/testing';
import { eventually } from './admin';
import { describeChapter } from './chapter';
import { join, REVIEWER, signInAsAdmin } from './people';

const HIDDEN = 'fraud-score';
const MODELS = ['churn', 'credit-risk-pd', HIDDEN, 'mortgage-prepayment'];

async function fourModels({ api }: TestMlflow): Promise<void> {
  for (const name of MODELS) {
    await api.createModel(name);
    await api.createVersion(name);
  }
  await api.createVersion(HIDDEN);
  await api.setStage(HIDDEN, '2', 'Production');
}

describeChapter('versions that are held back', { registry: fourModels }, (chapter) => {
  const page = () => chapter.admin.page;
  const held = () => chapter.admin.region('2 versions not seen');
  const status = (text: string) => chapter.admin.region('Connection status').getByText(text).waitFor();
  const question = () => page().getByRole('alertdialog');
  const stages = (): Promise<{ stages: object }> => chapter.admin.read('model-inventory/mlflow/summary');
  const rerun = async (): Promise<void> => {
    await chapter.admin.open('/integrations/mlflow');
    await chapter.admin.button('Re-run Sync').first().click();
  };
  /** As an MLflow answers an account that may not read this model: it lists it no more, and refuses to tell about it. */
  const hide = (): void => {
    chapter.proxy.on({ match: '/search', fault: { kind: 'rewrite', rewrite: withoutHidden } });
    for (const path of ['registered-models/get', 'model-versions/get']) {
      chapter.proxy.on({
        match: ({ url, body }) => url.includes(path) && (url + body).includes(HIDDEN),
        fault: { kind: 'status', status: 403 },
      });
    }
  };
  const ALL = { None: 4, Staging: 0, Production: 1, Archived: 0 };
  const WITHOUT = { None: 3, Staging: 0, Production: 0, Archived: 0 };

  it('are listed under Integrations, and stay in the inventory', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    expect(await stages()).toMatchObject({ stages: ALL });
    hide();
    await rerun();
    await held().getByRole('row').nth(2).waitFor();
    const rows = (await held().locator('tbody tr').allInnerTexts()).map((text) =>
      text.replace(/\s+/g, ' ').trim(),
    );
    expect(rows.sort()).toEqual([`${HIDDEN} 1 None`, `${HIDDEN} 2 Production`]);
    await status('Action required');
    expect(await admin.ended()).toMatchObject({
      status: 'partial',
      held: 2,
      error: { code: 'removals-held' },
    });
    expect(await stages()).toMatchObject({ stages: ALL });
    await admin.expectAccessible();
  });

  it('lead to what is known of each', async () => {
    const { admin } = chapter;
    await held().getByRole('link', { name: HIDDEN }).first().click();
    await page().getByRole('heading', { name: 'Model metadata' }).waitFor();
    expect(await page().getByRole('dialog').getByRole('heading', { level: 2 }).innerText()).toBe(HIDDEN);
    await admin.expectAccessible();
  });

  it('are seen by a Reviewer too, who cannot confirm that they are gone', async () => {
    const { admin } = chapter;
    await join(chapter, REVIEWER);
    await admin.open('/integrations/mlflow');
    await held().getByRole('row').nth(2).waitFor();
    expect(await admin.button('Confirm removal').count()).toBe(0);
    const { id } = (await admin.read<{ items: { id: string }[] }>('integrations/mlflow/sync-runs'))
      .items[0] ?? {
      id: '',
    };
    await expect(admin.send('POST', `integrations/mlflow/sync-runs/${id}/confirm-removals`)).rejects.toThrow(
      '403',
    );
    await admin.expectAccessible();
    await signInAsAdmin(chapter);
  });

  it('stay as they are once the account may read them again', async () => {
    const { admin, proxy } = chapter;
    proxy.reset();
    await rerun();
    await status('Connected');
    await held().waitFor({ state: 'detached' });
    expect(await admin.ended()).toMatchObject({ status: 'succeeded', held: 0, counts: { unchanged: 5 } });
    expect(await stages()).toMatchObject({ stages: ALL });
  });

  it('stay until an Admin says that they are gone, and after a Cancel', async () => {
    const { admin } = chapter;
    hide();
    await rerun();
    await admin.button('Confirm removal').click();
    await question().getByText('Confirm that 2 versions are gone?').waitFor();
    await admin.expectAccessible();
    await question().getByRole('button', { name: 'Cancel' }).click();
    await question().waitFor({ state: 'detached' });
    await held().getByRole('row').nth(2).waitFor();
    expect(await stages()).toMatchObject({ stages: ALL });
  });

  it('become removed on the word of an Admin, which clears the card and stands in the trail', async () => {
    const { admin } = chapter;
    await admin.button('Confirm removal').click();
    await question().getByRole('button', { name: 'Confirm removal' }).click();
    await admin.sees('2 versions removed.');
    await status('Connected');
    await held().waitFor({ state: 'detached' });
    expect(await stages()).toMatchObject({ stages: WITHOUT });
    expect(await admin.connection()).toMatchObject({ status: 'connected', lastError: null });
    await admin.expectAccessible();
    await admin.open(`/model-inventory/mlflow?search=${HIDDEN}&removed=true`);
    await page().getByRole('row').filter({ hasText: 'Removed' }).first().waitFor();
    expect(await page().getByRole('row').filter({ hasText: 'Removed' }).count()).toBe(2);
    await admin.open('/audit');
    await page().getByRole('row').filter({ hasText: 'Removals confirmed' }).waitFor();
  });

  it('come back with the sync that sees them again', async () => {
    const { admin, proxy } = chapter;
    proxy.reset();
    await rerun();
    await eventually(async () =>
      expect(await admin.ended()).toMatchObject({ status: 'succeeded', counts: { updated: 2 } }),
    );
    expect(await stages()).toMatchObject({ stages: ALL });
  });
});

/** A page of models or versions as this account sees it. */
function withoutHidden(body: string): string {
  const answer = JSON.parse(body) as Record<string, unknown>;
  for (const kind of ['registered_models', 'model_versions']) {
    const rows = answer[kind];
    if (Array.isArray(rows)) answer[kind] = rows.filter(({ name }: { name: string }) => name !== HIDDEN);
  }
  return JSON.stringify(answer);
}
