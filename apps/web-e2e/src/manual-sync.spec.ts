import type { TestMlflow } from '@vw/testing';
import { eventually, PERSON } from './admin';
import { describeChapter } from './chapter';

/** Long enough to reload the page in the middle of a sync. */
const SLOW = { kind: 'delay', ms: 10_000 } as const;

async function twoModels({ api }: TestMlflow): Promise<void> {
  for (const name of ['credit-risk-pd', 'mortgage-prepayment']) {
    await api.createModel(name);
    await api.createVersion(name);
  }
}

describeChapter('a manual sync', { registry: twoModels }, (chapter) => {
  const rerun = () => chapter.admin.button('Re-run Sync').first();
  const progress = () => chapter.admin.region('Sync in progress');
  const newestRow = () =>
    chapter.admin.page.getByRole('table', { name: 'Sync history' }).getByRole('row').nth(1);

  it('moves Last scheduled sync and leaves Upcoming sync where it was', async () => {
    const { admin, mlflow, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    await admin.ended();
    await mlflow.api.createVersion('credit-risk-pd');
    const before = await admin.connection();
    await admin.open('/integrations/mlflow');
    await rerun().click();
    await admin.sees('Sync finished: 1 created, 0 updated');
    const after = await admin.connection();
    expect(Date.parse(after.lastScheduledSyncAt ?? '')).toBeGreaterThan(
      Date.parse(before.lastScheduledSyncAt ?? ''),
    );
    expect(after.upcomingSyncAt).toBe(before.upcomingSyncAt);
    const shown = (card: string) => admin.region(card).locator('time').getAttribute('datetime');
    await eventually(async () => {
      expect(await shown('Last scheduled sync')).toBe(after.lastScheduledSyncAt);
      expect(await shown('Upcoming sync')).toBe(before.upcomingSyncAt);
    });
  });

  it('is logged with its trigger and the person who asked', async () => {
    await newestRow().filter({ hasText: 'Manual' }).waitFor();
    expect(await newestRow().innerText()).toContain(PERSON.name);
    expect(await newestRow().innerText()).toContain('Succeeded');
  });

  it('cannot be asked for again from the click to the end, and its progress survives a reload', async () => {
    const { admin, proxy } = chapter;
    proxy.on({ match: 'model-versions/search', fault: SLOW, times: 1 });
    await rerun().click();
    await progress().waitFor();
    expect(await rerun().isDisabled()).toBe(true);
    await progress().getByRole('progressbar').waitFor();
    await admin.page.reload();
    await progress().waitFor();
    expect(await rerun().isDisabled()).toBe(true);
    await newestRow().filter({ hasText: 'Running' }).waitFor();
    await admin.expectAccessible();
    await progress().waitFor({ state: 'detached' });
    await eventually(async () => expect(await rerun().isEnabled()).toBe(true));
    await newestRow().filter({ hasText: 'Succeeded' }).waitFor();
  });

  it('can be cancelled, and what was synced stays', async () => {
    const { admin, proxy } = chapter;
    proxy.on({ match: 'model-versions/search', fault: SLOW, times: 1 });
    await rerun().click();
    await progress().getByRole('button', { name: 'Cancel this sync' }).click();
    await admin.sees('Sync cancelled. What was read is kept.');
    await newestRow().filter({ hasText: 'Cancelled' }).waitFor();
    await eventually(async () => expect(await rerun().isEnabled()).toBe(true));
    expect(await admin.read('model-inventory/mlflow/summary')).toMatchObject({
      models: 2,
      stages: { None: 3 },
    });
    await admin.expectAccessible();
  });

  it('can be asked for from MLflow data as well', async () => {
    const { admin, mlflow, proxy } = chapter;
    proxy.reset();
    await mlflow.api.createVersion('mortgage-prepayment');
    await admin.open('/model-inventory/mlflow');
    await rerun().click();
    await admin.page.getByRole('link', { name: 'View details of mortgage-prepayment version 2' }).waitFor();
  });
});
