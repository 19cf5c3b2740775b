import { createHash } from 'node:crypto';
import { Problem } from '../problem';

/**
 * Keyset cursors: the sort values of a page's last row, bound to what was asked (filters, sort), so that a cursor of another question is
 * refused instead of answering nonsense.
 */
export function encodeCursor(question: unknown, keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([fingerprint(question), ...keys])).toString('base64url');
}

/** The keys of the cursor. Throws `invalid-input` for one that is broken or belongs to another question. */
export function decodeCursor(question: unknown, cursor: string, length: number): (string | number)[] {
  const [asked, ...keys] = parse(cursor);
  if (asked !== fingerprint(question) || keys.length !== length || !keys.every(isKey)) {
    throw new Problem('invalid-input', {
      errors: [
        {
          field: 'cursor',
          message: 'cursor belongs to another list, filter or sort; start again without it',
        },
      ],
    });
  }
  return keys;
}

function fingerprint(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12);
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    // Not JSON: a cursor that nobody was given. The caller refuses it like any foreign one.
    return [];
  }
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
