import { randomBytes } from 'node:crypto';
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

  it('stays shut when any one byte is flipped, cut or added', () => {
    const envelope = seal('s3cret');
    for (const column of ['sealed', 'wrappedKey'] as const) {
      for (let at = 0; at < envelope[column].length; at += 1) {
        const flipped = Buffer.from(envelope[column]);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        expect(() => openEnvelope({ ...envelope, [column]: flipped }, BINDING, KEY)).toThrow();
      }
      expect(() =>
        openEnvelope({ ...envelope, [column]: envelope[column].subarray(0, -1) }, BINDING, KEY),
      ).toThrow();
      expect(() => openEnvelope({ ...envelope, [column]: Buffer.alloc(5) }, BINDING, KEY)).toThrow();
    }
  });
});
