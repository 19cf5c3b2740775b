import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@vw/mlflow-client';

/** How old, or how far ahead of our clock, a delivery may be. MLflow repeats one within seconds, under the same time. In seconds. */
export const TOLERANCE_SECONDS = 300;

/** A delivery as it arrived: the headers that sign it, '' where absent, and the body to the letter. */
export interface Delivery {
  id: string;
  /** Seconds since 1970, as sent. */
  timestamp: string;
  /** `v1,<base64>`; several are separated by blanks. */
  signatures: string;
  body: string;
}

/** Whether the secret signed exactly this, lately. `now` is epoch milliseconds. A wrong signature takes as long as a right one. */
export function isAuthentic(delivery: Delivery, secret: Secret, now: number): boolean {
  const { id, timestamp, signatures, body } = delivery;
  const signed = createHmac('sha256', secret.reveal()).update(`${id}.${timestamp}.${body}`, 'utf8').digest();
  const isSigned = signatures.split(' ').reduce((found, one) => equals(one, signed) || found, false);
  const isTimely =
    /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  return isSigned && isTimely && id !== '';
}

/** The model of an event; null where it names none. */
export function modelNameIn(body: string): string | null {
  const event = parsed(body);
  const data: unknown = event && Reflect.get(event, 'data');
  const name: unknown = isObject(data) ? Reflect.get(data, 'name') : null;
  return typeof name === 'string' && name !== '' ? name : null;
}

function equals(signature: string, signed: Buffer): boolean {
  const given = Buffer.from(/^v1,(.+)$/.exec(signature)?.[1] ?? '', 'base64');
  const padded = Buffer.alloc(signed.length);
  given.copy(padded);
  return timingSafeEqual(padded, signed) && given.length === signed.length;
}

function parsed(body: string): object | null {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : null;
  } catch {
    // SyntaxError: signed, and yet no event.
    return null;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
