import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { provideRouter } from '@angular/router';
import { VersionDrawer } from './version-drawer';

export const VERSIONS = '/api/v1/model-inventory/mlflow/versions';

/** As the browser parses it: `__proto__` is an own key, NaN a string. */
export const DETAIL = JSON.parse(`{
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
export const COURSE = {
  auc: [
    { versionId: 'v2', version: '2', value: 0.8 },
    { versionId: 'v6', version: '6', value: 0.859 },
    { versionId: 'v1', version: '7', value: 0.871 },
    { versionId: 'v10', version: '10', value: 0.9 },
  ],
  loss: [{ versionId: 'v1', version: '7', value: 'NaN' }],
};
export const SIX = {
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

/** The drawer of a version in a browser, and the server's half of its requests. */
export class DrawerPage {
  readonly http = TestBed.inject(HttpTestingController);
  readonly fixture = TestBed.createComponent(VersionDrawer);
  readonly loader = TestbedHarnessEnvironment.loader(this.fixture);
  readonly page: HTMLElement = this.fixture.nativeElement;
  readonly steps: number[] = [];
  readonly told: (readonly [string, string | null])[] = [];

  static prepare(): void {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
  }

  /** Asks; the answers are the caller's. */
  static create(inputs: object = {}): DrawerPage {
    const drawer = new DrawerPage();
    const { componentInstance, componentRef } = drawer.fixture;
    for (const [name, value] of Object.entries({ id: 'v1', hasPrevious: true, hasNext: true, ...inputs }))
      componentRef.setInput(name, value);
    componentInstance.stepped.subscribe((by) => drawer.steps.push(by));
    componentInstance.picked.subscribe((id) => drawer.told.push(['picked', id]));
    componentInstance.compared.subscribe((id) => drawer.told.push(['compared', id]));
    componentInstance.asOfChosen.subscribe((at) => drawer.told.push(['asOf', at]));
    TestBed.tick();
    return drawer;
  }

  /** With all answers; `siblings` is what the list knows of the model and of another one. */
  static async open(
    detail: object = {},
    inputs: object = {},
    siblings: object[] = [SIX, { id: 'other', version: '9', modelName: 'another' }],
  ): Promise<DrawerPage> {
    const drawer = DrawerPage.create(inputs);
    const { http } = drawer;
    http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush({ ...DETAIL, ...detail });
    http.expectOne(`${VERSIONS}/v1/metric-course`).flush({ metrics: COURSE });
    await drawer.settle();
    http.expectOne(({ url }) => url.endsWith('/changes')).flush({ items: [], nextCursor: null, total: 0 });
    http
      .expectOne(({ url }) => url === VERSIONS)
      .flush({ items: siblings.map((row) => ({ ...DETAIL, ...row })), nextCursor: null, total: 0 });
    // Nobody is signed in here, so the summary of no organization is asked for.
    http.expectNone(({ url }) => url.endsWith('/summary'));
    for (const request of http.match(({ url }) => url === `${VERSIONS}/v6`))
      request.flush({ ...DETAIL, ...SIX });
    await drawer.settle();
    await drawer.settle();
    return drawer;
  }

  async settle(): Promise<void> {
    await new Promise((done) => setTimeout(done));
    TestBed.tick();
  }

  section(heading: string): string | undefined {
    return Array.from(this.page.querySelectorAll('section')).find(
      (part) => part.querySelector('h3')?.textContent?.trim() === heading,
    )?.textContent;
  }

  button(name: string): Promise<MatButtonHarness> {
    return this.loader.getHarness(MatButtonHarness.with({ selector: `[aria-label="${name}"]` }));
  }
}
