import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
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
  let page: HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    const fixture = TestBed.createComponent(VersionDrawer);
    fixture.componentRef.setInput('id', 'v1');
    TestBed.tick();
    const http = TestBed.inject(HttpTestingController);
    http.expectOne(`${VERSIONS}/v1`).flush(DETAIL);
    http.expectOne(({ url }) => url.endsWith('/changes')).flush({ items: [], nextCursor: null, total: 0 });
    // Nobody is signed in here, so the summary of no organization is asked for.
    http.expectNone(({ url }) => url.endsWith('/summary'));
    await fixture.whenStable();
    page = fixture.nativeElement;
  });

  it('shows the six parts of the guide in its order', () => {
    const headings = Array.from(page.querySelectorAll('h3'), (heading) => heading.textContent?.trim());
    expect(headings.slice(0, 6)).toEqual([
      'Model metadata',
      'Description',
      'Tags',
      'Metrics',
      'Parameters',
      'Experiment info',
    ]);
  });

  it('shows a tag named __proto__ like any other, and a metric that is no number as it was sent', () => {
    expect(page.textContent).toContain('polluted');
    expect(page.textContent).toContain('NaN');
    expect(page.textContent).toContain('0.871');
  });

  it('never takes a name from MLflow for markup', () => {
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('h2')?.textContent).toContain('<img src=x onerror=alert(1)>');
  });
});
