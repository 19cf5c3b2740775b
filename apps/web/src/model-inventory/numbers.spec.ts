import { byVersion, differenceText } from './numbers';

describe('a difference of two metrics', () => {
  it.each([
    [0.871, 0.859, '+0.012'],
    [0.2489, 0.2553, '−0.0064'],
    [3, 1, '+2'],
    [1e-9, 3e-9, '−2e-9'],
    [0.1, 0.1, '0'],
    [1e21, 1, '+1e+21'],
    [1e-30, 2e-30, '−1e-30'],
  ])('of %d and %d is %s', (now, before, text) => {
    expect(differenceText(now, before)).toBe(text);
  });

  it.each([
    ['NaN', 1],
    [1, 'Infinity'],
    [undefined, 1],
    [1, undefined],
    [1.7976931348623157e308, -1.7976931348623157e308],
  ])('of %s and %s is none', (now, before) => {
    expect(differenceText(now, before)).toBeNull();
  });
});

describe('version numbers', () => {
  it('are sorted as numbers', () => {
    expect(['10', '9', '1', '100'].sort(byVersion)).toEqual(['1', '9', '10', '100']);
  });
});
