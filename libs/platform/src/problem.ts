import { PROBLEMS, type FieldError, type ProblemCode } from '@vw/shared-contracts';

interface ProblemOptions {
  detail?: string;
  errors?: readonly FieldError[];
  status?: number;
  retryAfterSeconds?: number;
  cause?: unknown;
}

/** A known fault: what a person or a client is told, and nothing else. The cause stays in the log. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: readonly FieldError[];
  /** After how long another try may do; null where time changes nothing. */
  readonly retryAfterSeconds: number | null;

  constructor(
    readonly code: ProblemCode,
    options: ProblemOptions = {},
  ) {
    super(options.detail ?? PROBLEMS[code].text, { cause: options.cause });
    this.status = options.status ?? PROBLEMS[code].status;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
