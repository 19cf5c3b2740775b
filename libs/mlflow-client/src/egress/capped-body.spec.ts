import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type EncodedBody, readCapped } from './capped-body';

const CAPS = { wireBytes: 1_000, decodedBytes: 2_000 };
const TEXT = JSON.stringify({ name: 'modèle 与信 😀' });
const BYTES = Buffer.from(TEXT);

/** A body that arrives byte by byte. */
function dripped(bytes: Uint8Array, encoding = ''): EncodedBody {
  const stream = Readable.from([...bytes].map((byte) => Buffer.from([byte])));
  return { stream, encoding, contentLength: null };
}

describe('a body that is decoded while it arrives', () => {
  it('is the same text, wherever its characters are cut', async () => {
    await expect(readCapped(dripped(BYTES), CAPS)).resolves.toBe(TEXT);
    await expect(readCapped(dripped(gzipSync(BYTES), 'gzip'), CAPS)).resolves.toBe(TEXT);
  });

  it('is refused when it ends inside of a character, or is not UTF-8', async () => {
    const half = BYTES.subarray(0, BYTES.indexOf('è') + 1);
    for (const bytes of [half, Buffer.from([0xff])])
      await expect(readCapped(dripped(bytes), CAPS)).rejects.toMatchObject({ code: 'mlflow-bad-response' });
  });
});
