import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Role, RunState } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { COURSE, DETAIL, DrawerPage, VERSIONS } from './version-drawer.fixture';

describe('the details of a version', () => {
  beforeEach(() => {
    DrawerPage.prepare();
  });

  it('shows the six parts of the guide in its order, then data and code', async () => {
    const drawer = await DrawerPage.open();
    const headings = Array.from(drawer.page.querySelectorAll('h3'), (heading) => heading.textContent?.trim());
    expect(headings).toEqual([
      'Model metadata',
      'Description',
      'Tags',
      'Metrics',
      'Parameters',
      'Experiment info',
      'Data and code',
      'Change history',
    ]);
  });

  it('is a dialog beside the list, named by its heading, which has the focus', async () => {
    const drawer = await DrawerPage.open();
    expect(drawer.page.getAttribute('role')).toBe('dialog');
    expect(drawer.page.getAttribute('aria-modal')).toBe('false');
    const heading = drawer.page.querySelector(`#${drawer.page.getAttribute('aria-labelledby')}`);
    expect(heading?.textContent).toContain('second line');
    expect(document.activeElement).toBe(heading);
  });

  it('shows a tag named __proto__ like any other, and a metric that is no number as it was sent', async () => {
    const drawer = await DrawerPage.open();
    expect(drawer.section('Tags')).toContain('polluted');
    expect(drawer.section('Metrics')).toContain('NaN');
    expect(drawer.section('Metrics')).toContain('0.871');
  });

  it('never takes a name from MLflow for markup', async () => {
    const drawer = await DrawerPage.open();
    expect(drawer.page.querySelector('img')).toBeNull();
    expect(drawer.page.querySelector('h2')?.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('writes a name out that the heading may cut off', async () => {
    const modelName = 'segment-'.repeat(30);
    const drawer = await DrawerPage.open({ modelName });
    expect(drawer.section('Model metadata')).toContain(modelName);
  });

  it('shows the whole run ID and copies it', async () => {
    const drawer = await DrawerPage.open({ runId: '88105f9bb0c14ac5b723253f85185ace' });
    expect(drawer.section('Model metadata')).toContain('88105f9bb0c14ac5b723253f85185ace');
    expect(await drawer.button('Copy run ID')).toBeDefined();
  });

  it.each<[RunState, string]>([
    ['deleted', 'The run is deleted in MLflow; its data are kept.'],
    ['missing', 'The run is gone from MLflow; these are the last known values.'],
    ['unreadable', 'The account may not read this run; these are the last known values.'],
  ])('keeps the values of a run that is %s, and marks them', async (state, note) => {
    const drawer = await DrawerPage.open({ run: { state, status: null } });
    expect(drawer.section('Metrics')).toContain(note);
    expect(drawer.section('Metrics')).toContain('0.871');
  });

  it('marks nothing while the run is there', async () => {
    const drawer = await DrawerPage.open();
    expect(drawer.page.querySelector('.note')).toBeNull();
    expect(drawer.section('Metrics')).toContain('From the linked run');
  });

  it('says what a version without a run lacks', async () => {
    const drawer = await DrawerPage.open({
      run: null,
      runId: null,
      metrics: {},
      parameters: {},
      experiment: null,
    });
    expect(drawer.section('Model metadata')).toContain('None');
    expect(drawer.section('Metrics')).toContain('This version has no run in MLflow.');
    expect(drawer.section('Parameters')).toContain('No parameters');
    expect(drawer.section('Experiment info')).toContain('No experiment is linked');
  });

  it('names the commit and the data behind a version', async () => {
    const drawer = await DrawerPage.open({
      datasets: [
        { name: 'pd_2026q3', digest: '9f2c41d7', context: 'training' },
        { name: 'pd_2026q3', digest: 'b07e', context: null },
      ],
    });
    const words = drawer.section('Data and code')?.replace(/\s+/g, ' ').trim();
    expect(words).toContain('Git commit3f9c0c1e7b2aDatasets');
    expect(words).toMatch(/pd_2026q39f2c41d7trainingpd_2026q3b07e$/);
    expect(await drawer.button('Copy Git commit')).toBeDefined();
  });

  it.each([
    [{ run: { state: 'unreadable', status: null } }, 'Unknown: the run cannot be read'],
    [{ run: { state: 'missing', status: null } }, 'Unknown: the run cannot be read'],
    [{ run: null }, 'Unknown: the run cannot be read'],
    [{}, 'None named in MLflow'],
    [{ run: null, runId: null }, 'None named in MLflow'],
  ])('says of %j that data and code are: %s', async (detail, words) => {
    const drawer = await DrawerPage.open({ commit: null, datasets: [], ...detail });
    expect(drawer.section('Data and code')?.replace(/\s+/g, ' ').trim()).toBe(
      `Data and codeGit commit${words}Datasets${words}`,
    );
  });

  it('tells values of a logged model from those of a run', async () => {
    const drawer = await DrawerPage.open({ run: null, runId: null });
    expect(drawer.section('Metrics')).toContain('From the logged model');
  });

  it('says of a removed version when that was noticed', async () => {
    const drawer = await DrawerPage.open({ removedAt: '2025-01-17T13:00:00Z' });
    expect(drawer.page.querySelector('.note')?.textContent).toContain(
      'Removed from MLflow. Noticed 17 Jan 2025',
    );
    expect(drawer.page.querySelector('header')?.textContent).toContain('Removed');
  });

  it('folds a description of 100,000 characters until all of it is asked for', async () => {
    const drawer = await DrawerPage.open({ description: 'x'.repeat(100_000) });
    expect(drawer.section('Description')?.length).toBeLessThan(3_000);
    const unfold = Array.from(drawer.page.querySelectorAll('button')).find((each) =>
      each.textContent?.includes('Show all'),
    );
    unfold?.click();
    await drawer.fixture.whenStable();
    expect(drawer.section('Description')?.length).toBeGreaterThan(100_000);
  });

  it('steps to the versions beside it in the list', async () => {
    const drawer = await DrawerPage.open();
    await (await drawer.button('Previous version in the list')).click();
    await (await drawer.button('Next version in the list')).click();
    expect(drawer.steps).toEqual([-1, 1]);
  });

  it('stops at the ends of the list', async () => {
    const drawer = await DrawerPage.open({}, { hasPrevious: false, hasNext: false });
    for (const name of ['Previous version in the list', 'Next version in the list']) {
      expect(await (await drawer.button(name)).isDisabled()).toBe(true);
      await (await drawer.button(name)).click();
    }
    expect(drawer.steps).toEqual([]);
  });

  it('tells the difference to the version before, and the way there, without judging it', async () => {
    const drawer = await DrawerPage.open();
    const table = drawer.page.querySelector('vw-metric-table table');
    expect(Array.from(table?.querySelectorAll('th') ?? [], (cell) => cell.textContent?.trim())).toEqual([
      ...['Metric', 'v7', 'Since v6', 'Trend, v2 to v10'],
    ]);
    const rows = Array.from(table?.querySelectorAll('tbody tr') ?? [], (row) =>
      Array.from(row.querySelectorAll('td'), (cell) => cell.textContent?.trim()),
    );
    expect(rows).toEqual([
      ['auc', '0.871', '+0.012', ''],
      ['loss', 'NaN', '–', ''],
    ]);
    expect(drawer.page.querySelectorAll('vw-sparkline path').length).toBe(2);
  });

  it('gives the numbers of the lines as a table', async () => {
    const drawer = await DrawerPage.open();
    Array.from(drawer.page.querySelectorAll('button'))
      .find(({ textContent }) => textContent?.includes('Show as table'))
      ?.click();
    await drawer.settle();
    const rows = Array.from(drawer.page.querySelectorAll('.numbers tbody tr'), (row) =>
      Array.from(row.children, (cell) => cell.textContent?.trim()),
    );
    expect(rows).toEqual([
      ['v10', '0.9', '–'],
      ['v7', '0.871', 'NaN'],
      ['v6', '0.859', '–'],
      ['v2', '0.8', '–'],
    ]);
  });

  it('says how many of the oldest versions are left out of the lines, where there are too many values', async () => {
    const drawer = DrawerPage.create();
    drawer.http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush(DETAIL);
    drawer.http.expectOne(`${VERSIONS}/v1/metric-course`).flush({ metrics: COURSE, leftOut: 12_000 });
    await drawer.settle();
    const told = drawer.page.querySelector('vw-metric-table')?.textContent?.replace(/\s+/g, ' ');
    expect(told).toContain('Too many values to show: the 12,000 oldest versions are left out.');
  });

  it('leads to the other versions of the model, newest first, and to no other model', async () => {
    const drawer = await DrawerPage.open();
    const field = drawer.page.querySelector<HTMLSelectElement>('header select');
    expect(Array.from(field?.options ?? [], ({ text }) => text.trim())).toEqual([
      ...['v10', 'v7', 'v6, Archived', 'v2'],
    ]);
    expect(field?.value).toBe('v1');
    if (field) field.value = 'v6';
    field?.dispatchEvent(new Event('change'));
    expect(drawer.told).toEqual([['picked', 'v6']]);
  });

  it.each<[Role, boolean]>([
    ['viewer', false],
    ['auditor', true],
  ])('leads a %s to MLflow: %s', async (role, isThere) => {
    const restored = TestBed.inject(Session).restore();
    TestBed.inject(HttpTestingController)
      .expectOne('/api/v1/auth/me')
      .flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const drawer = DrawerPage.create();
    for (const request of drawer.http.match('/api/v1/integrations/mlflow'))
      request.flush({ trackingServerUrl: 'https://mlflow.example', workspace: null, worker: {} });
    drawer.http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush({ ...DETAIL, modelName: 'pd' });
    await drawer.settle();
    await drawer.settle();
    const link = drawer.page.querySelector('header a');
    expect(link?.getAttribute('href') ?? null).toBe(
      isThere ? 'https://mlflow.example/#/models/pd/versions/7' : null,
    );
    if (isThere) expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  });
});
