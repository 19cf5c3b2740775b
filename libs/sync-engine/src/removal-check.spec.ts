import { isMassRemoval } from './removal-check';

describe('missing versions', () => {
  it.each([
    ['none of none', 0, 0, false],
    ['none of some', 0, 5, false],
    ['the only one', 1, 1, true],
    ['20 of 21: not more than 20', 20, 21, false],
    ['21 of 209: more than a tenth', 21, 209, true],
    ['21 of 210: a tenth', 21, 210, false],
    ['10,000 of 100,000: a tenth', 10_000, 100_000, false],
    ['10,001 of 100,000', 10_001, 100_000, true],
    ['all of 5', 5, 5, true],
  ])(
    'wait for an Admin where they are all, or more than both a tenth and 20: %s',
    (_, missing, held, waits) => {
      expect(isMassRemoval(missing, held)).toBe(waits);
    },
  );
});
