import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Role, VersionGovernance } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { GovernanceAsOf } from './governance-as-of';
import { ATTESTATION, REVIEWED } from './governance.fixture';

const AT = '2026-11-20T12:00:00.000Z';
const OF = { versionId: 'v1', modelName: 'credit-risk-pd', version: '7' } as const;
const THEN: VersionGovernance = {
  ...{ ...REVIEWED, asOf: AT, catalogueVersion: '2', attestations: [ATTESTATION] },
  entry: {
    ...{ id: 'e1', owner: 'Kreditrisk', purpose: null, riskTier: 'high' },
    ...{ approvalStatus: 'approved', approvedAt: '2026-11-18T08:00:00Z' },
  },
  findings: (['G01', 'G09', 'G11'] as const).map((rule) => ({
    ...{
      ...OF,
      id: rule,
      rule,
      severity: 'high',
      stage: 'Production',
      since: AT,
      reason: `What ${rule} found.`,
    },
    status: rule === 'G11' ? 'closed' : 'waived',
  })),
  waivers: [
    {
      ...{ ...OF, id: 'w1', rule: 'G09', reason: 'Vendor model.', status: 'approved' },
      ...{ endsAt: '2026-11-21T12:00:00Z', requestedBy: 'José Muñoz', requesterId: 'jose', requestedAt: AT },
      ...{ approvedBy: '山田 凛', approvedAt: AT, closedBy: null, closedAt: null, closedReason: null },
    },
  ],
  gate: {
    ...{ verdict: 'deny', target: 'champion', catalogueVersion: '2', askedAt: '2026-11-19T08:00:00Z' },
    reasons: [{ rule: 'G02', severity: 'critical', reason: 'No security review is attested.' }],
  },
};

describe('the governance of a version as of an instant', () => {
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const open = async (role: Role) => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const fixture = TestBed.createComponent(GovernanceAsOf);
    fixture.componentRef.setInput('versionId', 'v1');
    fixture.componentRef.setInput('at', AT);
    page = fixture.nativeElement;
    await settle();
  };
  const answered = async (then: object = {}) => {
    http.expectOne(`/api/v1/governance/versions/v1?asOf=${AT}`).flush({ ...THEN, ...then });
    const rules = [{ id: 'G09', title: 'Live without an owner', requirement: null }];
    http
      .expectOne('/api/v1/governance/rules')
      .flush({ version: '2', items: rules, nextCursor: null, total: 1 });
    await settle();
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
  });

  it('shows reviews, findings, waivers, the entry and the gate as they stood, and nothing to do', async () => {
    await open('auditor');
    await answered();
    expect(text()).toContain('Attested by José Muñoz');
    expect(text()).toContain('Failed; signed by 山田 凛');
    expect(text()).toContain('Missing since 18 Nov 2026');
    expect(Array.from(page.querySelectorAll('.findings .title'), (one) => one.textContent?.trim())).toEqual([
      'Live without an owner',
      'Live without an owner G09',
    ]);
    expect(text()).toMatch(/G09 ?Approved ?Vendor model\. Asked for by José Muñoz.*approved by 山田 凛/);
    expect(text()).toMatch(/Owner ?Kreditrisk ?Risk tier ?High/);
    expect(text()).toMatch(/To champion, 19 Nov 2026 ?Denied ?No security review is attested\./);
    expect(text()).toContain('Rule catalogue 2');
    expect(page.querySelector('button')).toBeNull();
  });

  it('says what there was not yet', async () => {
    await open('reviewer');
    await answered({ entry: null, gate: null, catalogueVersion: null, findings: [], waivers: [] });
    expect(text()).toContain('There was none yet.');
    expect(text()).toContain('It had not been asked.');
    expect(text()).toContain('Not evaluated yet');
    expect(text()).not.toContain('Waivers');
  });

  it('says that it could not be loaded, and tries again', async () => {
    await open('auditor');
    const failed = { code: 'unavailable', detail: 'Try again later.', instance: 'r', errors: [] };
    http
      .expectOne(`/api/v1/governance/versions/v1?asOf=${AT}`)
      .flush(failed, { status: 503, statusText: 'x' });
    await settle();
    expect(text()).toContain('What was known then could not be loaded');
    page.querySelector('button')?.click();
    await settle();
    http.expectOne(`/api/v1/governance/versions/v1?asOf=${AT}`);
  });

  it('asks nothing for a Viewer', async () => {
    await open('viewer');
    http.verify();
    expect(text().trim()).toBe('');
  });
});
