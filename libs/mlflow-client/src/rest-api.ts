import { withAttempts } from './attempts';
import type { MlflowClientOptions } from './client-options';
import { Egress, type OutboundRequest } from './egress/egress';
import { type Answer, errorOfAnswer } from './error-ladder';
import { MlflowError } from './mlflow-error';
import { type Fields, isFields } from './fields';
import { parseTolerantJson } from './tolerant-json';

/** Five attempts within about 4 s of pauses: a restarted server is back by then, a dead one is not worth more. */
const DEFAULT_MAX_ATTEMPTS = 5;

const API = '/api/2.0/mlflow';

export type Query = Readonly<Record<string, string>>;

export interface CallOptions {
  signal: AbortSignal | undefined;
  /** Default true. False where the caller answers a timeout by asking for less. */
  retryTimeouts?: boolean;
}

/** MLflow's REST API as JSON objects: each call retried as its fault allows, each failure an MlflowError. */
export class RestApi {
  private readonly egress: Egress;
  readonly maxAttempts: number;

  constructor(options: MlflowClientOptions) {
    this.egress = new Egress(options);
    this.maxAttempts = Math.max(1, options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS);
  }

  get requests(): number {
    return this.egress.requests;
  }

  /** `path` is below /api/2.0/mlflow, or begins with a slash; `query` is percent-encoded here. */
  get(path: string, query: Query, options: CallOptions): Promise<Fields> {
    const below = path.startsWith('/') ? path : `${API}/${path}`;
    return this.call({ method: 'GET', path: `${below}${queryText(query)}` }, options);
  }

  post(path: string, body: Readonly<Record<string, unknown>>, options: CallOptions): Promise<Fields> {
    return this.call({ method: 'POST', path: `${API}/${path}`, body: JSON.stringify(body) }, options);
  }

  delete(path: string, options: CallOptions): Promise<Fields> {
    return this.call({ method: 'DELETE', path: `${API}/${path}` }, options);
  }

  /** The text of a path outside of the API; /version calls its plain text text/html. */
  text(path: string, options: CallOptions): Promise<string> {
    return this.attempt({ method: 'GET', path }, options, (answer) => answer.text);
  }

  private call(request: OutboundRequest, options: CallOptions): Promise<Fields> {
    return this.attempt(request, options, (answer) => {
      if (answer.contentType.includes('html')) throw new MlflowError('mlflow-not-mlflow');
      return readObject(answer.text);
    });
  }

  private attempt<T>(
    request: OutboundRequest,
    options: CallOptions,
    read: (answer: Answer) => T,
  ): Promise<T> {
    const rules = {
      maxAttempts: this.maxAttempts,
      retryTimeouts: options.retryTimeouts ?? true,
      signal: options.signal,
    };
    return withAttempts(rules, async () => {
      const answer = await this.egress.send(request, options.signal);
      const error = errorOfAnswer(answer);
      if (error !== null) throw error;
      return read(answer);
    });
  }
}

function queryText(query: Query): string {
  // Half of a surrogate pair, which no percent-encoding has, is asked for as MLflow itself would have read it.
  const pairs = Object.entries(query).map(
    ([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function readObject(text: string): Fields {
  const value = parsed(text);
  if (!isFields(value)) throw new MlflowError('mlflow-bad-response');
  return value;
}

function parsed(text: string): unknown {
  try {
    return parseTolerantJson(text);
  } catch {
    // SyntaxError. Most likely cut by something between us and the server that also mended Content-Length.
    throw new MlflowError('mlflow-bad-response', { retriable: true });
  }
}
