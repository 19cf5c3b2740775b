import { MlflowError } from './mlflow-error';
import type { MetricValue } from './records';

/** A JSON object from the server, of which nothing is known yet. Readers throw MlflowError `mlflow-bad-response`. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key. */
export function objectIn(fields: Fields, key: string): Fields {
  const value = fields[key];
  return isFields(value) ? value : badResponse();
}

/** The object under a key that MLflow leaves out where there is nothing in it. */
export function optionalObjectIn(fields: Fields, key: string): Fields {
  return (fields[key] ?? null) === null ? {} : objectIn(fields, key);
}

/** The list of objects under a key; MLflow leaves an empty list out. */
export function listIn(fields: Fields, key: string): Fields[] {
  const value = fields[key] ?? [];
  if (!Array.isArray(value)) return badResponse();
  return value.map((item: unknown) => (isFields(item) ? item : badResponse()));
}

/** A text that every such object has. Some servers send ids and version numbers as numbers. */
export function textIn(fields: Fields, key: string): string {
  return optionalTextIn(fields, key) ?? badResponse();
}

/** A text, or null where it is absent. An empty one stays empty. */
export function optionalTextIn(fields: Fields, key: string): string | null {
  const value = fields[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : badResponse();
}

/** Epoch milliseconds, sent as a number or as its digits; 0 where absent. */
export function timeIn(fields: Fields, key: string): number {
  const value = fields[key] ?? 0;
  const time = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof time === 'number' && Number.isFinite(time) ? time : badResponse();
}

/** A `[{key, value}]` list as a map: `__proto__` is a key like any other. A value left out is an empty one. */
export function pairsIn(fields: Fields, key: string): Map<string, string> {
  return new Map(
    listIn(fields, key).map((pair) => [textIn(pair, 'key'), optionalTextIn(pair, 'value') ?? '']),
  );
}

/** The latest value of each metric: the highest step, then the latest time, as MLflow itself orders them. */
export function metricsIn(fields: Fields, key: string): Map<string, MetricValue> {
  const latest = new Map<string, { value: MetricValue; step: number; time: number }>();
  for (const row of listIn(fields, key)) {
    // No value is an unknown one: 0 or NaN would be invented.
    if ((row['value'] ?? null) === null) continue;
    const name = textIn(row, 'key');
    const found = {
      value: metricValue(row['value']),
      step: timeIn(row, 'step'),
      time: timeIn(row, 'timestamp'),
    };
    const known = latest.get(name);
    if (
      known === undefined ||
      found.step > known.step ||
      (found.step === known.step && found.time >= known.time)
    ) {
      latest.set(name, found);
    }
  }
  return new Map([...latest].map(([name, { value }]) => [name, value]));
}

/** A number, its digits, or the name of what is no JSON number. */
function metricValue(value: unknown): MetricValue {
  const spelled = typeof value === 'string' ? value.trim() : value;
  if (typeof spelled === 'string' && /^[-+]?nan$/i.test(spelled)) return 'NaN';
  const named = typeof spelled === 'string' ? /^([-+]?)inf(inity)?$/i.exec(spelled) : null;
  if (named !== null) return named[1] === '-' ? '-Infinity' : 'Infinity';
  const number = typeof spelled === 'string' && spelled !== '' ? Number(spelled) : spelled;
  if (typeof number !== 'number' || Number.isNaN(number)) return badResponse();
  // 1e400 is valid JSON, and more than a double holds.
  if (!Number.isFinite(number)) return number < 0 ? '-Infinity' : 'Infinity';
  return number;
}

function badResponse(): never {
  throw new MlflowError('mlflow-bad-response');
}
