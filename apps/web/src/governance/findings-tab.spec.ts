import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Finding, Role } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { FindingsTab } from './findings-tab';
import { SUMMARY } from './governance.fixture';

const FINDING: Finding = {
  ...{ id: 'f1', rule: 'G09', severity: 'high', versionId: 'v1', modelName: 'credit-risk-pd' },
  ...{ version: '7', stage: 'Production', status: 'open', since: '2026-11-18T08:00:00Z' },
  reason: 'Nobody is named as the owner of the model.',
};

const NO_DATASET: Finding = { ...FINDING, id: 'f3', rule: 'G11', severity: 'medium' };

describe('the other findings', () => {
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const open = async (path: string, role: Role = 'reviewer') => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const harness = await RouterTestingHarness.create();
    const navigated = harness.navigateByUrl(path, FindingsTab);
    await settle();
    http.expectOne('/api/v1/governance/summary').flush(SUMMARY);
    const rules = [
      { id: 'G01', title: 'Live without a bias assessment', requirement: 'bias-assessment' },
      { id: 'G09', title: 'Live without an owner', requirement: null },
      { id: 'G11', title: 'No dataset named', requirement: null },
    ];
    http
      .expectOne('/api/v1/governance/rules')
      .flush({ version: '1', items: rules, nextCursor: null, total: 3 });
    await settle();
    await navigated;
    page = harness.fixture.nativeElement;
  };
  const asked = () => http.expectOne(({ url }) => url === '/api/v1/governance/findings');
  const paramsOf = ({ request: { params } }: ReturnType<typeof asked>) =>
    Object.fromEntries(params.keys().map((key) => [key, params.get(key)]));
  const answer = async (items: Finding[]) => {
    asked().flush({ items, nextCursor: null, total: items.length });
    await settle();
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';
  const ask = () => page.querySelector<HTMLButtonElement>('button[aria-label^="Ask for a waiver"]');
  const edit = () => page.querySelector<HTMLAnchorElement>('a[aria-label^="Edit entry"]');
  const query = () => {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: 'findings', component: FindingsTab }]),
      ],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('asks for open findings that ask for no review, and names their rules', async () => {
    await open('/findings?severity=worst&rule=x');
    const request = asked();
    expect(paramsOf(request)).toEqual({
      ...{ limit: '25', requirement: 'none', sort: 'severity', status: 'open' },
    });
    request.flush({ items: [FINDING], nextCursor: null, total: 1 });
    await settle();
    expect(page.querySelector('tbody')?.textContent?.replace(/\s+/g, ' ')).toMatch(
      /High ?Live without an owner G09 ?credit-risk-pd v7 ?Nobody is named/,
    );
    expect(text()).not.toContain('bias assessment');
  });

  it('keeps what it filters by in the URL', async () => {
    await open('/findings?cursor=late');
    await answer([FINDING]);
    for (const [label, value, expected] of [
      ['Severity', 'high', { severity: 'high' }],
      ['Rule', 'G09', { severity: 'high', rule: 'G09' }],
      ['Status', 'waived', { severity: 'high', rule: 'G09', status: 'waived' }],
    ] as const) {
      const field = Array.from(page.querySelectorAll('label')).find((one) =>
        one.querySelector('.visually-hidden')?.textContent?.startsWith(label),
      );
      const select = field?.querySelector('select') as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event('change'));
      await settle();
      expect(query()).toEqual(expected);
      await answer([]);
    }
    expect(text()).toContain('No findings match these filters');
  });

  it('asks for a waiver with a reason and an end', async () => {
    await open('/findings');
    await answer([NO_DATASET]);
    expect(edit()).toBeNull();
    ask()?.click();
    await settle();
    const dialog = document.querySelector<HTMLElement>('mat-dialog-container');
    expect(dialog?.textContent).toContain('No dataset named');
    const send = dialog?.querySelector<HTMLButtonElement>('[type=submit]');
    send?.click();
    await settle();
    expect(dialog?.textContent).toContain('Say why this is acceptable.');
    const reason = dialog?.querySelector('textarea') as HTMLTextAreaElement;
    reason.value = ' Owner starts in May. ';
    reason.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    send?.click();
    await settle();
    const { request } = http.expectOne('/api/v1/governance/waivers');
    expect(request.body).toEqual({
      ...{ versionId: 'v1', rule: 'G11', reason: 'Owner starts in May.' },
      endsAt: expect.stringMatching(/Z$/),
    });
    const days = (Date.parse(request.body.endsAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29);
    expect(days).toBeLessThan(31.1);
  });

  it('leads to the form of the inventory entry where that is the cure', async () => {
    await open('/findings');
    await answer([FINDING, { ...FINDING, id: 'f2', rule: 'G13' }]);
    expect(ask()).toBeNull();
    const links = Array.from(page.querySelectorAll('td.actions a'), (link) => link.getAttribute('href'));
    expect(links).toEqual([
      '/model-inventory/mlflow?version=v1#entry-owner',
      '/model-inventory/mlflow?version=v1#entry-tier',
    ]);
  });

  it('offers an Auditor neither', async () => {
    await open('/findings', 'auditor');
    await answer([FINDING, NO_DATASET]);
    expect(ask()).toBeNull();
    expect(edit()).toBeNull();
  });

  it('offers no second waiver where one is asked for', async () => {
    await open('/findings?status=acknowledged');
    await answer([{ ...FINDING, status: 'acknowledged' }]);
    expect(ask()).toBeNull();
    expect(text()).toContain('Waiver asked for');
  });
});
