import { MAX_RETRY_AFTER_SECONDS, pauseMs, retryAfterMs } from './retry-timing';

const now = Date.parse('2026-11-24T12:00:00Z');

describe('retryAfterMs', () => {
  it('reads seconds', () => {
    expect([retryAfterMs('3', now), retryAfterMs(' 0 ', now)]).toEqual([3000, 0]);
  });

  it('reads an HTTP date', () => {
    expect(retryAfterMs('Tue, 24 Nov 2026 12:00:20 GMT', now)).toBe(20_000);
    expect(retryAfterMs('Tue, 24 Nov 2026 11:00:00 GMT', now)).toBe(0);
  });

  it('caps what a server may ask for', () => {
    expect(retryAfterMs('86400', now)).toBe(MAX_RETRY_AFTER_SECONDS * 1000);
  });

  it('ignores what it cannot read', () => {
    expect([retryAfterMs(null, now), retryAfterMs('soon', now), retryAfterMs('', now)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('pauseMs', () => {
  it('doubles its ceiling with every attempt, up to 15 s', () => {
    expect([1, 2, 3, 4, 9].map((attempt) => pauseMs(attempt, null, () => 1))).toEqual([
      500, 1000, 2000, 4000, 15_000,
    ]);
  });

  it('spreads over the whole range', () => {
    expect(pauseMs(4, null, () => 0)).toBe(0);
  });

  it('never comes back before the server wants it', () => {
    expect(pauseMs(1, 7000, () => 0)).toBe(7000);
    expect(pauseMs(1, 60_000, () => 1)).toBe(60_000);
  });
});
