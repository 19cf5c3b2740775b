import { event, FAILED, HASH, LIST, PERSON, RUN, TrailPage } from './audit-page.fixture';

describe('the audit trail', () => {
  let trail: TrailPage;

  const choose = async (label: string, value: string) => {
    const select = Array.from(trail.page.querySelectorAll('label'))
      .find((one) => one.textContent?.includes(label))
      ?.querySelector('select');
    if (!select) throw new Error(`no choice of ${label}`);
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await trail.settle();
  };

  beforeEach(() => {
    trail = TrailPage.create();
  });

  it('tells each event in words, a refused sign-in without an actor too', async () => {
    await trail.open('/audit');
    await trail.answer(LIST);
    const rows = Array.from(trail.page.querySelectorAll('tr.row'), (row) =>
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
    expect(trail.text()).toContain('4 events');
    expect(trail.text()).toContain('Events 4 to 3');
  });

  it('opens an event with before and after, its number, its hash and the way to its sync', async () => {
    await trail.open('/audit');
    await trail.answer(LIST);
    await trail.click('Event 3');
    expect(trail.query()).toEqual({ event: '3' });
    const [before, after] = Array.from(trail.page.querySelectorAll('vw-event-panel .card'), (card) =>
      card.textContent?.replace(/\s+/g, ' ').trim(),
    );
    expect([before, after]).toEqual(['Beforeowner: none', 'Afterowner: Åsa']);
    expect(trail.page.querySelector('vw-event-panel .strong')?.textContent).toBe('Åsa');
    expect(trail.text('vw-event-panel dl')).toContain('Sequence3');
    expect(trail.text('vw-event-panel dl')).toContain(HASH);
    expect(trail.page.querySelector('vw-event-panel a')?.getAttribute('href')).toBe(
      `/integrations/mlflow?run=${RUN}`,
    );
    await trail.click('Event 3');
    expect(trail.query()).toEqual({});
    expect(trail.page.querySelector('vw-event-panel')).toBeNull();
  });

  it('reads with the filters of the URL, whole days in local time, and leaves out what was mistyped', async () => {
    await trail.open(`/audit?actor=${PERSON}&action=sync.ended&from=2026-11-18&to=2026-11-24`);
    const { params } = trail.list().request;
    expect(params.get('actor')).toBe(PERSON);
    expect(params.get('action')).toBe('sync.ended');
    expect(params.get('from')).toBe(new Date(2026, 10, 18).toISOString());
    expect(params.get('to')).toBe(new Date(2026, 10, 25).toISOString());

    await trail.navigate('/audit?actor=me&action=a b&from=soon&event=x');
    expect(trail.list().request.params.keys()).toEqual(['limit']);
  });

  it('puts each choice into the URL and starts at the newest event', async () => {
    await trail.open('/audit?cursor=c1&event=3');
    await trail.answer({ ...LIST, total: null });
    await choose('Event', 'session.refused');
    expect(trail.query()).toEqual({ action: 'session.refused' });
    await trail.answer(LIST);
    await choose('Actor', PERSON);
    expect(trail.query()).toEqual({ action: 'session.refused', actor: PERSON });
    await trail.answer(LIST);
    await choose('Period', '0');
    expect(Object.keys(trail.query())).toEqual(['action', 'actor', 'from']);
    await trail.answer(LIST);
    await trail.click('Clear filters');
    expect(trail.query()).toEqual({});
  });

  it('lets an Admin choose among all people and keys', async () => {
    await trail.open('/audit', 'admin');
    trail.http
      .expectOne(({ url }) => url.endsWith('/users'))
      .flush({ items: [{ id: 'u', name: 'Zoë' }], nextCursor: null });
    trail.http
      .expectOne(({ url }) => url.endsWith('/api-keys'))
      .flush({ items: [{ id: 'k', name: 'ci' }], nextCursor: null });
    await trail.answer(LIST);
    const names = Array.from(
      trail.page.querySelectorAll('select')[0]?.options ?? [],
      (option) => option.text,
    );
    expect(names).toEqual(['Any actor', 'System, nobody signed in', 'Åsa Lindqvist', 'ci', 'Zoë']);
  });

  it('asks for no people and keys where an Auditor may not read them; who was met in the trail can be chosen', async () => {
    await trail.open('/audit');
    trail.http.expectNone(({ url }) => url.endsWith('/users') || url.endsWith('/api-keys'));
    await trail.answer(LIST);
    const names = Array.from(
      trail.page.querySelectorAll('select')[0]?.options ?? [],
      (option) => option.text,
    );
    expect(names).toEqual(['Any actor', 'System, nobody signed in', 'Åsa Lindqvist']);
  });

  it('goes to older events and back, with the number of all in sight', async () => {
    await trail.open('/audit');
    await trail.answer({ ...LIST, nextCursor: 'c1' });
    await trail.click('Older events');
    expect(trail.query()).toEqual({ cursor: 'c1' });
    await trail.answer({ items: [event(2), event(1)], nextCursor: null, total: null });
    expect(trail.text()).toContain('Events 2 to 1');
    expect(trail.text('vw-trail-filters')).toContain('4 events');
    await trail.click('Newer events');
    expect(trail.query()).toEqual({});
  });

  it('quietly shows the newest events for a link whose page belongs to other filters', async () => {
    await trail.open('/audit?action=sync.ended&cursor=foreign');
    await trail.answer({ ...FAILED, code: 'invalid-input' }, 422);
    expect(trail.query()).toEqual({ action: 'sync.ended' });
    await trail.answer(LIST);
    expect(trail.page.querySelector('vw-load-failed')).toBeNull();
  });

  it('says that the events could not be loaded, with the reference', async () => {
    await trail.open('/audit');
    await trail.answer(FAILED, 500);
    expect(trail.text('vw-load-failed')).toContain('The events could not be loaded');
    expect(trail.text('vw-load-failed')).toContain('Reference req-1');
    await trail.click('Try again');
    await trail.answer(LIST);
    expect(trail.page.querySelectorAll('tr.row')).toHaveLength(2);
  });

  it('tells filters that match nothing from a trail that was emptied', async () => {
    await trail.open('/audit?action=sync.ended');
    await trail.answer({ items: [], nextCursor: null, total: 0 });
    expect(trail.text()).toContain('No events match these filters');
    await trail.click('Clear filters');
    await trail.answer({ items: [], nextCursor: null, total: 0 });
    expect(trail.text()).toContain('The trail is empty');
  });

  it.each(['reviewer', 'viewer'] as const)('is not read for a %s, who is told who may', async (role) => {
    await trail.open('/audit', role);
    trail.http.expectNone(({ url }) => url.includes('/audit/'));
    expect(trail.text()).toContain('Only Admins and Auditors can read the audit trail');
    expect(trail.button('Export')).toBeUndefined();
  });

  it('says that an event asked for is not there', async () => {
    await trail.open('/audit?event=9');
    await trail.answer(LIST);
    expect(trail.text('.missing')).toContain('Event 9 is not among these');
  });

  it('exports with the present filters, and says that an extract cannot be verified', async () => {
    const menu = () => document.querySelector('.mat-mdc-menu-panel');
    const links = () => Array.from(menu()?.querySelectorAll('a') ?? [], (link) => link.getAttribute('href'));
    await trail.open('/audit?action=sync.ended');
    await trail.answer(LIST);
    await trail.click('Export');
    expect(links()).toEqual([
      '/api/v1/audit/events.csv?action=sync.ended',
      '/api/v1/audit/events.jsonl?action=sync.ended',
    ]);
    expect(menu()?.textContent).toContain('cannot be verified offline');
    await trail.navigate('/audit');
    expect(links()).toEqual(['/api/v1/audit/events.csv', '/api/v1/audit/events.jsonl']);
    expect(menu()?.textContent).not.toContain('cannot be verified');
    expect(menu()?.textContent).toContain('npm run audit:verify -- FILE');
  });
});
