import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { Attestation } from '@vw/shared-contracts';
import { AttestForm } from './attest-form';
import { dayIn } from './days';
import { ATTESTATION } from './governance.fixture';

const URL = '/api/v1/governance/attestations';

describe('attesting a review', () => {
  let fixture: ComponentFixture<AttestForm>;
  let http: HttpTestingController;
  let page: HTMLElement;
  let signed: Attestation[];

  const settle = async () => {
    await new Promise((done) => setTimeout(done));
    await fixture.whenStable();
  };
  const set = (id: string, value: string) => {
    const field = page.querySelector<HTMLInputElement | HTMLSelectElement>(`#${id}`);
    if (field === null) throw new Error(`no field ${id}`);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const tick = () => page.querySelector<HTMLInputElement>('#attest-tick')?.click();
  const submit = async () => {
    await settle();
    page.querySelector<HTMLButtonElement>('[type=submit]')?.click();
    await settle();
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(AttestForm);
    fixture.componentRef.setInput('reviewed', {
      versionId: 'v1',
      modelName: 'credit-risk-pd',
      version: '7',
    });
    fixture.componentRef.setInput('requirement', 'privacy-evaluation');
    fixture.componentRef.setInput('takesFocus', true);
    signed = [];
    fixture.componentInstance.signed.subscribe((attestation) => signed.push(attestation));
    page = fixture.nativeElement;
    document.body.append(page);
    await settle();
  });

  afterEach(() => http.verify());

  it('names the version that is signed, and what is kept of the signer', () => {
    expect(text()).toContain(
      'I reviewed this evidence for credit-risk-pd v7. My name and the time go into the audit trail.',
    );
    expect(document.activeElement).toBe(page.querySelector('#attest-evidence'));
  });

  it('sends nothing without the tick, or without evidence that is a link', async () => {
    set('attest-evidence', 'a folder of mine');
    await submit();
    http.expectNone(URL);
    expect(text()).toContain('Begin with http:// or https://.');
    expect(text()).toContain('Confirm that you reviewed the evidence.');
  });

  it('signs with the longest possible end, left to the server', async () => {
    set('attest-evidence', 'https://evidence.example/1');
    tick();
    await submit();
    const { request } = http.expectOne(URL);
    expect(request.body).toEqual({
      ...{ versionId: 'v1', requirement: 'privacy-evaluation', result: 'passed' },
      ...{ evidenceUrl: 'https://evidence.example/1', evidenceSha256: null, expiresAt: null, note: null },
    });
  });

  it('is done once the server has signed, and says so', async () => {
    set('attest-evidence', 'https://evidence.example/1');
    set('attest-until', dayIn(30));
    set('attest-note', 'Twelve groups.');
    tick();
    await submit();
    const asked = http.expectOne(URL);
    expect(asked.request.body).toMatchObject({ note: 'Twelve groups.' });
    const days = (Date.parse(asked.request.body.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29);
    expect(days).toBeLessThan(31.1);
    asked.flush(ATTESTATION);
    await settle();
    expect(signed).toEqual([ATTESTATION]);
    expect(document.body.textContent).toContain('Privacy evaluation of credit-risk-pd v7 attested: passed.');
  });

  it('takes the hash of the evidence, and nothing that is none', async () => {
    set('attest-evidence', 'https://evidence.example/1');
    tick();
    set('attest-sha256', 'e3b0c442');
    await submit();
    http.expectNone(URL);
    expect(text()).toContain('64 digits 0–9 and a–f');
    const hash = 'Ab'.repeat(32);
    set('attest-sha256', ` ${hash} `);
    await submit();
    expect(http.expectOne(URL).request.body).toMatchObject({ evidenceSha256: hash });
  });

  it('takes a failed review without evidence', async () => {
    set('attest-result', 'failed');
    tick();
    await submit();
    expect(http.expectOne(URL).request.body).toMatchObject({ result: 'failed', evidenceUrl: null });
  });

  it('tells an owner that the signature does not count', async () => {
    set('attest-evidence', 'https://evidence.example/1');
    tick();
    await submit();
    http.expectOne(URL).flush({ ...ATTESTATION, independent: false });
    await settle();
    expect(document.body.textContent).toContain('it does not count: you own credit-risk-pd v7.');
  });

  it('refuses an end that is past or too far', async () => {
    set('attest-evidence', 'https://evidence.example/1');
    tick();
    set('attest-until', dayIn(-1));
    await submit();
    expect(text()).toContain('In the future.');
    set('attest-until', dayIn(366));
    await submit();
    expect(text()).toContain('At most 365 days ahead.');
    http.expectNone(URL);
  });

  it('shows what the server refuses beside its field, and all else above', async () => {
    set('attest-evidence', 'https://evidence.example/1');
    tick();
    await submit();
    const errors = [{ field: 'evidenceUrl', message: 'evidenceUrl must be a URL address' }];
    const refused = { code: 'invalid-input', detail: 'Invalid.', instance: 'r', errors };
    http.expectOne(URL).flush(refused, { status: 422, statusText: 'x' });
    await settle();
    expect(page.querySelector('mat-error')?.textContent).toContain('must be a URL address');
    set('attest-evidence', 'https://evidence.example/2');
    await submit();
    const away = { code: 'not-found', detail: 'There is no such thing.', instance: 'r', errors: [] };
    http.expectOne(URL).flush(away, { status: 404, statusText: 'x' });
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('There is no such thing.');
    expect(signed).toEqual([]);
  });

  it('tells whoever left the form that nothing was signed', async () => {
    set('attest-evidence', 'https://evidence.example/privacy');
    tick();
    await submit();
    fixture.destroy();
    const refused = { code: 'unavailable', detail: 'Try again later.', instance: 'r', errors: [] };
    http.expectOne(URL).flush(refused, { status: 503, statusText: 'x' });
    await settle();
    const told = document.querySelector('mat-snack-bar-container')?.textContent;
    expect(told).toContain('Nothing was signed. Try again later.');
  });
});
