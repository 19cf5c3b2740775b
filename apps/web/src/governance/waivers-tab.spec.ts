import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { Role, Waiver } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { WaiversTab } from './waivers-tab';

const SOON = new Date(Date.now() + 86_400_000).toISOString();
const WAIVER: Waiver = {
  ...{ id: 'w1', versionId: 'v1', modelName: 'credit-risk-pd', version: '7', rule: 'G11' },
  ...{ reason: 'Vendor model.', endsAt: SOON, requestedBy: 'José Muñoz', requesterId: 'jose' },
  ...{ requestedAt: '2026-11-18T08:00:00Z', approvedBy: null, approvedAt: null },
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
  const eventually = async <T>(find: () => T): Promise<T> => {
    for (const deadline = Date.now() + 5_000; ; await settle()) {
      try {
        return find();
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
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
    const approved = { ...WAIVER, approvedBy: 'Åsa', approvedAt: '2026-11-25T08:00:00Z' };
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

  it('offers an Auditor no approval', async () => {
    await open([WAIVER], 'auditor');
    expect(approve()).toBeNull();
  });

  it('tells a waiver that ended without approval from one that ended after it', async () => {
    const ended = { ...WAIVER, endsAt: '2026-11-19T08:00:00Z' };
    await open([ended, { ...ended, id: 'w2', approvedBy: 'Rin', approvedAt: '2026-11-18T09:00:00Z' }]);
    expect(text()).toContain('Never approved');
    expect(text()).toContain('Ended');
    expect(approve()).toBeNull();
  });

  it('says that no waiver was ever asked for', async () => {
    await open([]);
    expect(text()).toContain('No waiver was ever asked for');
  });
});
