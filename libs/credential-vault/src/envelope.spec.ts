import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { openEnvelope, sealEnvelope, type Binding, type Envelope } from './envelope';

const KEY = { kid: 'k1', bytes: randomBytes(32) };
const BINDING: Binding = { orgId: 'org', slot: 'mlflow-password', origin: 'https://mlflow.example' };
const seal = (text: string): Envelope => sealEnvelope(Buffer.from(text), BINDING, KEY);

describe('the envelope of a secret', () => {
  it('opens to what was sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openEnvelope(seal(text), BINDING, KEY).toString('utf8')).toBe(
          Buffer.from(text).toString('utf8'),
        );
      }),
    );
  });

  it('zeroes the text that it was given', () => {
    const text = Buffer.from('s3cret');
    sealEnvelope(text, BINDING, KEY);
    expect(text).toEqual(Buffer.alloc(6));
  });

  it('leaves no copy of the data key and of the text behind when it opens', () => {
    const envelope = seal('s3cret');
    const concat = jest.spyOn(Buffer, 'concat');
    try {
      openEnvelope(envelope, BINDING, KEY).fill(0);
      const joined = concat.mock.calls.flatMap(([parts]) => parts);
      expect(joined.filter((part) => part.some((byte) => byte !== 0))).toEqual([]);
    } finally {
      concat.mockRestore();
    }
  });

  it('never gives the same bytes twice for the same secret', () => {
    const [first, second] = [seal('same'), seal('same')];
    expect(first.sealed.equals(second.sealed) || first.wrappedKey.equals(second.wrappedKey)).toBe(false);
  });

  it('stays shut for another organization, slot, origin, key, key id or format', () => {
    const envelope = seal('s3cret');
    for (const moved of [
      { ...BINDING, orgId: 'other' },
      { ...BINDING, slot: 'mlflow-token' },
      { ...BINDING, origin: 'http://mlflow.example' },
    ]) {
      expect(() => openEnvelope(envelope, moved, KEY)).toThrow();
    }
    expect(() => openEnvelope(envelope, BINDING, { kid: 'k1', bytes: randomBytes(32) })).toThrow();
    expect(() => openEnvelope(envelope, BINDING, { ...KEY, kid: 'k2' })).toThrow();
    expect(() => openEnvelope({ ...envelope, format: 2 }, BINDING, KEY)).toThrow();
  });

  it('stays shut when any one byte is flipped, cut or added, whatever was sealed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('sealed' as const, 'wrappedKey' as const),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (text, column, place, bits) => {
          const envelope = seal(text);
          const right = envelope[column];
          const flipped = Buffer.from(right);
          const at = place % right.length;
          flipped[at] = (flipped[at] ?? 0) ^ bits;
          const cut = right.subarray(0, at);
          const longer = Buffer.concat([right, Buffer.of(bits)]);
          for (const wrong of [flipped, cut, longer])
            expect(() => openEnvelope({ ...envelope, [column]: wrong }, BINDING, KEY)).toThrow();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
