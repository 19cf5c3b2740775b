import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { provideRouter } from '@angular/router';
import type { RunState } from '@vw/shared-contracts';
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
  "experiment": {"id": "417", "name": "pd-retail", "artifactLocation": "s3://bucket/417"}, "source": ""
}`);

describe('the details of a version', () => {
  let fixture: ComponentFixture<VersionDrawer>;
  let loader: HarnessLoader;
  let http: HttpTestingController;
  let page: HTMLElement;
  let steps: number[];

  const open = async (detail: object = {}, { hasPrevious = true, hasNext = true } = {}) => {
    fixture = TestBed.createComponent(VersionDrawer);
    fixture.componentRef.setInput('id', 'v1');
    fixture.componentRef.setInput('hasPrevious', hasPrevious);
    fixture.componentRef.setInput('hasNext', hasNext);
    steps = [];
    fixture.componentInstance.stepped.subscribe((by) => steps.push(by));
    TestBed.tick();
    http.expectOne(`${VERSIONS}/v1`).flush({ ...DETAIL, ...detail });
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
    http.expectOne(({ url }) => url.endsWith('/changes')).flush({ items: [], nextCursor: null, total: 0 });
    // Nobody is signed in here, so the summary of no organization is asked for.
    http.expectNone(({ url }) => url.endsWith('/summary'));
    await fixture.whenStable();
    loader = TestbedHarnessEnvironment.loader(fixture);
    page = fixture.nativeElement;
  };
  const section = (heading: string) =>
    Array.from(page.querySelectorAll('section')).find(
      (part) => part.querySelector('h3')?.textContent?.trim() === heading,
    )?.textContent;
  const button = (name: string) =>
    loader.getHarness(MatButtonHarness.with({ selector: `[aria-label="${name}"]` }));

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('shows the six parts of the guide in its order', async () => {
    await open();
    const headings = Array.from(page.querySelectorAll('h3'), (heading) => heading.textContent?.trim());
    expect(headings).toEqual([
      'Model metadata',
      'Description',
      'Tags',
      'Metrics',
      'Parameters',
      'Experiment info',
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
});
