import type { AuditVerification } from '@vw/shared-contracts';
import { event, FAILED, LIST, SAVED, TrailPage } from './audit-page.fixture';

describe('the chain of the audit trail', () => {
  let trail: TrailPage;

  const newest = () =>
    trail.http.expectOne(({ url, params }) => url.endsWith('/events') && params.get('limit') === '1');
  const verified = async (found: AuditVerification, head = 4) => {
    newest().flush({ items: [event(head)], nextCursor: null, total: head });
    await trail.settle();
    trail.http.expectOne('/api/v1/audit/verify').flush(found);
    await trail.settle();
  };

  beforeEach(() => {
    trail = TrailPage.create();
  });

  const card = () => trail.text('vw-chain-card');

  it('is verified when the page opens, and again when asked', async () => {
    await trail.open('/audit');
    await trail.answer(LIST);
    expect(card()).toContain('Verifying…');
    await verified({ ok: true, events: 4, brokenAt: null });
    expect(card()).toContain('Chain verified');
    expect(card()).toContain('4 of 4 events');
    expect(card()).toContain('Head b21a 6f04 … 6f04, checked');
    await trail.click('Verify chain');
    expect(card()).toContain('Verifying…');
    await verified({ ok: true, events: 5, brokenAt: null });
    expect(card()).toContain('5 of 5 events');
  });

  it('is named where it is broken, with a link to that event', async () => {
    await trail.open('/audit?action=sync.ended');
    await trail.answer(LIST);
    await verified({ ok: false, events: 2, brokenAt: 3 });
    expect(trail.text('vw-chain-card [role=alert]')).toContain(
      'Chain broken at event 3. Later events cannot be trusted.',
    );
    await trail.click('Show event 3');
    for (let probes = 0; trail.query()['event'] === undefined && probes < 100; probes += 1) {
      const probe = newest();
      const isBehind = (probe.request.params.get('to') ?? '') > SAVED.at;
      probe.flush({ items: [isBehind ? SAVED : event(2)], nextCursor: null, total: null });
      await trail.settle();
    }
    expect(trail.query()).toEqual({ event: '3', to: '2026-11-24T13:36:10.001Z' });
    await trail.answer({ items: [SAVED], nextCursor: null, total: 3 });
    expect(trail.page.querySelector('vw-event-panel')).not.toBeNull();
  });

  it('has no link to events that were cut off', async () => {
    await trail.open('/audit');
    await verified({ ok: false, events: 4, brokenAt: 5 });
    expect(card()).toContain('What followed event 4 is gone.');
    expect(trail.button('Show event')).toBeUndefined();
  });

  it('is said to be unverified where the server does not answer', async () => {
    await trail.open('/audit');
    newest().flush(FAILED, { status: 500, statusText: 'x' });
    await trail.settle();
    expect(trail.text('vw-chain-card [role=alert]')).toContain('The chain could not be verified');
    expect(card()).toContain('req-1');
    await trail.click('Verify chain');
    await verified({ ok: true, events: 4, brokenAt: null });
    expect(card()).toContain('Chain verified');
  });
});
