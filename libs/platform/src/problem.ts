import { PROBLEMS, type FieldError, type ProblemCode } from '@vw/shared-contracts';

/** A known fault: what a person or a client is told, and nothing else. The cause stays in the log. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: readonly FieldError[];

  constructor(
    readonly code: ProblemCode,
    options: { detail?: string; errors?: readonly FieldError[]; status?: number; cause?: unknown } = {},
  ) {
    super(options.detail ?? PROBLEMS[code].text, { cause: options.cause });
    this.status = options.status ?? PROBLEMS[code].status;
    this.errors = options.errors ?? [];
  }
}
