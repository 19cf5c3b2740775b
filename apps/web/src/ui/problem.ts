import { HttpErrorResponse } from '@angular/common/http';
import type { FieldError } from '@vw/shared-contracts';

/** What a failed request said, made safe to show whatever came back. */
export interface Problem {
  status: number;
  /** Null where the answer was not one of ours, a gateway's page for example. */
  code: string | null;
  detail: string;
  /** The request id; null where VerifyWise did not answer. */
  reference: string | null;
  errors: FieldError[];
}

export function problemOf(error: unknown): Problem {
  const response = error instanceof Error && error.cause instanceof HttpErrorResponse ? error.cause : error;
  if (!(response instanceof HttpErrorResponse)) {
    return {
      status: 0,
      code: null,
      detail: 'Something went wrong in this page.',
      reference: null,
      errors: [],
    };
  }
  const body: unknown = response.error;
  return {
    status: response.status,
    code: textOf(body, 'code'),
    detail: textOf(body, 'detail') ?? 'VerifyWise did not answer. Nothing was lost.',
    reference: textOf(body, 'instance'),
    errors: fieldErrorsOf(body),
  };
}

function textOf(body: unknown, key: string): string | null {
  const value: unknown = isObject(body) ? Reflect.get(body, key) : null;
  return typeof value === 'string' ? value : null;
}

function fieldErrorsOf(body: unknown): FieldError[] {
  const errors: unknown = isObject(body) ? Reflect.get(body, 'errors') : null;
  return Array.isArray(errors) ? errors.filter(isFieldError) : [];
}

function isFieldError(value: unknown): value is FieldError {
  return textOf(value, 'field') !== null && textOf(value, 'message') !== null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
