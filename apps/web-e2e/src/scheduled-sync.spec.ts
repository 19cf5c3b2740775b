import type { TestMlflow } from '@vw/testing';
import { eventually } from './admin';
import { describeChapter } from './chapter';

const HOUR_MS = 3_600_000;
/** The clock asks each half minute, or as soon as a worker starts. */
const A_MINUTE_MS = 60_000;

/** Three models of a version each, of which two have a run. */
async function threeModels({ api }: TestMlflow): Promise<void> {
  const experiment = await api.createExperiment('kreditrisk/pd-retail');
  for (const name of ['credit-risk-pd', 'mortgage-prepayment']) {
    await api.createModel(name);
    const runId = await api.createRun(experiment, { metrics: { auc: 0.871 }, params: { depth: '7' } });
    await api.createVersion(name, { runId });
  }
  await api.createModel('vendor-screening');
  await api.createVersion('vendor-screening');
}

describeChapter('the scheduled sync', { registry: threeModels, worker: 'apart' }, (chapter) => {
  const history = () => chapter.admin.page.getByRole('table', { name: 'Sync history' });
  const row = (text: string) => history().getByRole('row').filter({ hasText: text }).first();
  const syncRequests = () => chapter.proxy.requests.filter(({ url }) => !url.includes('max_results=1&'));
  /** As an hour later: the next tick of the clock finds the sync due. */
  const hourPasses = (): Promise<void> =>
    chapter.stack.asSuperuser(`UPDATE mlflow_connection SET next_sync_at = now()`);
  const workerStartsAgain = async (): Promise<void> => {
    await chapter.stack.stopWorker();
    chapter.stack.startWorker();
  };

  it('waits while no worker runs, and names the command that starts one', async () => {
    const { admin, proxy } = chapter;
    await admin.connect({ trackingServerUrl: proxy.url });
    const tested = proxy.requests.length;
    await admin.open('/integrations/mlflow');
    const banner = admin.page.getByRole('status').filter({ hasText: 'Background worker stopped.' });
    await banner.getByText('npm run worker').waitFor();
    const queued = admin.region('Sync requested');
    await queued.getByText('Waiting for the background worker').waitFor();
    await queued.getByText('npm run worker').waitFor();
    await row('Queued').waitFor();
    await admin.expectAccessible();
    expect(proxy.requests).toHaveLength(tested);
    expect(await admin.connection()).toMatchObject({ worker: { lastSeenAt: null } });
    await admin.open('/model-inventory/mlflow');
    await admin.sees('Connected, but no models yet');
    const check = admin.page.getByRole('listitem').filter({ hasText: 'Background worker process' });
    expect(await check.innerText()).toContain('Not done:');
    await admin.expectAccessible();
  });

  it('goes on by itself as soon as a worker runs, without a reload', async () => {
    const { admin, stack } = chapter;
    await admin.open('/integrations/mlflow');
    await row('Queued').waitFor();
    stack.startWorker();
    await row('Succeeded').filter({ hasText: 'Scheduled' }).waitFor();
    await admin.sees('Background worker running');
    expect(await admin.page.getByText('Background worker stopped').count()).toBe(0);
  });

  it('queries models and versions, then the runs that are linked to them', async () => {
    const { admin, proxy } = chapter;
    const paths = proxy.requests.map(({ url }) => new URL(url, proxy.url).pathname.split('/mlflow/')[1]);
    const first = (path: string): number => paths.lastIndexOf(path);
    expect(first('registered-models/search')).toBeGreaterThan(-1);
    expect(first('model-versions/search')).toBeGreaterThan(-1);
    expect(first('runs/search')).toBeGreaterThan(first('registered-models/search'));
    expect(await admin.read('model-inventory/mlflow/summary')).toMatchObject({
      models: 3,
      stages: { None: 3 },
      experiments: 1,
    });
    const { items } = await admin.read<{ items: { id: string }[] }>(
      'model-inventory/mlflow/versions?search=credit-risk-pd',
    );
    expect(await admin.read(`model-inventory/mlflow/versions/${items[0]?.id}`)).toMatchObject({
      metrics: { auc: 0.871 },
      parameters: { depth: '7' },
      experiment: { name: 'kreditrisk/pd-retail' },
    });
  });

  it('comes round every hour: it writes what is new or changed and skips the rest', async () => {
    const { admin, mlflow, stack } = chapter;
    await stack.stopWorker();
    await mlflow.api.setStage('credit-risk-pd', '1', 'Production');
    await mlflow.api.createVersion('mortgage-prepayment');
    await hourPasses();
    const before = Date.now();
    stack.startWorker();
    const changed = row('+1');
    await changed.filter({ hasText: 'Scheduled' }).waitFor();
    await row('Succeeded').waitFor();
    const run = await admin.ended();
    expect(run).toMatchObject({
      trigger: 'scheduled',
      status: 'succeeded',
      counts: { created: 1, updated: 1, unchanged: 2, removed: 0 },
    });
    const cells = (await changed.getByRole('cell').allInnerTexts()).map((text) => text.trim());
    expect(cells.slice(3, 7)).toEqual(['+1', '1', '2', '0']);
    const { upcomingSyncAt } = await admin.connection();
    expect(Math.abs(Date.parse(upcomingSyncAt ?? '') - before - HOUR_MS)).toBeLessThan(A_MINUTE_MS);
  });

  it('opens what a sync changed, and from how many requests, from its row', async () => {
    const { admin } = chapter;
    const run = await admin.ended();
    await row('+1').getByRole('button', { name: 'View changes' }).click();
    const opened = history().getByRole('row').filter({ hasText: 'from' });
    await opened.getByText(`from ${run.requests} requests to MLflow`).waitFor();
    const changes = await opened.getByRole('listitem').allInnerTexts();
    expect(changes.map((text) => text.replace(/\s+/g, ' ').trim()).sort()).toEqual([
      expect.stringMatching(/mortgage-prepayment ?v2 Registered in MLflow/),
      expect.stringMatching(/credit-risk-pd ?v1 Stage: None → Production/),
    ]);
    await admin.expectAccessible();
    await opened.getByRole('link', { name: 'credit-risk-pd v1' }).click();
    await admin.page.getByRole('heading', { name: 'Model metadata' }).waitFor();
  });

  it('logs an attempt that failed with its reason, and keeps what was synced', async () => {
    const { admin, proxy } = chapter;
    proxy.reset();
    proxy.on({ match: '', fault: { kind: 'status', status: 401 } });
    await hourPasses();
    await admin.open('/integrations/mlflow');
    await row('Succeeded').waitFor();
    await workerStartsAgain();
    const failed = row('mlflow-unauthorized').filter({ hasText: 'Scheduled' });
    await failed.waitFor();
    expect(await failed.innerText()).toContain('Failed');
    expect(await failed.innerText()).toContain('MLflow refused these credentials.');
    expect(await failed.innerText()).toMatch(/\d\.\d s/);
    await failed.getByRole('button', { name: 'Details' }).click();
    await history().getByText(`from ${syncRequests().length} requests to MLflow`).waitFor();
    expect(await admin.read('model-inventory/mlflow/summary')).toMatchObject({
      models: 3,
      stages: { None: 3, Production: 1 },
    });
  });

  it('keeps every attempt in the history, newest first', async () => {
    const { admin } = chapter;
    const { items } = await admin.read<{ items: { requestedAt: string; startedAt: string }[] }>(
      'integrations/mlflow/sync-runs',
    );
    expect(items).toHaveLength(3);
    await eventually(async () => {
      const shown = await history()
        .locator('td.at time')
        .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')));
      expect(shown).toEqual(items.map(({ startedAt }) => startedAt));
      expect(shown).toEqual([...shown].sort().reverse());
    });
  });
});
