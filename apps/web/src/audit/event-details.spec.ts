import type { AuditEvent } from '@vw/shared-contracts';
import { eventDetails } from './event-details';
import { actionWords, actorInFull, actorWords } from './event-words';

const details = (action: string, before: unknown, after: unknown): string => {
  const event: AuditEvent = {
    seq: 1,
    at: '2026-11-24T13:00:00Z',
    actor: { id: null, name: null, via: 'worker' },
    action,
    subject: { type: 'x', id: null, name: null },
    before,
    after,
    runId: null,
    hash: 'ab',
  };
  return eventDetails(event);
};

describe('an event in words', () => {
  it.each([
    ['session.started', null, null, ''],
    ['session.refused', null, { reason: 'wrong-password', attempts: 3 }, 'Wrong password, attempt 3'],
    ['session.refused', null, { reason: 'rate-limited', attempts: 6 }, 'Too many attempts, attempt 6'],
    ['user.invited', null, { role: 'reviewer', active: true }, 'As Reviewer'],
    [
      'user.changed',
      { role: 'viewer', active: true },
      { role: 'auditor', active: false, sessionsEnded: 2, name: 'replaced' },
      'Viewer → Auditor, Deactivated, Renamed, 2 sessions ended',
    ],
    ['user.password-changed', null, { password: 'replaced', sessionsEnded: 0 }, ''],
    [
      'api-key.created',
      null,
      { scopes: ['read', 'gate'], expiresAt: '2027-02-24T12:00:00Z' },
      'Read, gate, until 24 Feb 2027',
    ],
    ['api-key.revoked', { scopes: ['sync'] }, null, 'Sync'],
    ['connection.tested', null, { code: null }, 'Succeeded'],
    ['connection.tested', null, { code: 'mlflow-timeout' }, 'Failed: mlflow-timeout'],
    [
      'connection.saved',
      { requestTimeoutSeconds: 30, verifyTls: true },
      { requestTimeoutSeconds: 60, verifyTls: true, secret: 'replaced' },
      'Request timeout: 30 → 60, secret: replaced',
    ],
    [
      'sync.ended',
      null,
      {
        status: 'succeeded',
        code: null,
        counts: { created: 1, updated: 0, unchanged: 1342, removed: 0 },
        held: 0,
      },
      'Succeeded, 1 created, 1,342 unchanged',
    ],
    [
      'sync.ended',
      null,
      { status: 'partial', code: 'removals-held', counts: {}, held: 41 },
      'Partial, removals-held, 41 versions held back',
    ],
    ['removals.confirmed', null, { removed: 41, changes: 'ab' }, '41 versions removed'],
    [
      'findings.moved',
      null,
      {
        moves: [
          {
            ...{ rule: 'G01', title: 'Live without a bias assessment', n: 58, old: null, new: 'open' },
            versions: [
              { model: 'churn', version: '1' },
              { model: 'credit-risk-pd', version: '7' },
            ],
          },
          {
            ...{ rule: 'G02', n: 1, old: 'open', new: 'acknowledged' },
            versions: [{ model: 'churn', version: '1' }],
          },
        ],
      },
      'G01 churn v1, credit-risk-pd v7 and 56 more: new → open, G02 churn v1: open → waiver asked for',
    ],
    [
      'findings.moved',
      null,
      {
        moves: [
          { n: 58, old: null, new: 'open' },
          { n: 1, old: 'open', new: 'closed' },
        ],
      },
      '58 findings: new → open, 1 finding: open → closed',
    ],
    [
      'attestation.signed',
      null,
      { requirement: 'security-review', result: 'passed', expiresAt: '2027-11-24T12:00:00Z' },
      'Security review: passed, until 24 Nov 2027',
    ],
    ['session.started', null, null, ''],
    ['session.started', null, { oneTimePassword: true }, 'With a one-time password'],
    [
      'waiver.refused',
      null,
      { rule: 'G01', closedReason: 'Measure it first.', oneTimePassword: true },
      'G01: Measure it first., With a one-time password',
    ],
    ['waiver.requested', null, { rule: 'G01', endsAt: '2027-01-14T12:00:00Z' }, 'G01 until 14 Jan 2027'],
    [
      'gate.asked',
      null,
      { version: '7', target: 'Production', verdict: 'deny', rules: ['G01', 'G02'] },
      'Version 7 to Production: deny (G01, G02)',
    ],
    [
      'entry.changed',
      { owner: null, riskTier: 'low' },
      { owner: 'Åsa', riskTier: 'low' },
      'Owner: none → Åsa',
    ],
  ])('tells %s with %j and %j as “%4$s”', (action, before, after, words) => {
    expect(details(action, before, after)).toBe(words);
  });

  it('shows the first facts of an event that it does not know, and how many more there are', () => {
    expect(details('vault.resealed', null, { a: 1, b: { c: 'x' }, d: [], e: true, f: 'y' })).toBe(
      'a: 1, b.c: x, e: true, and 1 more',
    );
    expect(actionWords('vault.resealed')).toBe('vault.resealed');
    expect(actionWords('session.started')).toBe('Signed in');
  });

  it('stays a text whatever somebody wrote in place of the facts', () => {
    for (const torn of [
      null,
      'x',
      7,
      [],
      {},
      { counts: 'x' },
      { moves: { n: 1 } },
      { moves: [null, 7, { versions: [1] }] },
    ]) {
      for (const action of [
        'sync.ended',
        'findings.moved',
        'user.changed',
        'gate.asked',
        'session.refused',
      ]) {
        expect(typeof details(action, torn, torn)).toBe('string');
      }
    }
  });

  it('names who did it, and what there was instead of a person', () => {
    const id = '018f0000-0000-7000-8000-000000000000';
    expect(actorWords({ id, name: 'Åsa', via: 'session' }).text).toBe('Åsa');
    expect(actorWords({ id: null, name: null, via: 'session' }).text).toBe('Nobody signed in');
    expect(actorWords({ id: null, name: null, via: 'worker' }).text).toBe('Background worker');
    expect(actorWords({ id, name: null, via: 'session' }).text).toBe('Unknown 018f0000');
    expect(actorInFull({ id, name: 'ci', via: 'api-key' })).toBe('ci, by API key');
    expect(actorInFull({ id: null, name: null, via: 'unreadable' })).toBe('Unreadable');
  });
});
