/**
 * JSON in the one spelling of RFC 8785: keys sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them.
 * Anyone can hash the same facts to the same bytes. `undefined` members are left out, as in JSON.
 * Throws TypeError for what JSON has no word for (NaN, Infinity, functions, bigint).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new TypeError(`JSON cannot hold a ${typeof value}.`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('JSON cannot hold NaN or Infinity.');
  return JSON.stringify(value);
}

/** An object that says how it is written (a Date, a Secret's mask) is asked first. */
function canonicalObject(value: object): string {
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON());
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
