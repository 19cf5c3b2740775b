import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** What a sealed secret is bound to. Moved to another organization, slot or origin it no longer opens. */
export interface Binding {
  orgId: string;
  slot: string;
  /** Origin of the MLflow server that the secret is for. */
  origin: string;
}

export interface SealingKey {
  kid: string;
  /** 32 bytes. */
  bytes: Buffer;
}

export interface Envelope {
  format: number;
  kid: string;
  /** The data key, encrypted by the key named `kid`: IV, tag, cipher text. */
  wrappedKey: Buffer;
  /** The secret, encrypted by the data key: IV, tag, cipher text. */
  sealed: Buffer;
}

/** Number of the layout below, part of what is authenticated. */
export const FORMAT = 1;
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** 96 bits: the IV length that GCM is made for. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals the text under a data key of its own; the buffer of the text and the data key are zeroed. */
export function sealEnvelope(text: Buffer, binding: Binding, key: SealingKey): Envelope {
  const dataKey = randomBytes(KEY_BYTES);
  try {
    return {
      format: FORMAT,
      kid: key.kid,
      wrappedKey: encrypt(dataKey, key.bytes, wrapContext(FORMAT, binding, key.kid)),
      sealed: encrypt(text, dataKey, sealContext(FORMAT, binding)),
    };
  } finally {
    dataKey.fill(0);
    text.fill(0);
  }
}

/** Opens what `sealEnvelope` made. Throws for another key, another binding, an unknown format or one flipped bit. */
export function openEnvelope(envelope: Envelope, binding: Binding, key: SealingKey): Buffer {
  if (envelope.format !== FORMAT)
    throw new Error('This credential has a format that this version does not know.');
  const dataKey = decrypt(envelope.wrappedKey, key.bytes, wrapContext(envelope.format, binding, key.kid));
  try {
    return decrypt(envelope.sealed, dataKey, sealContext(envelope.format, binding));
  } finally {
    dataKey.fill(0);
  }
}

function sealContext(format: number, { orgId, slot, origin }: Binding): Buffer {
  return Buffer.from(JSON.stringify([format, orgId, slot, origin]));
}

function wrapContext(format: number, { orgId, slot, origin }: Binding, kid: string): Buffer {
  return Buffer.from(JSON.stringify([format, orgId, slot, origin, kid]));
}

function encrypt(plain: Buffer, key: Buffer, context: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(context);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function decrypt(stored: Buffer, key: Buffer, context: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, key, stored.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(context).setAuthTag(stored.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const plain = decipher.update(stored.subarray(IV_BYTES + TAG_BYTES));
  try {
    // GCM is a stream: this judges the tag and adds no byte, so that no second copy of the text is made.
    decipher.final();
    return plain;
  } catch (error) {
    plain.fill(0);
    throw error;
  }
}
