import { metricsIn, pairsIn, textIn, timeIn } from './fields';

const metric = (value: unknown, step = 0, timestamp = 0) => ({
  metrics: [{ key: 'm', value, step, timestamp }],
});

describe('metricsIn', () => {
  it.each([
    ['NaN', 'NaN'],
    ['nan', 'NaN'],
    ['Infinity', 'Infinity'],
    ['-Infinity', '-Infinity'],
    ['inf', 'Infinity'],
    ['-inf', '-Infinity'],
    [1.7976931348623157e308, 1.7976931348623157e308],
    [-1.7976931348623157e308, -1.7976931348623157e308],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['0.5', 0.5],
    [5e-324, 5e-324],
    [0, 0],
  ])('reads %j as %j', (sent, read) => {
    expect(metricsIn(metric(sent), 'metrics').get('m')).toBe(read);
  });

  it('leaves out a metric without a value', () => {
    expect(metricsIn(metric(null), 'metrics').size).toBe(0);
  });

  it.each(['', 'high', true, {}])('refuses %j', (sent) => {
    expect(() => metricsIn(metric(sent), 'metrics')).toThrow(
      expect.objectContaining({ code: 'mlflow-bad-response' }),
    );
  });

  it('keeps the value of the highest step, then of the latest time', () => {
    const rows = [metric(1, 2, 5), metric(2, 3, 1), metric(3, 3, 4), metric(4, 0, 9)].flatMap(
      ({ metrics }) => metrics,
    );
    expect(metricsIn({ metrics: rows }, 'metrics')).toEqual(new Map([['m', 3]]));
  });
});

describe('fields', () => {
  it('reads times from numbers and digits, 0 where absent', () => {
    const fields = { a: 5, b: '1795555165802' };
    expect([timeIn(fields, 'a'), timeIn(fields, 'b'), timeIn(fields, 'c')]).toEqual([5, 1795555165802, 0]);
    expect(() => timeIn({ a: 'yesterday' }, 'a')).toThrow();
  });

  it('keeps __proto__ and empty values of pairs', () => {
    const pairs = { tags: [{ key: '__proto__', value: 'x' }, { key: 'empty' }] };
    expect([...pairsIn(pairs, 'tags')]).toEqual([
      ['__proto__', 'x'],
      ['empty', ''],
    ]);
  });

  it('refuses an object without its name', () => {
    expect(() => textIn({}, 'name')).toThrow(
      expect.objectContaining({ code: 'mlflow-bad-response', retriable: false }),
    );
  });
});
