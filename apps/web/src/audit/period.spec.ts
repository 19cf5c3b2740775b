import { dayOf, daysBefore, endOf, startOf } from './period';

describe('a period of the trail', () => {
  it('is made of whole days of the reader’s own calendar', () => {
    expect(startOf('2026-11-24')).toBe(new Date(2026, 10, 24).toISOString());
    expect(endOf('2026-11-24')).toBe(new Date(2026, 10, 25).toISOString());
    expect(endOf('2026-12-31')).toBe(new Date(2027, 0, 1).toISOString());
  });

  it('takes instants as they are', () => {
    expect(startOf('2026-11-24T13:00:00.123Z')).toBe('2026-11-24T13:00:00.123Z');
    expect(endOf('2026-11-24T14:00:00+01:00')).toBe('2026-11-24T13:00:00.000Z');
  });

  it('leaves out what is neither', () => {
    for (const text of [null, '', 'yesterday', '2026-13-01', '2026-11-24T13:00:00', '26-11-24']) {
      expect([text, startOf(text), endOf(text)]).toEqual([text, null, null]);
    }
  });

  it('counts days back', () => {
    const now = new Date(2026, 2, 1, 0, 30).getTime();
    expect(dayOf(new Date(now))).toBe('2026-03-01');
    expect(daysBefore(now, 6)).toBe('2026-02-23');
  });
});
