import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const hashArgon2 = promisify(argon2);

/** OWASP's argon2id: 19 MiB, two passes, one lane; about 30 ms here. */
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Characters of a generated password: 120 bits at 5 bits each. */
const GENERATED_LENGTH = 24;
/** Without those that are read wrong from a screen (0 and o, 1 and l). */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** A PHC string: parameters, salt and hash, so that older hashes still verify when the parameters grow. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { salt, memory: MEMORY_KIB, passes: PASSES, lanes: LANES });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  const [, memory, passes, lanes, salt, hash] = parts ?? [];
  if (!salt || !hash) throw new Error('A stored password hash has an unknown format.');
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, {
    salt: Buffer.from(salt, 'base64url'),
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
  });
  return timingSafeEqual(actual, expected);
}

/** A one-time password that a person can type. */
export function generatePassword(): string {
  return Array.from(randomBytes(GENERATED_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

interface Cost {
  salt: Buffer;
  memory: number;
  passes: number;
  lanes: number;
}

/** NFC first: the same password typed on another system may arrive in another composition. */
async function derive(password: string, cost: Cost): Promise<Buffer> {
  return hashArgon2('argon2id', {
    message: Buffer.from(password.normalize('NFC'), 'utf8'),
    nonce: cost.salt,
    memory: cost.memory,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength: TAG_BYTES,
  });
}
