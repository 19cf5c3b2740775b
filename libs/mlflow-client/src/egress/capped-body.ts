import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AnswerTooLargeError, MlflowError } from '../mlflow-error';

/** Bytes on the wire. A page of 5,000 versions is 3.3 MB; without a cap one answer could fill the memory. */
export const MAX_WIRE_BYTES = 32 * 1024 * 1024;
/** Bytes after decompression: 51 KB of gzip can hold 52 MB. */
export const MAX_DECODED_BYTES = 64 * 1024 * 1024;

export interface BodyCaps {
  wireBytes: number;
  decodedBytes: number;
}

export interface EncodedBody {
  stream: Readable;
  /** The Content-Encoding header, '' where absent. */
  encoding: string;
  /** The Content-Length header, null where absent. */
  contentLength: number | null;
}

/**
 * The whole body as text, both sizes counted while it arrives. Throws AnswerTooLargeError over a cap, MlflowError
 * `mlflow-bad-response` for a body that is cut, not UTF-8 or in an unknown encoding; a socket's errors pass through.
 */
export async function readCapped(body: EncodedBody, caps: BodyCaps): Promise<string> {
  if (body.contentLength !== null && body.contentLength > caps.wireBytes) throw new AnswerTooLargeError();
  const wire = countWire(body, caps.wireBytes);
  const decoded = isGzip(body.encoding) ? gunzip(wire) : wire;
  // Decoded while it arrives: the bytes of a whole answer, and once more in one piece, would lie beside its text.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for await (const chunk of decoded) {
    size += chunk.length;
    if (size > caps.decodedBytes) throw new AnswerTooLargeError();
    text += decodeUtf8(decoder, chunk);
  }
  return text + decodeUtf8(decoder, null);
}

async function* countWire(body: EncodedBody, cap: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body.stream as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > cap) throw new AnswerTooLargeError();
    yield chunk;
  }
  if (body.contentLength !== null && body.contentLength !== size) {
    throw new MlflowError('mlflow-bad-response', { retriable: true });
  }
}

function isGzip(encoding: string): boolean {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return false;
  if (name === 'gzip' || name === 'x-gzip') return true;
  throw new MlflowError('mlflow-bad-response', {
    message: 'The MLflow server compressed its answer in a way that was not asked for.',
  });
}

/** Fed chunk by chunk: at most one chunk's worth is inflated beyond what was read, 16 KiB at a time. */
async function* gunzip(wire: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createGunzip();
  const feeding = feed(inflate, wire);
  // Whatever ends the feeding early also destroys the stream, so that the loop below ends with the same error.
  feeding.catch((error: Error) => inflate.destroy(error));
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
    await feeding;
  } finally {
    inflate.destroy();
  }
}

async function feed(
  inflate: ReturnType<typeof createGunzip>,
  wire: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of wire) {
    if (inflate.destroyed) return;
    if (!inflate.write(chunk)) await drained(inflate);
  }
  inflate.end();
}

function drained(inflate: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      inflate.off('drain', done);
      inflate.off('close', done);
      resolve();
    };
    inflate.on('drain', done);
    inflate.on('close', done);
  });
}

/** Null at the end: then a character that was begun must be whole. */
function decodeUtf8(decoder: TextDecoder, bytes: Uint8Array | null): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    // TypeError: not UTF-8. Replacing bytes would invent names.
    throw new MlflowError('mlflow-bad-response');
  }
}
