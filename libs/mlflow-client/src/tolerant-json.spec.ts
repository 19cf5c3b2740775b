import { assert, jsonValue, property } from 'fast-check';
import { parseTolerantJson } from './tolerant-json';

describe('parseTolerantJson', () => {
  it('turns bare NaN and infinities into their names', () => {
    expect(parseTolerantJson('{"a": NaN, "b": [Infinity, -Infinity,1],"c":-Infinity}')).toEqual({
      a: 'NaN',
      b: ['Infinity', '-Infinity', 1],
      c: '-Infinity',
    });
  });

  it('leaves the same words inside of strings alone', () => {
    const text = String.raw`{"NaN": "is NaN, \"NaN\" \\", "x": NaN, "-Infinity": "[-Infinity]"}`;
    expect(parseTolerantJson(text)).toEqual({
      NaN: String.raw`is NaN, "NaN" \ `.trim(),
      x: 'NaN',
      '-Infinity': '[-Infinity]',
    });
  });

  it('keeps __proto__ as a key of its own', () => {
    expect(Object.keys(Object(parseTolerantJson('{"__proto__": NaN}')))).toEqual(['__proto__']);
  });

  it.each(['', '{', '{"a": NaN', '{"a": Nan}', '{"a": "NaN', 'undefined', '{"a": xNaN}'])(
    'refuses %j',
    (text) => {
      expect(() => parseTolerantJson(text)).toThrow();
    },
  );

  it('reads every JSON value beside a NaN as JSON.parse reads it alone', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseTolerantJson(`[NaN,${text}]`)).toEqual(['NaN', JSON.parse(text)]);
      }),
    );
  });
});
