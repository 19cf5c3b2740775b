import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import type { Entry, ModelVersionDetail, Role, VersionGovernance } from '@vw/shared-contracts';
import { FINDING, MISSING, RECORD, REVIEWED } from '../governance/governance.fixture';
import { Session } from '../shell/session';
import { GovernanceSection } from './governance-section';

const VERSION: ModelVersionDetail = {
  ...{ id: 'v1', modelName: 'credit-risk-pd', version: '7', stage: 'Production', aliases: [] },
  ...{ createdAt: '2026-11-18T08:00:00Z', updatedAt: '2026-11-18T08:00:00Z', description: '' },
  ...{ removedAt: null, openGaps: 2, live: true, modelDescription: '', modelTags: {}, runId: null },
  ...{
    run: null,
    tags: {},
    parameters: {},
    metrics: {},
    experiment: null,
    creator: null,
    firstSeenAt: '2026-11-18T12:00:00Z',
    commit: null,
    datasets: [],
    source: '',
  },
};
const ENTRY: Entry = {
  ...{ id: 'e1', modelId: 'm1', modelName: 'credit-risk-pd', registeredAt: '2026-01-01T00:00:00Z' },
  ...{ removedAt: null, owner: 'risk@norrfjard.example', purpose: null, riskTier: 'high' },
  ...{ approvalStatus: 'approved', approvedAt: '2026-11-18T08:00:00Z' },
  ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
};
const URL = '/api/v1/governance/versions/v1';
const AT = '2026-11-20T12:00:00.000Z';
const ENTRY_URL = '/api/v1/model-inventory/entries';

describe('what people answer for of a version', () => {
  let fixture: ComponentFixture<GovernanceSection>;
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const show = async (role: Role, version: object, asOf: string | null = null) => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'u', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    fixture = TestBed.createComponent(GovernanceSection);
    fixture.componentRef.setInput('version', { ...VERSION, ...version });
    fixture.componentRef.setInput('asOf', asOf);
    page = fixture.nativeElement;
    document.body.append(page);
    await settle();
  };
  const open = async (
    role: Role,
    { version = {}, record = {}, asOf }: { version?: object; record?: object; asOf?: string } = {},
  ) => {
    await show(role, version, asOf);
    if (role === 'viewer') {
      http.expectOne(({ url }) => url === ENTRY_URL).flush({ items: [ENTRY], nextCursor: null, total: 1 });
    } else {
      const answer: VersionGovernance = { ...RECORD, asOf: asOf ?? null, ...record };
      http.expectOne(asOf === undefined ? URL : `${URL}?asOf=${asOf}`).flush(answer);
      const rules = [{ id: 'G09', title: 'Live without an owner', requirement: null }];
      http
        .expectOne('/api/v1/governance/rules')
        .flush({ version: '1', items: rules, nextCursor: null, total: 1 });
      http.match('/api/v1/governance/summary');
    }
    await settle();
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';
  const reviews = () =>
    Array.from(page.querySelectorAll('.reviews li'), (item) => item.textContent?.replace(/\s+/g, ' ').trim());
  const click = async (name: string) => {
    Array.from(page.querySelectorAll('button'))
      .find((button) => button.textContent?.replace(/\s+/g, ' ').trim() === name)
      ?.click();
    await settle();
  };
  const set = (id: string, value: string) => {
    const field = page.querySelector<HTMLInputElement | HTMLSelectElement>(`#${id}`);
    if (field === null) throw new Error(`no field ${id}`);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('tells of each review its state, who attested it and until when it counts', async () => {
    await open('auditor');
    expect(text()).toContain('2 gaps');
    expect(reviews()).toEqual([
      expect.stringMatching(/^Bias assessment ?Attested by José Muñoz ?18 Nov 2026, valid until 18 Nov 2027/),
      expect.stringContaining('Failed, says 山田 凛'),
      expect.stringMatching(/^Privacy evaluation ?Missing since 18 Nov 2026 ?Required for Production/),
    ]);
    const evidence = page.querySelector<HTMLAnchorElement>('.reviews a');
    expect(evidence?.href).toBe('https://evidence.example/1');
    expect(evidence?.rel).toBe('noopener noreferrer');
  });

  it('shows the hash of the evidence, to be compared and copied', async () => {
    const [first, ...others] = REVIEWED.reviews;
    const attestation = { ...first?.attestation, evidenceSha256: 'ab'.repeat(32) };
    await open('auditor', { record: { reviews: [{ ...first, attestation }, ...others] } });
    expect(reviews()[0]).toContain(`SHA-256 ${'ab'.repeat(32)}`);
    expect(page.querySelector('button')?.getAttribute('aria-label')).toBe('Copy SHA-256 of the evidence');
  });

  it('lists what else the rules found, but nothing that is closed, nor what stands with its review', async () => {
    const [closed, ofReview] = [{ rule: 'G11', status: 'closed' }, { rule: 'G01' }];
    const findings = [FINDING, { ...FINDING, id: 'f2', ...closed }, { ...FINDING, id: 'f3', ...ofReview }];
    await open('auditor', { record: { findings, waivers: [] } });
    expect(text()).toContain('Live without an owner');
    expect(text()).toContain('High');
    expect(page.querySelectorAll('.findings li')).toHaveLength(1);
  });

  it('asks for no second waiver of a review while one waits for an answer', async () => {
    const waiver = { ...RECORD.waivers[0], rule: 'G03', status: 'requested', approvedBy: null };
    await open('reviewer', { record: { waivers: [{ ...waiver, endsAt: '2999-01-01T00:00:00Z' }] } });
    expect(reviews()[1]).toContain('Ask for a waiver');
    expect(reviews()[2]).toContain('Waiver asked for');
    expect(reviews()[2]).not.toContain('Ask for a waiver');
  });

  it('lets a waiver be asked for anew where the one that waited has ended', async () => {
    const waiver = { ...RECORD.waivers[0], rule: 'G03', status: 'requested', approvedBy: null };
    await open('reviewer', { record: { waivers: [{ ...waiver, endsAt: '2020-01-01T00:00:00Z' }] } });
    expect(reviews()[2]).toContain('Ask for a waiver');
  });

  it('calls unknown what is not known, never none', async () => {
    const unknown = { ...MISSING, state: 'unknown', since: null, reason: '' };
    await open('auditor', { version: { openGaps: null }, record: { reviews: [unknown] } });
    expect(text()).toContain('GovernanceUnknown');
    expect(reviews()[0]).toContain('UnknownNot evaluated yet');
    expect(text()).not.toContain('No gaps');
  });

  it('says that nothing is required of a version that is not live', async () => {
    const record = {
      reviews: [{ ...MISSING, state: 'not-required', since: null, reason: '' }],
      live: false,
    };
    await open('auditor', { version: { live: false, stage: 'Staging', openGaps: 0 }, record });
    expect(text()).toContain('GovernanceNot required');
    expect(reviews()[0]).not.toContain('Required for');
  });

  it('shows a Viewer the gaps in a word and the entry, and asks for nothing else', async () => {
    await open('viewer');
    http.verify();
    expect(text()).toContain('2 gaps');
    expect(text()).toContain('risk@norrfjard.example');
    expect(reviews()).toEqual([]);
    expect(page.querySelector('button')).toBeNull();
  });

  it('lets an Auditor change nothing', async () => {
    await open('auditor');
    expect(page.querySelector('button')).toBeNull();
  });

  it('opens the form in place of the review, and Esc leaves it with the focus at the heading', async () => {
    await open('reviewer');
    await click('Attest Privacy evaluation');
    const field = page.querySelector<HTMLElement>('#attest-evidence');
    expect(document.activeElement).toBe(field);
    const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
    field?.dispatchEvent(escape);
    await settle();
    expect(escape.defaultPrevented).toBe(true);
    expect(page.querySelector('vw-attest-form')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Governance');
  });

  it('closes the form of a version when another one is shown', async () => {
    await open('reviewer');
    await click('Attest Privacy evaluation');
    fixture.componentRef.setInput('version', { ...VERSION, id: 'v2' });
    await settle();
    http.expectOne('/api/v1/governance/versions/v2').flush({ ...RECORD, versionId: 'v2' });
    await settle();
    expect(reviews()).toHaveLength(3);
    expect(page.querySelector('vw-attest-form')).toBeNull();
  });

  it('opens the form at the field that a link names, once', async () => {
    const router = TestBed.inject(Router);
    await router.navigateByUrl('/?version=v1#entry-tier');
    await open('reviewer');
    expect(document.activeElement?.id).toBe('entry-tier');
    expect(router.url).toBe('/?version=v1');
    await click('Cancel');
    expect(page.querySelector('form')).toBeNull();
  });

  it('opens no form for an Auditor, whatever a link names', async () => {
    await TestBed.inject(Router).navigateByUrl('/#entry-tier');
    await open('auditor');
    expect(page.querySelector('form')).toBeNull();
  });

  it('sends of the entry only what was changed, for an approval sent again approves anew', async () => {
    await open('reviewer');
    await click('Edit the inventory entry');
    expect(document.activeElement?.id).toBe('entry-owner');
    set('entry-purpose', ' Credit decisions. ');
    set('entry-tier', '');
    await settle();
    await click('Save');
    const asked = http.expectOne(`${ENTRY_URL}/e1`);
    expect([asked.request.method, asked.request.body]).toEqual([
      'PATCH',
      { purpose: 'Credit decisions.', riskTier: null },
    ]);
    asked.flush({ ...ENTRY, purpose: 'Credit decisions.', riskTier: null });
    await settle();
    http.expectOne(URL).flush({ ...RECORD, entry: { ...RECORD.entry, purpose: 'Credit decisions.' } });
    await settle();
    expect(text()).toContain('Credit decisions.');
    expect(page.querySelector('form')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Inventory entry');
  });

  it('keeps what was typed, and says why, where the entry could not be changed', async () => {
    await open('admin');
    await click('Edit the inventory entry');
    set('entry-owner', 'Rin');
    await settle();
    await click('Save');
    const refused = { code: 'unavailable', detail: 'Try again later.', instance: 'r', errors: [] };
    http.expectOne(`${ENTRY_URL}/e1`).flush(refused, { status: 503, statusText: 'x' });
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('Try again later.');
    expect(page.querySelector<HTMLInputElement>('#entry-owner')?.value).toBe('Rin');
  });

  it.each([
    ['is changed', 200, 'The entry is changed.'],
    ['could not be changed', 503, 'The entry was not changed. Try again later.'],
  ])('tells whoever left the form that the entry %s', async (_what, status, told) => {
    await open('admin');
    await click('Edit the inventory entry');
    set('entry-owner', 'Rin');
    await settle();
    await click('Save');
    fixture.destroy();
    const answer = { code: 'unavailable', detail: 'Try again later.', instance: 'r', errors: [] };
    http.expectOne(`${ENTRY_URL}/e1`).flush(answer, { status, statusText: 'x' });
    await settle();
    expect(document.querySelector('mat-snack-bar-container')?.textContent).toContain(told);
  });

  it('tells of waivers and of the gate what was said last', async () => {
    const waivers = RECORD.waivers.map((waiver) => ({ ...waiver, endsAt: '2020-01-01T00:00:00Z' }));
    await open('auditor', { record: { waivers } });
    expect(text()).toMatch(/G09 ?Ended ?Vendor model\. ?Asked for by José Muñoz.*approved by 山田 凛/);
    expect(text()).toMatch(/To champion, 19 Nov 2026 ?Denied ?No security review is attested\./);
    expect(text()).toContain('Rule catalogue 2');
  });

  it('says why a waiver was refused, apart from why it was asked for', async () => {
    const refused = { status: 'refused', closedBy: '山田 凛', closedReason: 'Measure it again first.' };
    const waivers = RECORD.waivers.map((waiver) => ({ ...waiver, ...refused, approvedBy: null }));
    await open('auditor', { record: { waivers } });
    expect(text()).toMatch(/G09 ?Refused ?Vendor model\. ?Refused: Measure it again first\. ?Asked for by/);
  });

  it('says that it could not be loaded, and tries again', async () => {
    await show('auditor', {});
    const failed = { code: 'unavailable', detail: 'Try again later.', instance: 'r', errors: [] };
    http.expectOne(URL).flush(failed, { status: 503, statusText: 'x' });
    await settle();
    expect(text()).toContain('Governance could not be loaded');
    page.querySelector('button')?.click();
    await settle();
    http.expectOne(URL);
  });

  describe('as of an instant', () => {
    it('shows reviews, findings, waivers, the entry and the gate as they stood, and nothing to do', async () => {
      await open('admin', { asOf: AT });
      expect(text()).toContain('Attested by José Muñoz');
      expect(text()).toContain('Failed, says 山田 凛');
      expect(text()).toContain('Missing since 18 Nov 2026');
      expect(Array.from(page.querySelectorAll('.findings .title'), (one) => one.textContent?.trim())).toEqual(
        ['Live without an owner', 'Live without an owner G09'],
      );
      expect(text()).toMatch(/G09 ?Approved ?Vendor model\. ?Asked for by José Muñoz.*approved by 山田 凛/);
      expect(text()).toMatch(/Owner ?risk@norrfjard\.example ?Risk tier ?High/);
      expect(text()).toMatch(/To champion, 19 Nov 2026 ?Denied ?No security review is attested\./);
      expect(text()).toContain('Rule catalogue 2');
      expect(page.querySelector('button')).toBeNull();
    });

    it('says what there was not yet', async () => {
      const nothing = { entry: null, gate: null, catalogueVersion: null, findings: [], waivers: [] };
      await open('reviewer', { record: nothing, asOf: AT });
      expect(text()).toContain('There was none yet.');
      expect(text()).toContain('Not asked yet');
      expect(text()).toContain('Not evaluated yet');
      expect(text()).not.toContain('Waivers');
    });

    it('asks nothing for a Viewer', async () => {
      await show('viewer', {}, AT);
      http.verify();
      expect(text().trim()).toBe('');
    });

    it('leaves a form that was open, and stays without one', async () => {
      await open('reviewer');
      await click('Attest Privacy evaluation');
      await click('Edit the inventory entry');
      fixture.componentRef.setInput('asOf', AT);
      await settle();
      http.expectOne(`${URL}?asOf=${AT}`).flush({ ...RECORD, asOf: AT });
      await settle();
      expect(page.querySelector('form')).toBeNull();
    });
  });
});
