import { MlflowError } from '@vw/mlflow-client';
import { Problem } from '@vw/platform';
import type { ProblemCode } from '@vw/shared-contracts';
import type { RunEnd } from '@vw/sync-history';
import type { PassResult } from './sync-pass';

/** Postgres answers that it has no room or cannot write: a full disk is 53100, a limit on its files XX000. 53300 is too many connections. */
const CANNOT_WRITE = /^(53[^3]|58|XX)/;

/** It cannot hold what it was given: no such text or instant, or more than an index takes. */
const CANNOT_HOLD = /^(22|54)/;

/** Of a whole read that was read to its end. */
export function wholeEnd({ held }: PassResult, requests: number): RunEnd {
  return held > 0
    ? { status: 'partial', code: 'removals-held', complete: true, held, requests }
    : { status: 'succeeded', code: null, complete: true, held, requests };
}

/** Of a light run that was read to its end. */
export function lightEnd(requests: number): RunEnd {
  return { status: 'succeeded', code: null, complete: false, held: 0, requests };
}

/** Whether Postgres cannot write: another attempt in a minute would read all of it again for nothing, and tell nobody. */
export function isWithoutRoom(error: unknown): boolean {
  return CANNOT_WRITE.test(sqlStateOf(error));
}

/** Whether a record of MLflow's is what cannot be stored: each further attempt would meet it again. */
export function isUnstorable(error: unknown): boolean {
  return CANNOT_HOLD.test(sqlStateOf(error)) || error instanceof RangeError;
}

/** '' for what is no error of Postgres'. */
function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether the connection was removed before the run opened it. */
export function isDisconnected(error: unknown): boolean {
  return error instanceof Problem && error.code === 'not-configured';
}

/** What a run fails with; null for a fault that is not known, and may pass, as a restart of Postgres does. */
export function codeOf(error: unknown): ProblemCode | null {
  if (isWithoutRoom(error)) return 'worker-lost';
  if (isUnstorable(error)) return 'mlflow-bad-response';
  if (error instanceof MlflowError || error instanceof Problem) return error.code;
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'mlflow-timeout';
  return null;
}
