import { Client, type Dispatcher } from 'undici';
import type { MlflowClientOptions } from '../client-options';
import { errorOfFault } from '../error-ladder';
import { MlflowError } from '../mlflow-error';
import { MAX_DECODED_BYTES, MAX_WIRE_BYTES, readCapped } from './capped-body';
import { GuardedConnector } from './guarded-connector';
import { requestHeaders } from './request-headers';
import { checkTrackingServerUrl } from './tracking-server-url';

/** What an error's JSON needs; a login page of megabytes is not worth reading. */
const MAX_ERROR_BYTES = 256 * 1024;

export interface OutboundRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the tracking server's URL, with its query. */
  path: string;
  /** JSON text. Sent with its Content-Length: MLflow 3 reads a chunked body as an empty one. */
  body?: string;
}

export interface InboundAnswer {
  status: number;
  contentType: string;
  retryAfter: string | null;
  text: string;
}

/**
 * Every byte to and from the tracking server passes here. Invariant: one attempt, one connection, one deadline; no
 * redirect is followed, and no address outside the rules is connected to.
 *
 * A fresh connection per request on purpose: kept-alive ones sit on one of MLflow's workers (20.5 s for what takes 10.5 s
 * spread over two) and answer 44 ms late on uvicorn.
 */
export class Egress {
  private readonly url: URL;
  private readonly connector: GuardedConnector;
  private readonly headers: Readonly<Record<string, string>>;
  private sent = 0;

  /** Throws MlflowError `egress-denied` for a URL that `checkTrackingServerUrl` refuses. */
  constructor(private readonly options: MlflowClientOptions) {
    const check = checkTrackingServerUrl(options.trackingServerUrl);
    if (!check.ok) throw new MlflowError('egress-denied', { message: check.message });
    this.url = check.url;
    this.connector = new GuardedConnector(options.egress, this.url, options);
    this.headers = requestHeaders(options.auth, options.workspace ?? null);
  }

  /** How many requests have been sent. */
  get requests(): number {
    return this.sent;
  }

  /** One attempt. Throws MlflowError for what went wrong below HTTP, and the signal's reason once it is aborted. */
  async send(request: OutboundRequest, signal: AbortSignal | undefined): Promise<InboundAnswer> {
    signal?.throwIfAborted();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), this.options.requestTimeoutSeconds * 1000);
    const either = signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
    try {
      return await this.exchange(request, either);
    } catch (error) {
      signal?.throwIfAborted();
      if (deadline.signal.aborted) throw new MlflowError('mlflow-timeout');
      throw errorOfFault(error);
    } finally {
      clearTimeout(timer);
    }
  }

  private async exchange(request: OutboundRequest, signal: AbortSignal): Promise<InboundAnswer> {
    await beforeAbort(this.connector.checkTarget(), signal);
    const client = new Client(this.url.origin, {
      connect: this.connector.connect,
      // Node's own timeouts watch pauses, and a slow drip makes none: the signal is the one deadline.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    try {
      this.count();
      return await readAnswer(await client.request(this.toDispatch(request, signal)));
    } finally {
      // Whatever is still open here is of no more use; a rejection would only repeat the error being thrown.
      client.destroy().catch(() => undefined);
    }
  }

  private toDispatch(request: OutboundRequest, signal: AbortSignal): Dispatcher.RequestOptions {
    const path = `${this.url.pathname.replace(/\/+$/, '')}${request.path}`;
    if (request.body === undefined) return { method: request.method, path, headers: this.headers, signal };
    const headers = { ...this.headers, 'content-type': 'application/json' };
    return { method: request.method, path, headers, signal, body: Buffer.from(request.body, 'utf8') };
  }

  private count(): void {
    this.sent += 1;
    this.options.onRequest?.();
  }
}

async function readAnswer(response: Dispatcher.ResponseData): Promise<InboundAnswer> {
  // Destroying the client makes a body that is left unread fail; nobody else listens.
  response.body.on('error', () => undefined);
  const answer = {
    status: response.statusCode,
    contentType: header(response, 'content-type').toLowerCase(),
    retryAfter: header(response, 'retry-after') || null,
  };
  const body = {
    stream: response.body,
    encoding: header(response, 'content-encoding'),
    contentLength: contentLengthOf(response),
  };
  if (answer.status >= 300) {
    const caps = { wireBytes: MAX_ERROR_BYTES, decodedBytes: MAX_ERROR_BYTES };
    // The status alone names the fault; a body that cannot be read has nothing to add.
    return { ...answer, text: await readCapped(body, caps).catch(() => '') };
  }
  try {
    return {
      ...answer,
      text: await readCapped(body, { wireBytes: MAX_WIRE_BYTES, decodedBytes: MAX_DECODED_BYTES }),
    };
  } catch (error) {
    if (error instanceof MlflowError) throw error;
    // The connection broke inside the body, or the gzip in it: cut bodies are worth another try.
    throw new MlflowError('mlflow-bad-response', { retriable: true });
  }
}

function header(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function contentLengthOf(response: Dispatcher.ResponseData): number | null {
  const text = header(response, 'content-length');
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** Name look-ups cannot be aborted: they are left to end alone. */
function beforeAbort(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
