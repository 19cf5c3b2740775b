/**
 * The closed table of error codes: what an API client switches on, which HTTP status it comes with, the sentence a person may
 * read, the status card a failed test or sync sets, and whether trying again can help. No other code ever leaves the system.
 */
export const PROBLEMS = {
  'mlflow-unreachable': entry(
    502,
    'error',
    true,
    'Unable to reach the MLflow backend. Check the URL, the protocol and the firewall.',
  ),
  'mlflow-timeout': entry(
    504,
    'error',
    true,
    'Unable to reach the MLflow backend in time. Increase the request timeout.',
  ),
  'mlflow-rate-limited': entry(
    502,
    'error',
    true,
    'MLflow asked us to slow down. The sync is tried again later.',
  ),
  'mlflow-server-error': entry(
    502,
    'error',
    true,
    'MLflow failed with a server error. See the logs of the MLflow server.',
  ),
  'mlflow-bad-response': entry(
    502,
    'error',
    true,
    'The answer of MLflow could not be read. Nothing was changed by it.',
  ),
  'mlflow-paging-loop': entry(
    502,
    'error',
    true,
    'MLflow repeats the same page without end. Nothing was changed by it.',
  ),
  'worker-lost': entry(
    503,
    'error',
    true,
    'The background worker could not finish this sync. See its log; the next sync tries again.',
  ),
  'mlflow-unauthorized': entry(
    502,
    'action-required',
    false,
    'MLflow refused these credentials. Check them and test again.',
  ),
  'mlflow-forbidden': entry(
    502,
    'action-required',
    false,
    'MLflow denied access. The account needs read access, the workspace must exist, and the server must allow this host name.',
  ),
  'mlflow-tls': entry(
    502,
    'action-required',
    false,
    'The certificate of the server is not trusted. Enter the CA that signed it under Advanced; a server without TLS has a URL with http://.',
  ),
  'mlflow-redirected': entry(
    502,
    'action-required',
    false,
    "This URL leads to another page, often a sign-in. Use the tracking server's own URL.",
  ),
  'mlflow-not-mlflow': entry(
    502,
    'action-required',
    false,
    'This URL is not an MLflow server. Check the path prefix.',
  ),
  'mlflow-unsupported': entry(
    502,
    'action-required',
    false,
    'This MLflow is older than 2.9, or has no workspaces although one is named.',
  ),
  'egress-denied': entry(
    502,
    'action-required',
    false,
    'This address may not be reached from here. Ask the operator.',
  ),
  'credential-unreadable': entry(
    422,
    'action-required',
    false,
    'The stored credentials cannot be opened. Enter them again.',
  ),
  'removals-held': entry(
    409,
    'action-required',
    false,
    'Some versions were not seen in MLflow. Nothing was removed; review them.',
  ),
  'invalid-input': entry(422, null, false, 'Some fields are not valid.'),
  'credential-required': entry(422, null, false, 'Enter the credentials again for the new server.'),
  unauthenticated: entry(401, null, false, 'Sign in first.'),
  forbidden: entry(403, null, false, 'Your role does not allow this.'),
  malformed: entry(400, null, false, 'The request could not be read.'),
  'too-large': entry(413, null, false, 'The request is too large.'),
  'unsupported-media-type': entry(415, null, false, 'Send the body as application/json.'),
  'not-found': entry(404, null, false, 'There is nothing here.'),
  'not-configured': entry(
    409,
    null,
    false,
    'MLflow is not connected yet. An Admin sets it up under Integrations.',
  ),
  conflict: entry(409, null, false, 'This is not possible in the present state.'),
  'setup-done': entry(409, null, false, 'The first organization exists already. Sign in.'),
  'source-changed': entry(
    409,
    null,
    false,
    'This is another MLflow server. Confirm that its records replace the present ones.',
  ),
  'rate-limited': entry(429, null, true, 'Too many attempts. Wait a while and try again.'),
  unavailable: entry(503, null, true, 'The service is not ready. Try again in a moment.'),
  internal: entry(500, null, false, 'Something went wrong. The reference finds it in the log.'),
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** The codes that a connection test or a sync may end with. */
export type SyncErrorCode = {
  [Code in ProblemCode]: (typeof PROBLEMS)[Code]['card'] extends null ? never : Code;
}[ProblemCode];

function entry<Card extends 'error' | 'action-required' | null>(
  status: number,
  card: Card,
  retriable: boolean,
  text: string,
) {
  return { status, card, retriable, text };
}
