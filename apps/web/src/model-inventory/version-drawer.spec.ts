import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { provideRouter } from '@angular/router';
import type { Role, RunState } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { VersionDrawer } from './version-drawer';

const VERSIONS = '/api/v1/model-inventory/mlflow/versions';

/** As the browser parses it: `__proto__` is an own key, NaN a string. */
const DETAIL = JSON.parse(`{
  "id": "v1", "modelName": "<img src=x onerror=alert(1)>\\nsecond line", "version": "7", "stage": "Production",
  "aliases": ["champion"], "createdAt": "2026-11-18T08:41:07Z", "updatedAt": "2026-11-24T13:00:00Z",
  "description": "Own description", "removedAt": null, "openGaps": null, "live": true,
  "modelDescription": "", "modelTags": {}, "runId": "3f9c0c1e", "run": {"state": "active", "status": "FINISHED"},
  "tags": {"__proto__": "polluted", "owner": "risk"}, "parameters": {"seed": "1"},
  "metrics": {"auc": 0.871, "loss": "NaN"},
  "experiment": {"id": "417", "name": "pd-retail", "artifactLocation": "s3://bucket/417"}, "source": "",
  "commit": "3f9c0c1e7b2a", "datasets": [{"name": "pd_2026q3", "digest": "9f2c41d7", "context": "training"}],
  "creator": null, "firstSeenAt": "2026-11-18T12:00:00.000Z",
  "knownFrom": {"runId": "run-7", "trigger": "scheduled", "finishedAt": "2026-11-18T12:58:00.000Z", "removalHeld": false}
}`);

/** Version 3 lacks the metric; 6 is the one before. */
const COURSE = {
  auc: [
    { versionId: 'v2', version: '2', value: 0.8 },
    { versionId: 'v6', version: '6', value: 0.859 },
    { versionId: 'v1', version: '7', value: 0.871 },
    { versionId: 'v10', version: '10', value: 0.9 },
  ],
  loss: [{ versionId: 'v1', version: '7', value: 'NaN' }],
};
const SIX = {
  ...{
    id: 'v6',
    version: '6',
    stage: 'Archived',
    aliases: [],
    runId: 'b81e22d4',
    description: 'Own description',
  },
  tags: { owner: 'risk' },
  parameters: { seed: '1', depth: '6' },
  metrics: { auc: 0.859 },
  datasets: [],
};

describe('the details of a version', () => {
  let fixture: ComponentFixture<VersionDrawer>;
  let loader: HarnessLoader;
  let http: HttpTestingController;
  let page: HTMLElement;
  let steps: number[];
  let told: (readonly [string, string | null])[];
  /** What the list knows of the model and of another one. */
  let siblings: object[];

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
  };
  const create = (inputs: object = {}) => {
    fixture = TestBed.createComponent(VersionDrawer);
    for (const [name, value] of Object.entries({ id: 'v1', hasPrevious: true, hasNext: true, ...inputs }))
      fixture.componentRef.setInput(name, value);
    steps = [];
    told = [];
    fixture.componentInstance.stepped.subscribe((by) => steps.push(by));
    fixture.componentInstance.picked.subscribe((id) => told.push(['picked', id]));
    fixture.componentInstance.compared.subscribe((id) => told.push(['compared', id]));
    fixture.componentInstance.asOfChosen.subscribe((at) => told.push(['asOf', at]));
    TestBed.tick();
    loader = TestbedHarnessEnvironment.loader(fixture);
    page = fixture.nativeElement;
  };
  const open = async (detail: object = {}, inputs: object = {}) => {
    create(inputs);
    http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush({ ...DETAIL, ...detail });
    http.expectOne(`${VERSIONS}/v1/metric-course`).flush({ metrics: COURSE });
    await settle();
    http.expectOne(({ url }) => url.endsWith('/changes')).flush({ items: [], nextCursor: null, total: 0 });
    http
      .expectOne(({ url }) => url === VERSIONS)
      .flush({ items: siblings.map((row) => ({ ...DETAIL, ...row })), nextCursor: null, total: 0 });
    // Nobody is signed in here, so the summary of no organization is asked for.
    http.expectNone(({ url }) => url.endsWith('/summary'));
    for (const request of http.match(({ url }) => url === `${VERSIONS}/v6`))
      request.flush({ ...DETAIL, ...SIX });
    await settle();
    await settle();
  };
  const asOfs = () => told.filter(([what]) => what === 'asOf').map(([, at]) => at);
  const section = (heading: string) =>
    Array.from(page.querySelectorAll('section')).find(
      (part) => part.querySelector('h3')?.textContent?.trim() === heading,
    )?.textContent;
  const button = (name: string) =>
    loader.getHarness(MatButtonHarness.with({ selector: `[aria-label="${name}"]` }));

  beforeEach(() => {
    siblings = [SIX, { id: 'other', version: '9', modelName: 'another' }];
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('shows the six parts of the guide in its order, then data and code', async () => {
    await open();
    const headings = Array.from(page.querySelectorAll('h3'), (heading) => heading.textContent?.trim());
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
    await open();
    expect(page.getAttribute('role')).toBe('dialog');
    expect(page.getAttribute('aria-modal')).toBe('false');
    const heading = page.querySelector(`#${page.getAttribute('aria-labelledby')}`);
    expect(heading?.textContent).toContain('second line');
    expect(document.activeElement).toBe(heading);
  });

  it('shows a tag named __proto__ like any other, and a metric that is no number as it was sent', async () => {
    await open();
    expect(section('Tags')).toContain('polluted');
    expect(section('Metrics')).toContain('NaN');
    expect(section('Metrics')).toContain('0.871');
  });

  it('never takes a name from MLflow for markup', async () => {
    await open();
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('h2')?.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('writes a name out that the heading may cut off', async () => {
    const modelName = 'segment-'.repeat(30);
    await open({ modelName });
    expect(section('Model metadata')).toContain(modelName);
  });

  it('shows the whole run ID and copies it', async () => {
    await open({ runId: '88105f9bb0c14ac5b723253f85185ace' });
    expect(section('Model metadata')).toContain('88105f9bb0c14ac5b723253f85185ace');
    expect(await button('Copy run ID')).toBeDefined();
  });

  it.each<[RunState, string]>([
    ['deleted', 'The run is deleted in MLflow; its data are kept.'],
    ['missing', 'The run is gone from MLflow; these are the last known values.'],
    ['unreadable', 'The account may not read this run; these are the last known values.'],
  ])('keeps the values of a run that is %s, and marks them', async (state, note) => {
    await open({ run: { state, status: null } });
    expect(section('Metrics')).toContain(note);
    expect(section('Metrics')).toContain('0.871');
  });

  it('marks nothing while the run is there', async () => {
    await open();
    expect(page.querySelector('.note')).toBeNull();
    expect(section('Metrics')).toContain('From the linked run');
  });

  it('says what a version without a run lacks', async () => {
    await open({ run: null, runId: null, metrics: {}, parameters: {}, experiment: null });
    expect(section('Model metadata')).toContain('None');
    expect(section('Metrics')).toContain('This version has no run in MLflow.');
    expect(section('Parameters')).toContain('No parameters');
    expect(section('Experiment info')).toContain('No experiment is linked');
  });

  it('names the commit and the data behind a version', async () => {
    await open({
      datasets: [
        { name: 'pd_2026q3', digest: '9f2c41d7', context: 'training' },
        { name: 'pd_2026q3', digest: 'b07e', context: null },
      ],
    });
    const words = section('Data and code')?.replace(/\s+/g, ' ').trim();
    expect(words).toContain('Git commit3f9c0c1e7b2aDatasets');
    expect(words).toMatch(/pd_2026q39f2c41d7trainingpd_2026q3b07e$/);
    expect(await button('Copy Git commit')).toBeDefined();
  });

  it.each([
    [{ run: { state: 'unreadable', status: null } }, 'Unknown: the run cannot be read'],
    [{ run: { state: 'missing', status: null } }, 'Unknown: the run cannot be read'],
    [{ run: null }, 'Unknown: the run cannot be read'],
    [{}, 'None named in MLflow'],
    [{ run: null, runId: null }, 'None named in MLflow'],
  ])('says of %j that data and code are: %s', async (detail, words) => {
    await open({ commit: null, datasets: [], ...detail });
    expect(section('Data and code')?.replace(/\s+/g, ' ').trim()).toBe(
      `Data and codeGit commit${words}Datasets${words}`,
    );
  });

  it('tells values of a logged model from those of a run', async () => {
    await open({ run: null, runId: null });
    expect(section('Metrics')).toContain('From the logged model');
  });

  it('says of a removed version when that was noticed', async () => {
    await open({ removedAt: '2025-01-17T13:00:00Z' });
    expect(page.querySelector('.note')?.textContent).toContain('Removed from MLflow. Noticed 17 Jan 2025');
    expect(page.querySelector('header')?.textContent).toContain('Removed');
  });

  it('folds a description of 100,000 characters until all of it is asked for', async () => {
    await open({ description: 'x'.repeat(100_000) });
    expect(section('Description')?.length).toBeLessThan(3_000);
    const unfold = Array.from(page.querySelectorAll('button')).find((each) =>
      each.textContent?.includes('Show all'),
    );
    unfold?.click();
    await fixture.whenStable();
    expect(section('Description')?.length).toBeGreaterThan(100_000);
  });

  it('steps to the versions beside it in the list', async () => {
    await open();
    await (await button('Previous version in the list')).click();
    await (await button('Next version in the list')).click();
    expect(steps).toEqual([-1, 1]);
  });

  it('stops at the ends of the list', async () => {
    await open({}, { hasPrevious: false, hasNext: false });
    for (const name of ['Previous version in the list', 'Next version in the list']) {
      expect(await (await button(name)).isDisabled()).toBe(true);
      await (await button(name)).click();
    }
    expect(steps).toEqual([]);
  });

  it('tells the difference to the version before, and the way there, without judging it', async () => {
    await open();
    const table = page.querySelector('vw-metric-table table');
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
    expect(page.querySelectorAll('vw-sparkline path').length).toBe(2);
  });

  it('gives the numbers of the lines as a table', async () => {
    await open();
    Array.from(page.querySelectorAll('button'))
      .find(({ textContent }) => textContent?.includes('Show as table'))
      ?.click();
    await settle();
    const rows = Array.from(page.querySelectorAll('.numbers tbody tr'), (row) =>
      Array.from(row.children, (cell) => cell.textContent?.trim()),
    );
    expect(rows).toEqual([
      ['v10', '0.9', '–'],
      ['v7', '0.871', 'NaN'],
      ['v6', '0.859', '–'],
      ['v2', '0.8', '–'],
    ]);
  });

  it('leads to the other versions of the model, newest first, and to no other model', async () => {
    await open();
    const field = page.querySelector<HTMLSelectElement>('header select');
    expect(Array.from(field?.options ?? [], ({ text }) => text.trim())).toEqual([
      ...['v10', 'v7', 'v6, Archived', 'v2'],
    ]);
    expect(field?.value).toBe('v1');
    if (field) field.value = 'v6';
    field?.dispatchEvent(new Event('change'));
    expect(told).toEqual([['picked', 'v6']]);
  });

  it('compares with the version before, until Compare is pressed again', async () => {
    await open();
    const toggle = () => loader.getHarness(MatButtonHarness.with({ text: /Compar/ }));
    await (await toggle()).click();
    fixture.componentRef.setInput('compareId', 'v6');
    await settle();
    http.expectOne(`${VERSIONS}/v6`).flush({ ...DETAIL, ...SIX });
    await settle();
    expect(await (await toggle()).getText()).toContain('Comparing');
    await (await toggle()).click();
    expect(told).toEqual([
      ['compared', 'v6'],
      ['compared', null],
    ]);
  });

  it('compares with another number, where a removed twin has the same one', async () => {
    siblings = [{ ...SIX, id: 'twin', version: '7' }, SIX];
    await open({ removedAt: '2025-01-17T13:00:00Z' });
    fixture.componentInstance.toggleCompare();
    expect(told).toEqual([['compared', 'v6']]);
  });

  it('has nothing to compare an only version with', async () => {
    siblings = [];
    create();
    http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush(DETAIL);
    http.expectOne(`${VERSIONS}/v1/metric-course`).flush({ metrics: {} });
    await settle();
    fixture.componentInstance.toggleCompare();
    expect(told).toEqual([]);
    const compare = Array.from(page.querySelectorAll('button')).find(({ textContent }) =>
      textContent?.includes('Compare'),
    );
    expect(compare?.getAttribute('aria-disabled')).toBe('true');
  });

  it('shows a version as of an instant, and says so', async () => {
    await open({}, { asOf: '2026-11-18T13:00:00.000Z' });
    const at = new Date('2026-11-18T13:00:00Z');
    const hour = String(at.getHours()).padStart(2, '0');
    expect(page.querySelector('vw-as-of-bar')?.textContent).toContain(
      `As of ${String(at.getDate())} Nov 2026, ${hour}:00`,
    );
    expect(page.querySelector('vw-sparkline')).toBeNull();
    expect(section('Metrics')).toContain('0.871');
    await (await loader.getHarness(MatButtonHarness.with({ text: 'Back to now' }))).click();
    expect(told).toEqual([['asOf', null]]);
  });

  it('asks for the detail as of the instant', async () => {
    create({ asOf: '2026-11-18T13:00:00.000Z' });
    const { request } = http.expectOne(({ url }) => url === `${VERSIONS}/v1`);
    expect(request.params.get('asOf')).toBe('2026-11-18T13:00:00.000Z');
  });

  it('takes only an instant that has been', async () => {
    await open();
    await (await loader.getHarness(MatButtonHarness.with({ text: /As of/ }))).click();
    const field = page.querySelector<HTMLInputElement>('vw-as-of-bar input');
    const show = async (value: string) => {
      if (field) field.value = value;
      await (await loader.getHarness(MatButtonHarness.with({ text: 'Show' }))).click();
    };
    await show('2999-01-01T00:00');
    await show('');
    expect(told).toEqual([]);
    expect(page.querySelector('[role=alert]')?.textContent).toContain(
      'Choose a day and a time that have been.',
    );
    await show('2026-01-02T03:04');
    expect(told).toEqual([['asOf', new Date('2026-01-02T03:04').toISOString()]]);
  });

  it.each([
    [{ removalHeld: false }, /^Known from the scheduled sync that ended 18 Nov 2026, \d\d:\d\d:00\.$/],
    [{ removalHeld: true }, /\. It did not see this version; its removal was held back\.$/],
  ])('says from which sync that is known: %j', async (known, words) => {
    await open({ knownFrom: { ...DETAIL.knownFrom, ...known } }, { asOf: '2026-11-18T13:00:00.000Z' });
    const told = page.querySelector('vw-known-from')?.textContent?.replace(/\s+/g, ' ').trim();
    expect(told).toMatch(words);
    // Nobody is signed in here, and a Viewer may not see syncs.
    expect(page.querySelector('vw-known-from a')).toBeNull();
  });

  it('says that no sync had read MLflow whole by then', async () => {
    await open({ knownFrom: null }, { asOf: '2026-11-18T13:00:00.000Z' });
    expect(page.querySelector('vw-known-from')?.textContent).toContain('No sync had read MLflow whole');
  });

  describe('before it was first seen', () => {
    const missing = { code: 'not-found', detail: 'Not found.' };
    const asked = () => http.expectOne(({ url }) => url === `${VERSIONS}/v1`);

    it('says when that was, and leads there and back to now', async () => {
      create({ asOf: '2020-01-01T00:00:00Z' });
      asked().flush(missing, { status: 404, statusText: 'x' });
      await settle();
      expect(page.querySelector('[role=alert]')).toBeNull();
      asked().flush(DETAIL);
      await settle();
      const told = page.querySelector('vw-empty-state');
      expect(told?.textContent).toMatch(/Not known yet at that time\s+First seen on\s+18 Nov 2026, /);
      expect(page.querySelector('[role=alert]')).toBeNull();
      const buttons = [...(told?.querySelectorAll('button') ?? [])];
      expect(buttons.map(({ textContent }) => textContent.trim())).toEqual([
        'Show when first seen',
        'Back to now',
      ]);
      for (const each of buttons) each.click();
      expect(asOfs()).toEqual(['2026-11-18T12:00:00.000Z', null]);
    });

    it('is a failure where there is no such version today either', async () => {
      create({ asOf: '2020-01-01T00:00:00Z' });
      for (let time = 0; time < 2; time += 1) {
        asked().flush(missing, { status: 404, statusText: 'x' });
        await settle();
      }
      expect(page.querySelector('[role=alert]')?.textContent).toContain('This version could not be loaded');
    });
  });

  it('compares metadata, metrics, parameters and tags, only where they differ', async () => {
    await open({}, { compareId: 'v6' });
    const cells = () =>
      Array.from(page.querySelectorAll('vw-compare-table tbody tr'), (row) =>
        Array.from(row.children, (cell) => (cell.querySelector('.mono') ?? cell).textContent?.trim()),
      );
    expect(cells()).toEqual([
      ['Lifecycle stage', 'Archived', 'Production', 'changed'],
      ['Aliases', '–', '@champion', 'added'],
      ['Run ID', 'b81e22d4', '3f9c0c1e', 'changed'],
      ['Datasets', '–', 'pd_2026q3 (9f2c41d7, training)', 'added'],
      ['auc', '0.859', '0.871', '+0.012'],
      ['loss', '–', 'NaN', 'added'],
      ['depth', '6', '–', 'removed'],
      ['__proto__', '–', 'polluted', 'added'],
    ]);
    expect(page.textContent).toContain('1 of 2 differ');
    page.querySelector<HTMLElement>('mat-slide-toggle button')?.click();
    await settle();
    expect(cells()).toContainEqual(['owner', 'risk', 'risk', '']);
    expect(cells()).toContainEqual(['seed', '1', '1', '']);
  });

  it('refuses to compare two models', async () => {
    await open({ modelName: 'another' }, { compareId: 'v6' });
    expect(page.querySelector('vw-compare-versions [role=alert]')?.textContent).toContain(
      'Only versions of one model',
    );
    expect(page.querySelector('vw-compare-table')).toBeNull();
  });

  it.each<[Role, boolean]>([
    ['viewer', false],
    ['auditor', true],
  ])('leads a %s to MLflow: %s', async (role, isThere) => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    create();
    for (const request of http.match('/api/v1/integrations/mlflow'))
      request.flush({ trackingServerUrl: 'https://mlflow.example', workspace: null, worker: {} });
    http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush({ ...DETAIL, modelName: 'pd' });
    await settle();
    await settle();
    const link = page.querySelector('header a');
    expect(link?.getAttribute('href') ?? null).toBe(
      isThere ? 'https://mlflow.example/#/models/pd/versions/7' : null,
    );
    if (isThere) expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  });
});
