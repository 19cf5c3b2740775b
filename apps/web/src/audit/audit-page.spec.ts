import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { AuditEvent, AuditVerification, Role } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { AuditPage } from './audit-page';

const PERSON = '018f0000-0000-7000-8000-000000000001';
const RUN = '018f0000-0000-7000-8000-0000000000aa';
const HASH = 'b21a6f04'.repeat(8);

const event = (seq: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  seq,
  at: '2026-11-24T13:36:10.000Z',
  actor: { id: PERSON, name: 'Åsa Lindqvist', via: 'session' },
  action: 'session.started',
  subject: { type: 'user', id: PERSON, name: 'Åsa Lindqvist' },
  before: null,
  after: null,
  runId: null,
  hash: HASH,
  ...more,
});
const REFUSED = event(4, {
  actor: { id: null, name: null, via: 'session' },
  action: 'session.refused',
  after: { reason: 'wrong-password', attempts: 2 },
});
const SAVED = event(3, {
  action: 'entry.changed',
  subject: { type: 'inventory-entry', id: RUN, name: 'credit-risk-pd' },
  before: { owner: null },
  after: { owner: 'Åsa' },
  runId: RUN,
});
const LIST = { items: [REFUSED, SAVED], nextCursor: null, total: 4 };
const FAILED = { code: 'internal', detail: 'It failed.', instance: 'req-1', errors: [] };

describe('the audit trail', () => {
  let http: HttpTestingController;
  let page: HTMLElement;

  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
      TestBed.tick();
    }
  };
  const open = async (path: string, role: Role = 'auditor') => {
    const restored = TestBed.inject(Session).restore();
    http.expectOne('/api/v1/auth/me').flush({ id: PERSON, name: 'Åsa', email: 'a@b.example', role });
    await restored;
    const harness = await RouterTestingHarness.create();
    await harness.navigateByUrl(path, AuditPage);
    await settle();
    page = harness.fixture.nativeElement;
  };
  const list = () =>
    http.expectOne(({ url, params }) => url.endsWith('/events') && params.get('limit') === '25');
  const answer = async (body: object, status = 200) => {
    list().flush(body, { status, statusText: 'x' });
    await settle();
  };
  const newest = () =>
    http.expectOne(({ url, params }) => url.endsWith('/events') && params.get('limit') === '1');
  const verified = async (found: AuditVerification, head = 4) => {
    newest().flush({ items: [event(head)], nextCursor: null, total: head });
    await settle();
    http.expectOne('/api/v1/audit/verify').flush(found);
    await settle();
  };
  const text = (selector = '.page') =>
    page.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
  const button = (name: string) =>
    Array.from(page.querySelectorAll('button')).find((one) =>
      (one.ariaLabel ?? one.textContent ?? '').includes(name),
    );
  const click = async (name: string) => {
    button(name)?.click();
    await settle();
  };
  const choose = async (label: string, value: string) => {
    const select = Array.from(page.querySelectorAll('label'))
      .find((one) => one.textContent?.includes(label))
      ?.querySelector('select');
    if (!select) throw new Error(`no choice of ${label}`);
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await settle();
  };
  const query = () => {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  };

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([
          { path: 'audit', component: AuditPage },
          { path: '**', component: AuditPage },
        ]),
      ],
    });
    http = TestBed.inject(HttpTestingController);
  });

  it('tells each event in words, a refused sign-in without an actor too', async () => {
    await open('/audit');
    await answer(LIST);
    const rows = Array.from(page.querySelectorAll('tr.row'), (row) =>
      Array.from(row.querySelectorAll('td'), (cell) => cell.textContent?.trim()),
    );
    expect(rows[0]?.slice(1, 6)).toEqual([
      'Nobody signed in',
      'Sign-in refused',
      'Åsa Lindqvist',
      'Wrong password, attempt 2',
      'b21a 6f04',
    ]);
    expect(rows[1]?.slice(1, 5)).toEqual([
      'Åsa Lindqvist',
      'Inventory entry changed',
      'credit-risk-pd',
      'Owner: none → Åsa',
    ]);
    expect(text()).toContain('4 events');
    expect(text()).toContain('Events 4 to 3');
  });

  it('opens an event with before and after, its number, its hash and the way to its sync', async () => {
    await open('/audit');
    await answer(LIST);
    await click('Event 3');
    expect(query()).toEqual({ event: '3' });
    const [before, after] = Array.from(page.querySelectorAll('vw-event-panel .card'), (card) =>
      card.textContent?.replace(/\s+/g, ' ').trim(),
    );
    expect([before, after]).toEqual(['Beforeowner: none', 'Afterowner: Åsa']);
    expect(page.querySelector('vw-event-panel .strong')?.textContent).toBe('Åsa');
    expect(text('vw-event-panel dl')).toContain('Sequence3');
    expect(text('vw-event-panel dl')).toContain(HASH);
    expect(page.querySelector('vw-event-panel a')?.getAttribute('href')).toBe(
      `/integrations/mlflow?run=${RUN}`,
    );
    await click('Event 3');
    expect(query()).toEqual({});
    expect(page.querySelector('vw-event-panel')).toBeNull();
  });

  it('reads with the filters of the URL, whole days in local time, and leaves out what was mistyped', async () => {
    await open(`/audit?actor=${PERSON}&action=sync.ended&from=2026-11-18&to=2026-11-24`);
    const { params } = list().request;
    expect(params.get('actor')).toBe(PERSON);
    expect(params.get('action')).toBe('sync.ended');
    expect(params.get('from')).toBe(new Date(2026, 10, 18).toISOString());
    expect(params.get('to')).toBe(new Date(2026, 10, 25).toISOString());

    await TestBed.inject(Router).navigateByUrl('/audit?actor=me&action=a b&from=soon&event=x');
    await settle();
    expect(list().request.params.keys()).toEqual(['limit']);
  });

  it('puts each choice into the URL and starts at the newest event', async () => {
    await open('/audit?cursor=c1&event=3');
    await answer({ ...LIST, total: null });
    await choose('Event', 'session.refused');
    expect(query()).toEqual({ action: 'session.refused' });
    await answer(LIST);
    await choose('Actor', PERSON);
    expect(query()).toEqual({ action: 'session.refused', actor: PERSON });
    await answer(LIST);
    await choose('Period', '0');
    expect(Object.keys(query())).toEqual(['action', 'actor', 'from']);
    await answer(LIST);
    await click('Clear filters');
    expect(query()).toEqual({});
  });

  it('lets an Admin choose among all people and keys', async () => {
    await open('/audit', 'admin');
    http
      .expectOne(({ url }) => url.endsWith('/users'))
      .flush({ items: [{ id: 'u', name: 'Zoë' }], nextCursor: null });
    http
      .expectOne(({ url }) => url.endsWith('/api-keys'))
      .flush({ items: [{ id: 'k', name: 'ci' }], nextCursor: null });
    await answer(LIST);
    const names = Array.from(page.querySelectorAll('select')[0]?.options ?? [], (option) => option.text);
    expect(names).toEqual(['Any actor', 'System, nobody signed in', 'Åsa Lindqvist', 'ci', 'Zoë']);
  });

  it('asks for no people and keys where an Auditor may not read them; who was met in the trail can be chosen', async () => {
    await open('/audit');
    http.expectNone(({ url }) => url.endsWith('/users') || url.endsWith('/api-keys'));
    await answer(LIST);
    const names = Array.from(page.querySelectorAll('select')[0]?.options ?? [], (option) => option.text);
    expect(names).toEqual(['Any actor', 'System, nobody signed in', 'Åsa Lindqvist']);
  });

  it('goes to older events and back, with the number of all in sight', async () => {
    await open('/audit');
    await answer({ ...LIST, nextCursor: 'c1' });
    await click('Older events');
    expect(query()).toEqual({ cursor: 'c1' });
    await answer({ items: [event(2), event(1)], nextCursor: null, total: null });
    expect(text()).toContain('Events 2 to 1');
    expect(text('vw-trail-filters')).toContain('4 events');
    await click('Newer events');
    expect(query()).toEqual({});
  });

  it('quietly shows the newest events for a link whose page belongs to other filters', async () => {
    await open('/audit?action=sync.ended&cursor=foreign');
    await answer({ ...FAILED, code: 'invalid-input' }, 422);
    expect(query()).toEqual({ action: 'sync.ended' });
    await answer(LIST);
    expect(page.querySelector('vw-load-failed')).toBeNull();
  });

  it('says that the events could not be loaded, with the reference', async () => {
    await open('/audit');
    await answer(FAILED, 500);
    expect(text('vw-load-failed')).toContain('The events could not be loaded');
    expect(text('vw-load-failed')).toContain('Reference req-1');
    await click('Try again');
    await answer(LIST);
    expect(page.querySelectorAll('tr.row')).toHaveLength(2);
  });

  it('tells filters that match nothing from a trail that was emptied', async () => {
    await open('/audit?action=sync.ended');
    await answer({ items: [], nextCursor: null, total: 0 });
    expect(text()).toContain('No events match these filters');
    await click('Clear filters');
    await answer({ items: [], nextCursor: null, total: 0 });
    expect(text()).toContain('The trail is empty');
  });

  it.each(['reviewer', 'viewer'] as const)('is not read for a %s, who is told who may', async (role) => {
    await open('/audit', role);
    http.expectNone(({ url }) => url.includes('/audit/'));
    expect(text()).toContain('Only Admins and Auditors can read the audit trail');
    expect(button('Export')).toBeUndefined();
  });

  it('says that an event asked for is not there', async () => {
    await open('/audit?event=9');
    await answer(LIST);
    expect(text('.missing')).toContain('Event 9 is not among these');
  });

  it('exports with the present filters, and says that an extract cannot be verified', async () => {
    const menu = () => document.querySelector('.mat-mdc-menu-panel');
    const links = () => Array.from(menu()?.querySelectorAll('a') ?? [], (link) => link.getAttribute('href'));
    await open('/audit?action=sync.ended');
    await answer(LIST);
    await click('Export');
    expect(links()).toEqual([
      '/api/v1/audit/events.csv?action=sync.ended',
      '/api/v1/audit/events.jsonl?action=sync.ended',
    ]);
    expect(menu()?.textContent).toContain('cannot be verified offline');
    await TestBed.inject(Router).navigateByUrl('/audit');
    await settle();
    expect(links()).toEqual(['/api/v1/audit/events.csv', '/api/v1/audit/events.jsonl']);
    expect(menu()?.textContent).not.toContain('cannot be verified');
    expect(menu()?.textContent).toContain('npm run audit:verify -- FILE');
  });

  describe('its chain', () => {
    const card = () => text('vw-chain-card');

    it('is verified when the page opens, and again when asked', async () => {
      await open('/audit');
      await answer(LIST);
      expect(card()).toContain('Verifying…');
      await verified({ ok: true, events: 4, brokenAt: null });
      expect(card()).toContain('Chain verified');
      expect(card()).toContain('4 of 4 events');
      expect(card()).toContain('Head b21a 6f04 … 6f04, checked');
      await click('Verify chain');
      expect(card()).toContain('Verifying…');
      await verified({ ok: true, events: 5, brokenAt: null });
      expect(card()).toContain('5 of 5 events');
    });

    it('is named where it is broken, with a link to that event', async () => {
      await open('/audit?action=sync.ended');
      await answer(LIST);
      await verified({ ok: false, events: 2, brokenAt: 3 });
      expect(text('vw-chain-card [role=alert]')).toContain(
        'Chain broken at event 3. Later events cannot be trusted.',
      );
      await click('Show event 3');
      for (let probes = 0; query()['event'] === undefined && probes < 100; probes += 1) {
        const probe = newest();
        const isBehind = (probe.request.params.get('to') ?? '') > SAVED.at;
        probe.flush({ items: [isBehind ? SAVED : event(2)], nextCursor: null, total: null });
        await settle();
      }
      expect(query()).toEqual({ event: '3', to: '2026-11-24T13:36:10.001Z' });
      await answer({ items: [SAVED], nextCursor: null, total: 3 });
      expect(page.querySelector('vw-event-panel')).not.toBeNull();
    });

    it('has no link to events that were cut off', async () => {
      await open('/audit');
      await verified({ ok: false, events: 4, brokenAt: 5 });
      expect(card()).toContain('What followed event 4 is gone.');
      expect(button('Show event')).toBeUndefined();
    });

    it('is said to be unverified where the server does not answer', async () => {
      await open('/audit');
      newest().flush(FAILED, { status: 500, statusText: 'x' });
      await settle();
      expect(text('vw-chain-card [role=alert]')).toContain('The chain could not be verified');
      expect(card()).toContain('req-1');
      await click('Verify chain');
      await verified({ ok: true, events: 4, brokenAt: null });
      expect(card()).toContain('Chain verified');
    });
  });
});
