import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'vw_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_BYTES = 32;
/** Digits of base 62 that hold 32 bytes, and the 4 bytes of a CRC32. */
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN = new RegExp(`^${PREFIX}([0-9A-Za-z]{${RANDOM_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);

/**
 * `vw_`, 256 random bits and their CRC32, both in base 62: the format of GitHub's tokens. Scanners of leaked secrets tell it from other
 * text without asking us, a double click selects all of it, and a mistyped one costs no look into the database.
 */
export function generateToken(): string {
  const random = inBase62(BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`), RANDOM_LENGTH);
  return `${PREFIX}${random}${checksum(random)}`;
}

/** Whether the text has the format and its checksum fits. Proves nothing about who made it. */
export function isToken(text: string): boolean {
  const [, random, sum] = TOKEN.exec(text) ?? [];
  return random !== undefined && checksum(random) === sum;
}

/** What is stored: 256 random bits need no slow hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function checksum(random: string): string {
  return inBase62(BigInt(crc32(random)), CHECKSUM_LENGTH);
}

function inBase62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = `${ALPHABET[Number(rest % 62n)]}${digits}`;
  return digits.padStart(length, '0');
}
