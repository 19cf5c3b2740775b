import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { InventorySummary, Role } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { eventually } from '../ui/eventually.fixture';
import { GapsTab } from './gaps-tab';
import { ATTESTATION, GAPS, MISSING, NO_GAPS, REVIEWED, SUMMARY } from './governance.fixture';

const NOW = new Date().toISOString();
const INVENTORY: InventorySummary = {
  ...{ models: 1, active: 1, staging: 0, experiments: 1 },
  stages: { None: 0, Staging: 0, Production: 1, Archived: 0 },
  ...{ lastSyncedAt: NOW, configured: true, stale: false },
  lastSync: { status: 'succeeded', finishedAt: NOW },
};

const ONE_GAP = {
  ...GAPS,
  items: [
    {
      ...REVIEWED,
      reviews: REVIEWED.reviews.map((review) =>
        review.requirement === MISSING.requirement ? MISSING : { ...review, state: 'attested' as const },
      ),
    },
  ],
};

describe('the versions that lack a review', () => {
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const open = async (
    path: string,
    given: { role?: Role; summary?: object; inventory?: Partial<InventorySummary> } = {},
  ) => {
    const restored = TestBed.inject(Session).restore();
    const me = { id: 'u', name: 'Åsa', email: 'a@b.example', role: given.role ?? 'reviewer' };
    http.expectOne('/api/v1/auth/me').flush(me);
    await restored;
    const harness = await RouterTestingHarness.create();
    const navigated = harness.navigateByUrl(path, GapsTab);
    await settle();
    http.expectOne('/api/v1/governance/summary').flush({ ...SUMMARY, ...given.summary });
    http.expectOne('/api/v1/model-inventory/mlflow/summary').flush({ ...INVENTORY, ...given.inventory });
    await settle();
    await navigated;
    page = harness.fixture.nativeElement;
  };
  const asked = () => http.expectOne(({ url }) => url === '/api/v1/governance/gaps');
  const answer = async (body: object, status = 200) => {
    asked().flush(body, { status, statusText: 'x' });
    await settle();
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';
  const button = (name: string) =>
    Array.from(page.querySelectorAll('button')).find((one) => one.textContent?.trim().startsWith(name));
  const query = () => {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: 'gaps', component: GapsTab }]),
      ],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('asks for what a link says, and shows each review of a version', async () => {
    await open('/gaps?search=risk&stage=Production&requirement=privacy-evaluation&surprise=1');
    const request = asked();
    expect(
      Object.fromEntries(request.request.params.keys().map((key) => [key, request.request.params.get(key)])),
    ).toEqual({
      ...{ limit: '25', search: 'risk', stage: 'Production', requirement: 'privacy-evaluation' },
    });
    request.flush(GAPS);
    await settle();
    expect(text()).toContain('2 gaps in 1 version');
    const cells = Array.from(page.querySelectorAll('td.review'), (cell) => cell.textContent?.trim());
    expect(cells).toEqual([
      expect.stringContaining('Attested'),
      expect.stringContaining('Failed'),
      expect.stringContaining('Missing'),
    ]);
  });

  it('keeps what a card filters by in the URL', async () => {
    await open('/gaps');
    await answer(GAPS);
    button('Security review')?.click();
    await settle();
    expect(query()).toEqual({ requirement: 'security-review' });
    expect(asked().request.params.get('requirement')).toBe('security-review');
  });

  it('offers Attest to Reviewers, and the details to Auditors', async () => {
    await open('/gaps', { role: 'auditor' });
    await answer(GAPS);
    expect(button('Attest')).toBeUndefined();
    expect(text()).toContain('View details');
  });

  it.each([
    ['the row, which has another gap', GAPS, 'Attest credit-risk-pd version 7'],
    ['the heading of the list, where the row goes with its last gap', ONE_GAP, null],
  ])('gives the focus after an attestation to %s', async (_place, gaps, label) => {
    await open('/gaps');
    await answer(gaps);
    page.querySelector<HTMLElement>('[data-attest]')?.click();
    await settle();
    const dialog = document.querySelector('mat-dialog-container');
    const choice = dialog?.querySelector('#attest-requirement') as HTMLSelectElement;
    choice.value = 'privacy-evaluation';
    choice.dispatchEvent(new Event('change'));
    await settle();
    const evidence = dialog?.querySelector('#attest-evidence') as HTMLInputElement;
    evidence.value = 'https://evidence.example/1';
    evidence.dispatchEvent(new Event('input', { bubbles: true }));
    dialog?.querySelector<HTMLElement>('#attest-tick')?.click();
    await settle();
    dialog?.querySelector<HTMLElement>('[type=submit]')?.click();
    await settle();
    const signed = { ...ATTESTATION, requirement: 'privacy-evaluation' };
    http.expectOne('/api/v1/governance/attestations').flush(signed);
    await eventually(() => {
      expect(document.querySelector('mat-dialog-container')).toBeNull();
      expect(document.activeElement).not.toBe(document.body);
      expect(document.activeElement?.getAttribute('aria-label')).toBe(label);
    });
    if (label === null) expect(document.activeElement?.textContent).toContain('Versions that lack a review');
  });

  it('says that every live version has its reviews', async () => {
    const requirements = SUMMARY.requirements.map((one) => ({ ...one, unknown: 0 }));
    await open('/gaps', { summary: { requirements } });
    await answer(NO_GAPS);
    expect(text()).toContain('Every live version has its reviews');
  });

  it('does not say so while a review is unknown, or nothing was evaluated', async () => {
    await open('/gaps');
    await answer(NO_GAPS);
    expect(text()).toContain('Some reviews are not known yet');
    expect(text()).not.toContain('Every live version');
  });

  it('says that nothing was evaluated yet', async () => {
    const requirements = SUMMARY.requirements.map((one) => ({ ...one, covered: 0, unknown: 38 }));
    await open('/gaps', { summary: { evaluatedAt: null, requirements } });
    await answer(NO_GAPS);
    expect(text()).toContain('Not evaluated yet.');
    expect(text()).toContain('Some reviews are not known yet');
  });

  it('names the filters that match nothing, and the way out', async () => {
    await open('/gaps?search=frauds&stage=Staging&requirement=security-review');
    await answer(NO_GAPS);
    expect(text()).toContain('No versions match “frauds” in Staging without a security review');
    button('Clear filters')?.click();
    await settle();
    expect(query()).toEqual({});
  });

  it('says that the list could not be loaded, with the reference, and reads it again', async () => {
    await open('/gaps');
    await answer({ code: 'internal', detail: 'It failed.', instance: 'req-1', errors: [] }, 500);
    expect(page.querySelector('[role=alert]')?.textContent).toContain('The list could not be loaded');
    expect(text()).toContain('Reference req-1');
    button('Try again')?.click();
    await settle();
    await answer(GAPS);
    expect(text()).toContain('credit-risk-pd');
  });

  it('warns where what is shown may no longer be what MLflow holds', async () => {
    await open('/gaps', { inventory: { lastSync: { status: 'failed', finishedAt: NOW } } });
    await answer(GAPS);
    expect(text()).toContain('Last sync failed.');
  });

  it('leads to MLflow where none is connected', async () => {
    const requirements = SUMMARY.requirements.map((one) => ({ ...one, covered: 0, unknown: 0 }));
    await open('/gaps', {
      summary: { live: 0, evaluatedAt: null, requirements },
      inventory: { configured: false, lastSyncedAt: null },
    });
    expect(text()).toContain('Connect MLflow to fill your inventory');
  });

  it('exports every page of the filtered list', async () => {
    await open('/gaps?stage=Production');
    await answer({ ...GAPS, nextCursor: 'second', total: 300 });
    const files: { name: string; blob: Blob }[] = [];
    const restore = catchDownloads(files);
    button('Export CSV')?.click();
    await settle();
    const first = asked();
    expect(first.request.params.get('stage')).toBe('Production');
    expect(first.request.params.get('limit')).toBe('200');
    first.flush({ ...GAPS, nextCursor: 'second' });
    await settle();
    const second = asked();
    expect(second.request.params.get('cursor')).toBe('second');
    second.flush({ ...GAPS, items: [{ ...REVIEWED, modelName: '=cmd()' }], nextCursor: null });
    await settle();
    restore();
    expect(files.map(({ name }) => name)).toEqual([expect.stringMatching(/^governance-gaps-.*[.]csv$/)]);
    const csv = await textOf(files[0]?.blob ?? new Blob());
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).toContain("\r\n'=cmd(),7,Production,");
  });
});

/** jsdom has no object URLs and follows no downloads. */
function catchDownloads(files: { name: string; blob: Blob }[]): () => void {
  const { createObjectURL, revokeObjectURL } = URL;
  const { click } = HTMLAnchorElement.prototype;
  let latest = new Blob();
  URL.createObjectURL = (blob) => {
    latest = blob as Blob;
    return 'blob:file';
  };
  URL.revokeObjectURL = () => undefined;
  HTMLAnchorElement.prototype.click = function () {
    files.push({ name: this.download, blob: latest });
  };
  return () => {
    Object.assign(URL, { createObjectURL, revokeObjectURL });
    HTMLAnchorElement.prototype.click = click;
  };
}

function textOf(blob: Blob): Promise<string> {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.readAsText(blob);
  });
}
