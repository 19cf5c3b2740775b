import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Role, Waiver } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { eventually } from '../ui/eventually.fixture';
import { WaiversTab } from './waivers-tab';

const SOON = new Date(Date.now() + 86_400_000).toISOString();
const WAIVER: Waiver = {
  ...{ id: 'w1', versionId: 'v1', modelName: 'credit-risk-pd', version: '7', rule: 'G11' },
  ...{ reason: 'Vendor model.', endsAt: SOON, requestedBy: 'José Muñoz', requesterId: 'jose' },
  ...{ requestedAt: '2026-11-18T08:00:00Z', approvedBy: null, approvedAt: null, status: 'requested' },
  ...{ closedBy: null, closedAt: null, closedReason: null },
};
const APPROVED: Waiver = {
  ...{ ...WAIVER, status: 'approved', approvedBy: 'Rin', approvedAt: '2026-11-18T09:00:00Z' },
};

describe('the waivers', () => {
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const list = () => http.expectOne(({ url }) => url === '/api/v1/governance/waivers');
  const open = async (waivers: Waiver[], role: Role = 'reviewer') => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: 'asa', name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const harness = await RouterTestingHarness.create();
    const navigated = harness.navigateByUrl('/waivers', WaiversTab);
    await settle();
    list().flush({ items: waivers, nextCursor: null, total: waivers.length });
    await settle();
    await navigated;
    page = harness.fixture.nativeElement;
  };
  const text = () => page.textContent?.replace(/\s+/g, ' ') ?? '';
  const approve = () => page.querySelector<HTMLButtonElement>('button[aria-label^=Approve]');
  const actions = () =>
    Array.from(page.querySelectorAll('td.actions button'), (button) => button.textContent?.trim());

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([{ path: 'waivers', component: WaiversTab }]),
      ],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('approves what somebody else asked for, after a question', async () => {
    await open([WAIVER]);
    expect(text()).toContain('Waiting');
    approve()?.click();
    await settle();
    const dialog = document.querySelector('[role=alertdialog]');
    expect(dialog?.textContent).toContain('credit-risk-pd v7');
    http.expectNone('/api/v1/governance/waivers/w1/approve');
    dialog?.querySelector<HTMLElement>('button:last-child')?.click();
    const asked = await eventually(() => http.expectOne('/api/v1/governance/waivers/w1/approve'));
    const approved = { ...APPROVED, approvedBy: 'Åsa' };
    asked.flush(approved);
    await settle();
    list().flush({ items: [approved], nextCursor: null, total: 1 });
    await settle();
    expect(text()).toContain('Approved by Åsa');
    expect(approve()).toBeNull();
  });

  it('lets nobody approve a waiver of their own', async () => {
    await open([{ ...WAIVER, requesterId: 'asa' }]);
    expect(approve()).toBeNull();
    expect(text()).toContain('Someone else must approve it');
  });

  it.each<[Role, string, Waiver, string[]]>([
    ['reviewer', 'what somebody else asked for', WAIVER, ['Approve', 'Refuse']],
    ['reviewer', 'a waiver of their own', { ...WAIVER, requesterId: 'asa' }, ['Withdraw']],
    ['reviewer', 'an approved one of their own', { ...APPROVED, requesterId: 'asa' }, ['Withdraw']],
    ['reviewer', 'an approved one of somebody else', APPROVED, []],
    ['admin', 'an approved one of somebody else', APPROVED, ['Withdraw']],
    ['admin', 'what somebody else asked for', WAIVER, ['Approve', 'Refuse']],
    ['auditor', 'what somebody else asked for', WAIVER, []],
    ['admin', 'a refused one', { ...WAIVER, status: 'refused' }, []],
    ['admin', 'a withdrawn one', { ...APPROVED, status: 'withdrawn' }, []],
    ['admin', 'one that has ended', { ...APPROVED, endsAt: '2026-11-19T08:00:00Z' }, []],
  ])('offers an %s for %s', async (role, _what, waiver, offered) => {
    await open([waiver], role);
    expect(actions()).toEqual(offered);
  });

  it('refuses with a reason only, and shows it', async () => {
    await open([WAIVER]);
    page.querySelector<HTMLButtonElement>('button[aria-label^=Refuse]')?.click();
    await settle();
    const dialog = await eventually(() => {
      const found = document.querySelector('vw-refuse-dialog');
      if (!found) throw new Error('no dialog');
      return found;
    });
    const press = () => dialog.querySelector<HTMLButtonElement>('button[type=submit]')?.click();
    press();
    await settle();
    http.expectNone('/api/v1/governance/waivers/w1/refuse');
    expect(dialog.textContent).toContain('Say why it is refused.');
    const reason = dialog.querySelector('textarea');
    if (!reason) throw new Error('no field');
    reason.value = ' Measure it first. ';
    reason.dispatchEvent(new Event('input'));
    await settle();
    press();
    const asked = await eventually(() => http.expectOne('/api/v1/governance/waivers/w1/refuse'));
    expect(asked.request.body).toEqual({ reason: 'Measure it first.' });
    const closed = { closedBy: 'Åsa', closedAt: '2026-11-25T08:00:00Z', closedReason: 'Measure it first.' };
    const refused: Waiver = { ...WAIVER, ...closed, status: 'refused' };
    asked.flush(refused);
    await eventually(() => list().flush({ items: [refused], nextCursor: null, total: 1 }));
    await settle();
    expect(text()).toContain('Refused: Measure it first.');
    expect(text()).toContain('Refused by Åsa');
  });

  it('withdraws after a question that says what follows', async () => {
    await open([APPROVED], 'admin');
    page.querySelector<HTMLButtonElement>('button[aria-label^=Withdraw]')?.click();
    const dialog = await eventually(() => {
      const found = document.querySelector('[role=alertdialog]:has(vw-confirm-dialog)');
      if (!found?.textContent?.includes('Withdraw this waiver?')) throw new Error('no question');
      return found;
    });
    expect(dialog.textContent).toContain('The finding is open again at once.');
    dialog.querySelector<HTMLElement>('button:last-child')?.click();
    const asked = await eventually(() => http.expectOne('/api/v1/governance/waivers/w1/withdraw'));
    asked.flush({ ...APPROVED, status: 'withdrawn' });
    await eventually(list);
  });

  it('tells a waiver that ended without approval from one that ended after it', async () => {
    const ended = { ...WAIVER, endsAt: '2026-11-19T08:00:00Z' };
    await open([ended, { ...APPROVED, id: 'w2', endsAt: ended.endsAt }]);
    expect(text()).toContain('Never approved');
    expect(text()).toContain('Ended');
    expect(approve()).toBeNull();
  });

  it('says that no waiver was ever asked for', async () => {
    await open([]);
    expect(text()).toContain('No waiver was ever asked for');
    expect(page.querySelector('vw-empty-state a')?.getAttribute('href')).toBe('/governance/findings');
  });
});
