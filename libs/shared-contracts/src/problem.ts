import type { ProblemCode } from './codes';

/** One invalid field of a request. */
export class FieldError {
  /** The field, with dots into nested ones. */
  field!: string;
  message!: string;
}

/** Every error reply, `application/problem+json` (RFC 9457). */
export class ProblemDetails {
  type!: string;
  title!: string;
  status!: number;
  /** Closed list; switch on this, never on the text. */
  code!: ProblemCode;
  /** Safe to show: never holds a secret, an address or what MLflow answered. */
  detail!: string;
  /** The request id, also in the log. */
  instance!: string;
  errors!: FieldError[];
}
