/** Every way in which talking to an MLflow server fails; a closed set. */
export type MlflowErrorCode =
  | 'mlflow-unreachable'
  | 'mlflow-timeout'
  | 'mlflow-rate-limited'
  | 'mlflow-server-error'
  | 'mlflow-bad-response'
  | 'mlflow-paging-loop'
  | 'mlflow-unauthorized'
  | 'mlflow-forbidden'
  | 'mlflow-tls'
  | 'mlflow-redirected'
  | 'mlflow-not-mlflow'
  | 'mlflow-unsupported'
  | 'egress-denied';

/** code → our own text, and whether the same request may succeed when it is sent again. */
const ERRORS: Readonly<Record<MlflowErrorCode, { text: string; retriable: boolean }>> = {
  'mlflow-unreachable': { text: 'The MLflow server could not be reached.', retriable: true },
  'mlflow-timeout': { text: 'The MLflow server did not answer within the request timeout.', retriable: true },
  'mlflow-rate-limited': { text: 'The MLflow server limits the rate of requests.', retriable: true },
  'mlflow-server-error': { text: 'The MLflow server answered with an internal error.', retriable: true },
  'mlflow-bad-response': { text: 'The MLflow server sent an answer that cannot be read.', retriable: false },
  'mlflow-paging-loop': { text: 'The MLflow server sent the same page token twice.', retriable: false },
  'mlflow-unauthorized': { text: 'The MLflow server refused the credentials.', retriable: false },
  'mlflow-forbidden': { text: 'The MLflow server denied access.', retriable: false },
  'mlflow-tls': { text: 'No trusted TLS connection to the MLflow server could be made.', retriable: false },
  'mlflow-redirected': {
    text: 'The URL redirects elsewhere; redirects are not followed. Enter the final URL.',
    retriable: false,
  },
  'mlflow-not-mlflow': { text: 'No MLflow registry API answers at this URL.', retriable: false },
  'mlflow-unsupported': {
    text: 'This MLflow server lacks what is needed; MLflow 2.9 or later is.',
    retriable: false,
  },
  'egress-denied': { text: 'The rules for outbound requests deny this address.', retriable: false },
};

export interface MlflowErrorDetails {
  /** Replaces the code's own text. Our words only: never a remote body, an IP address or a URL's userinfo. */
  message?: string;
  /** Replaces the code's own answer: a cut body is worth another try, an answer of the wrong shape is not. */
  retriable?: boolean;
  /** How long the server asked to wait, in milliseconds, already capped. */
  retryAfterMs?: number | null;
  /** What the server's answer said, where there was one. */
  answer?: AnsweredError;
}

/** The machine-readable half of an MLflow error. */
export interface AnsweredError {
  status: number;
  /** MLflow's `error_code`; null where the body was no MLflow error, such as a web server's own page. */
  errorCode: string | null;
}

/** The only error that this library throws, besides the reason of an aborted signal. Its message is safe to show. */
export class MlflowError extends Error {
  override readonly name: string = 'MlflowError';
  /** The same request may succeed when it is sent again. */
  readonly retriable: boolean;
  /** How long the server asked to wait, in milliseconds; null where it said nothing. */
  readonly retryAfterMs: number | null;
  /** What the server's answer said; null where there was no answer. */
  readonly answer: AnsweredError | null;

  constructor(
    readonly code: MlflowErrorCode,
    details: MlflowErrorDetails = {},
  ) {
    // No `cause`: the errors of sockets carry IP addresses, and loggers print causes.
    super(details.message ?? ERRORS[code].text);
    this.retriable = details.retriable ?? ERRORS[code].retriable;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.answer = details.answer ?? null;
  }
}

/** An answer over the size cap: paging asks again for less, and with one row asked it is a bad response. */
export class AnswerTooLargeError extends MlflowError {
  override readonly name = 'AnswerTooLargeError';

  constructor() {
    super('mlflow-bad-response', { message: 'The MLflow server sent an answer over the size limit.' });
  }
}

/** The server has no workspace of that name. It says nothing about what was asked for: no absence may be taken from it. */
export class NoSuchWorkspaceError extends MlflowError {
  override readonly name = 'NoSuchWorkspaceError';

  constructor() {
    super('mlflow-forbidden', { message: 'There is no such workspace on the MLflow server.' });
  }
}
