import { type HarnessLoader, manualChangeDetection } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { provideRouter } from '@angular/router';
import type { Role, UserAccount } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { PeopleTab } from './people-tab';

const USERS = '/api/v1/users';

const person = (id: string, name: string, more: Partial<UserAccount> = {}): UserAccount => ({
  id,
  name,
  email: `${id}@b.example`,
  role: 'admin',
  active: true,
  createdAt: '2026-11-24T13:00:00Z',
  ...more,
});
const ME = person('me', 'Åsa');
const JOSE = person('jose', 'José', { role: 'reviewer' });
const GONE = person('gone', 'Vera', { role: 'viewer', active: false });

describe('the people of the organization', () => {
  let fixture: ComponentFixture<PeopleTab>;
  let loader: HarnessLoader;
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
    http.expectOne('/api/v1/auth/me').flush({ ...ME, role });
    await restored;
    fixture = TestBed.createComponent(PeopleTab);
    loader = TestbedHarnessEnvironment.documentRootLoader(fixture);
    page = fixture.nativeElement;
    await settle();
  };
  const list = async (
    items: UserAccount[],
    more: { nextCursor?: string | null; total?: number | null } = {},
  ) => {
    http
      .expectOne(({ url, method }) => url === USERS && method === 'GET')
      .flush({ items, nextCursor: null, total: items.length, ...more });
    await settle();
  };
  /** A click that sends a request must not wait for its answer, as harnesses do. */
  const click = (text: string) =>
    manualChangeDetection(async () => {
      await (await loader.getHarness(MatButtonHarness.with({ text }))).click();
      await settle();
    });
  const fill = async (id: string, value: string) =>
    (await loader.getHarness(MatInputHarness.with({ selector: `#${id}` }))).setValue(value);
  const act = async (label: string) => {
    page.querySelector<HTMLElement>(`[aria-label="${label}"]`)?.click();
    await settle();
  };
  const agree = async (verb: string) => {
    const dialog = await loader.getHarness(MatDialogHarness);
    const asked = `${await dialog.getTitleText()} ${await dialog.getContentText()}`;
    const button = await dialog.getHarness(MatButtonHarness.with({ text: verb }));
    await manualChangeDetection(async () => {
      await button.click();
      while (document.querySelector('mat-dialog-container') !== null) await settle();
    });
    return asked;
  };
  const changed = () => http.expectOne(({ method }) => method === 'PATCH');
  const rows = () =>
    Array.from(page.querySelectorAll('tbody tr'), (row) => [
      row.querySelector('.name')?.textContent?.trim(),
      row.querySelector('select')?.value,
      row.querySelector('.state')?.textContent?.trim(),
    ]);

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('are listed with role and status', async () => {
    await open('admin');
    await list([ME, JOSE, GONE]);
    expect(rows()).toEqual([
      ['Åsa (you)', 'admin', 'Active'],
      ['José', 'reviewer', 'Active'],
      ['Vera', 'viewer', 'Deactivated'],
    ]);
    expect(page.textContent).toContain('1–3 of 3 people');
  });

  it('come in pages', async () => {
    await open('admin');
    await list([ME, JOSE], { nextCursor: 'c1', total: 3 });
    await act('Next page');
    const next = http.expectOne(({ url }) => url === USERS);
    expect(next.request.params.get('cursor')).toBe('c1');
    next.flush({ items: [GONE], nextCursor: null, total: null });
    await settle();
    expect(page.textContent).toContain('3–3 of 3 people');
  });

  it('are none of the business of those who are no Admin', async () => {
    await open('auditor');
    http.expectNone(({ url }) => url === USERS);
    expect(page.textContent).toContain('Only Admins can manage people and API keys');
  });

  it('could not be loaded: it says so and tries again', async () => {
    await open('admin');
    const refused = { code: 'internal', detail: 'It failed.', instance: 'req-1', errors: [] };
    http.expectOne(({ url }) => url === USERS).flush(refused, { status: 500, statusText: 'x' });
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('The people could not be loaded');
    await act('Try again');
    expect(page.textContent).toContain('req-1');
  });

  it('are invited with a password that is shown once', async () => {
    await open('admin');
    await list([ME]);
    await click('Invite person');
    await fill('person-name', 'Nils');
    await fill('person-email', 'nils@b.example');
    await click('Invite');
    const request = http.expectOne({ method: 'POST', url: USERS });
    expect(request.request.body).toEqual({ name: 'Nils', email: 'nils@b.example', role: 'reviewer' });
    request.flush({ ...person('nils', 'Nils'), oneTimePassword: 'once-and-never-again' });
    await settle();
    await list([ME, person('nils', 'Nils')]);
    expect(page.querySelector('code')?.textContent).toBe('once-and-never-again');
    expect(page.querySelector('[aria-label="Copy one-time password"]')).not.toBeNull();
    await click('Done');
    expect(page.textContent).not.toContain('once-and-never-again');
  });

  it('are not invited twice: the reason stands above the form, or at its field', async () => {
    await open('admin');
    await list([ME]);
    await click('Invite person');
    await click('Invite');
    http.expectNone({ method: 'POST', url: USERS });
    expect(page.textContent).toContain('Enter a name.');
    await fill('person-name', 'Nils');
    await fill('person-email', 'nils@b.example');
    await click('Invite');
    const taken = { code: 'conflict', detail: 'Someone uses this e-mail address already.', errors: [] };
    http.expectOne({ method: 'POST', url: USERS }).flush(taken, { status: 409, statusText: 'x' });
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain(
      'Someone uses this e-mail address already.',
    );
    await click('Invite');
    const errors = [{ field: 'email', message: 'Not an address.' }];
    http
      .expectOne({ method: 'POST', url: USERS })
      .flush({ code: 'invalid-input', detail: 'x', errors }, { status: 422, statusText: 'x' });
    await settle();
    expect(page.querySelector('mat-error')?.textContent).toContain('Not an address.');
  });

  it('get another role once that is confirmed; the choice shows the stored one until then', async () => {
    await open('admin');
    await list([ME, JOSE]);
    const choice = page.querySelector<HTMLSelectElement>('[aria-label="Role of José"]');
    if (choice === null) throw new Error('no choice');
    choice.value = 'auditor';
    choice.dispatchEvent(new Event('change'));
    expect(choice.value).toBe('reviewer');
    await settle();
    expect(await agree('Change role')).toContain('Make José an Auditor? Their sessions end');
    const request = changed();
    expect([request.request.url, request.request.body]).toEqual([`${USERS}/jose`, { role: 'auditor' }]);
    request.flush({ ...JOSE, role: 'auditor' });
    await settle();
    await list([ME, { ...JOSE, role: 'auditor' }]);
    expect(choice.value).toBe('auditor');
  });

  it('are deactivated and reactivated, each time confirmed', async () => {
    await open('admin');
    await list([JOSE, GONE]);
    await act('Deactivate José');
    expect(await agree('Deactivate')).toContain('What they did stays in the audit trail.');
    const off = changed();
    expect(off.request.body).toEqual({ active: false });
    off.flush({ ...JOSE, active: false });
    await settle();
    await list([JOSE, GONE]);
    await act('Reactivate Vera');
    expect(await agree('Reactivate')).toContain('sign in again as Viewer');
    const on = changed();
    expect([on.request.url, on.request.body]).toEqual([`${USERS}/gone`, { active: true }]);
    on.flush({ ...GONE, active: true });
  });

  it('stay as they are when somebody thinks better of it', async () => {
    await open('admin');
    await list([JOSE]);
    await act('Deactivate José');
    await agree('Cancel');
    http.expectNone(({ method }) => method === 'PATCH');
  });

  it('keep their last Admin, and the page says why', async () => {
    await open('admin');
    await list([ME]);
    await act('Deactivate Åsa');
    expect(await agree('Deactivate')).toContain('This is you');
    const last = { code: 'conflict', detail: 'The last active Admin must stay one.', errors: [] };
    changed().flush(last, { status: 409, statusText: 'x' });
    await settle();
    expect(page.querySelector('[role=alert]')?.textContent).toContain('The last active Admin must stay one.');
    await list([ME]);
    expect(rows()).toEqual([['Åsa (you)', 'admin', 'Active']]);
  });
});
