import { errors } from 'undici';
import { MlflowError, type MlflowErrorCode, NoSuchWorkspaceError } from './mlflow-error';
import { retryAfterMs } from './retry-timing';

/** The part of an HTTP answer that decides what it means. */
export interface Answer {
  status: number;
  /** Lower case, '' where absent. */
  contentType: string;
  retryAfter: string | null;
  text: string;
}

/** OpenSSL's and Node's names for a certificate or handshake that failed. EPROTO: TLS spoken to a plain port. */
const TLS_FAULT =
  /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|EPROTO$)/;

/** MLflow 3.5 and later, to a name in the URL that it was not told of: only localhost and private addresses need no telling. */
const WRONG_HOST = 'Invalid Host header';
const WRONG_HOST_MESSAGE =
  'The MLflow server does not accept this host name. It must be among its --allowed-hosts.';

/** What an answer has to be called by its status; null for a good one, whose text may still be no JSON. */
export function errorOfAnswer(answer: Answer): MlflowError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;

  const said = readError(answer);
  const errorCode = said?.code ?? null;
  // Any path answers so, that of a version too: its 404 must not pass for the version's.
  if (said?.isAboutWorkspace && status < 500) return new NoSuchWorkspaceError();
  const details = {
    answer: { status, errorCode },
    retryAfterMs: retryAfterMs(answer.retryAfter, Date.now()),
  };
  const is = (code: MlflowErrorCode) => new MlflowError(code, details);
  if (status < 400) return is('mlflow-redirected');
  if (status === 401) return is('mlflow-unauthorized');
  if (status === 403 && answer.text.startsWith(WRONG_HOST))
    return new MlflowError('mlflow-forbidden', { ...details, message: WRONG_HOST_MESSAGE });
  if (status === 403) return is('mlflow-forbidden');
  // 408: the proxy before it gave up waiting.
  if (status === 408) return is('mlflow-timeout');
  if (status === 429) return is('mlflow-rate-limited');
  // 500 FEATURE_DISABLED: a workspace asked of a server without workspaces. Trying again cannot help.
  if (errorCode === 'FEATURE_DISABLED' || status === 501) return is('mlflow-unsupported');
  if (status >= 500) return is('mlflow-server-error');
  // A page of the web server's own, not MLflow's JSON: the path prefix leads past the API.
  if (status === 404 || status === 405)
    return is(errorCode === null ? 'mlflow-not-mlflow' : 'mlflow-bad-response');
  // MLflow itself says that it does not understand what every supported version does.
  return is(errorCode === null ? 'mlflow-not-mlflow' : 'mlflow-unsupported');
}

/** What a fault below HTTP has to be called. Errors of ours pass; those of programming are thrown as they are. */
export function errorOfFault(fault: unknown): MlflowError {
  if (fault instanceof MlflowError) return fault;
  // Something answers, but it does not speak HTTP. Its code is not always set.
  if (fault instanceof errors.HTTPParserError) return new MlflowError('mlflow-not-mlflow');
  const code = codeOf(fault);
  if (code === null || /^(UND_)?ERR_INVALID_/.test(code)) throw fault;
  if (TLS_FAULT.test(code)) return new MlflowError('mlflow-tls');
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new MlflowError('mlflow-bad-response');
  // ENOTFOUND, EAI_AGAIN, ECONNREFUSED, ECONNRESET, EHOSTUNREACH, UND_ERR_SOCKET, …
  return new MlflowError('mlflow-unreachable');
}

/** Node's code of an error. Several addresses tried in turn fail as one AggregateError: the first tells. */
function codeOf(fault: unknown): string | null {
  // By shape, not by class: errors of Node's own modules may come from another realm, as they do under Jest.
  if (typeof fault !== 'object' || fault === null) return null;
  if ('code' in fault && typeof fault.code === 'string') return fault.code;
  if ('errors' in fault && Array.isArray(fault.errors)) return codeOf(fault.errors[0]);
  return 'cause' in fault ? codeOf(fault.cause) : null;
}

/** MLflow's `error_code`, if it looks like one, and what kind of thing it speaks of: remote text goes no further than this. */
function readError(answer: Answer): { code: string; isAboutWorkspace: boolean } | null {
  try {
    const body: unknown = JSON.parse(answer.text);
    if (typeof body !== 'object' || body === null || !('error_code' in body)) return null;
    const code = body.error_code;
    if (typeof code !== 'string' || !/^[A-Z][A-Z_]{0,80}$/.test(code)) return null;
    const message = 'message' in body ? String(body.message) : '';
    return { code, isAboutWorkspace: /^Workspace (name )?'/.test(message) };
  } catch {
    // SyntaxError: HTML or plain text.
    return null;
  }
}
