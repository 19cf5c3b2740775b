import type { Connection, ConnectionStatus, ProblemCode } from '@vw/shared-contracts';
import type { IconName } from '../ui/icon-paths';

/** What a step's button does. */
export type StepAction = 'test' | 'edit' | 'copy-url' | 'sync' | 'none';

export interface Step {
  title: string;
  text: string;
  action: StepAction;
}

export interface Remedy {
  /** Two or three words, for the status card. */
  short: string;
  title: string;
  /** What to do, in one sentence. */
  text: string;
  steps: (connection: Connection) => Step[];
}

const testAgain: Step = {
  title: 'Test the connection again',
  text: 'A successful test clears this error.',
  action: 'test',
};
const checkUrl: Step = {
  title: 'Check the URL and its protocol',
  text: 'It must start with http:// or https:// and open from VerifyWise.',
  action: 'copy-url',
};
const allowOutbound: Step = {
  title: 'Allow outbound connections',
  text: 'The firewall must let VerifyWise reach this host and port.',
  action: 'none',
};
const raiseTimeout = (connection: Connection): Step => ({
  title: 'Increase Request timeout',
  text: `Now ${connection.requestTimeoutSeconds} s.`,
  action: 'edit',
});
const checkServer: Step = {
  title: 'Look at the MLflow server',
  text: 'Its logs say why it failed. VerifyWise tries again by itself at the next sync.',
  action: 'none',
};
const edit = (title: string, text: string): Step => ({ title, text, action: 'edit' });

const REMEDIES: Partial<Record<ProblemCode, Remedy>> = {
  'mlflow-unreachable': {
    short: 'Not reachable',
    title: 'Unable to reach MLflow backend',
    text: 'Check the URL, its protocol and the firewall.',
    steps: () => [
      testAgain,
      checkUrl,
      allowOutbound,
      edit('Change the server URL', 'If the server has moved.'),
    ],
  },
  'mlflow-timeout': {
    short: 'Timed out',
    title: 'Unable to reach MLflow backend',
    text: 'Increase Request timeout, then test again.',
    steps: (connection) => [testAgain, raiseTimeout(connection), checkUrl, allowOutbound],
  },
  'mlflow-unauthorized': {
    short: 'Credentials refused',
    title: 'MLflow refused these credentials',
    text: 'Check them, then test again.',
    steps: () => [
      edit('Check the credentials', 'Enter them again if the password or token was changed.'),
      testAgain,
    ],
  },
  'mlflow-forbidden': {
    short: 'Not permitted',
    title: 'The account may not list models',
    text: 'Grant it read access in MLflow, then test again.',
    steps: () => [
      {
        title: 'Grant read access',
        text: 'In MLflow, to the registered models and experiments, and to the workspace where one is set.',
        action: 'none',
      },
      {
        title: 'Allow the host name',
        text: 'A server started with --allowed-hosts must list the one in the URL.',
        action: 'copy-url',
      },
      testAgain,
    ],
  },
  'mlflow-tls': {
    short: 'Certificate not trusted',
    title: 'Certificate not trusted',
    text: 'Enter its CA under Advanced, then test again.',
    steps: () => [
      edit('Enter its CA certificate', 'Under Advanced, in PEM; ask the operator of MLflow for it.'),
      edit('Check the protocol', 'The URL of a server without TLS begins with http://, not https://.'),
      testAgain,
    ],
  },
  'mlflow-redirected': {
    short: 'Redirected',
    title: 'This URL leads to a sign-in page',
    text: "Use the tracking server's own URL.",
    steps: () => [edit('Change the server URL', 'To the address without the sign-in proxy.'), testAgain],
  },
  'mlflow-not-mlflow': {
    short: 'Not MLflow',
    title: 'This URL is not an MLflow server',
    text: 'Check the path prefix.',
    steps: () => [
      checkUrl,
      edit('Change the server URL', 'Include any path prefix of the server.'),
      testAgain,
    ],
  },
  'mlflow-unsupported': {
    short: 'Version too old',
    title: 'MLflow version too old',
    text: 'Upgrade the MLflow server, or leave Workspace empty where it has none.',
    steps: () => [
      { title: 'Upgrade MLflow', text: 'To 2.9 or later; workspaces need 3.6.', action: 'none' },
      edit('Leave Workspace empty', 'Under Advanced, for a server without workspaces.'),
      testAgain,
    ],
  },
  'mlflow-rate-limited': {
    short: 'Slowed down',
    title: 'MLflow asked us to slow down',
    text: 'The sync is tried again later.',
    steps: () => [{ title: 'Wait', text: 'VerifyWise tries again by itself.', action: 'none' }, testAgain],
  },
  'mlflow-server-error': {
    short: 'Server error',
    title: 'MLflow failed with a server error',
    text: 'See its logs.',
    steps: () => [checkServer, testAgain],
  },
  'mlflow-bad-response': {
    short: 'Unreadable answer',
    title: 'The answer of MLflow could not be read',
    text: 'Nothing was changed by it.',
    steps: () => [checkServer, checkUrl, testAgain],
  },
  'mlflow-paging-loop': {
    short: 'Unreadable answer',
    title: 'The answer of MLflow could not be read',
    text: 'MLflow repeats the same page without end.',
    steps: () => [checkServer, testAgain],
  },
  'credential-unreadable': {
    short: 'Credentials locked',
    title: 'Stored credentials cannot be opened',
    text: 'Enter them again.',
    steps: () => [
      edit('Enter the credentials again', 'The key that sealed them is not available.'),
      testAgain,
    ],
  },
  'egress-denied': {
    short: 'Address not allowed',
    title: 'This address may not be reached from here',
    text: 'Ask the operator of VerifyWise.',
    steps: () => [
      {
        title: 'Ask the operator',
        text: 'The egress policy of VerifyWise must allow this address.',
        action: 'copy-url',
      },
      edit('Change the server URL', 'If another address of the server is allowed.'),
    ],
  },
  'removals-held': {
    short: 'Versions not seen',
    title: 'Some versions were not seen in MLflow',
    text: 'Nothing was removed.',
    steps: () => [
      {
        title: 'Check read access',
        text: 'MLflow hides models that the account may not read.',
        action: 'none',
      },
      { title: 'Sync again', text: 'Versions that are seen again stay as they are.', action: 'sync' },
    ],
  },
  'worker-lost': {
    short: 'Worker failed',
    title: 'The worker could not finish this sync',
    text: 'It stopped again and again, or its database had no room. What was read is kept.',
    steps: () => [
      { title: 'Look at the log of the worker', text: 'It names the fault.', action: 'none' },
      { title: 'Sync again', text: 'Or wait for the upcoming sync.', action: 'sync' },
    ],
  },
};

/** How to get well again, by error code; a code that is newer than this page still gets its message shown. */
export function remedyFor(code: ProblemCode, message: string): Remedy {
  return REMEDIES[code] ?? { short: code, title: message, text: '', steps: () => [testAgain] };
}

/** Words, tone and icon of each status: never colour alone. */
export const STATUS_LABELS: Record<
  ConnectionStatus,
  { text: string; explanation: string; tone: '' | 'ok' | 'warning' | 'error'; icon: IconName }
> = {
  'not-configured': {
    text: 'Not connected',
    explanation: 'No MLflow server yet',
    tone: '',
    icon: 'link-off',
  },
  connected: {
    text: 'Connected',
    explanation: 'Last test or sync succeeded',
    tone: 'ok',
    icon: 'check-circle',
  },
  'action-required': {
    text: 'Action required',
    explanation: 'Credentials, URL or TLS need an Admin',
    tone: 'warning',
    icon: 'key',
  },
  error: {
    text: 'Error',
    explanation: 'MLflow failed; retries by itself hourly',
    tone: 'error',
    icon: 'error',
  },
};

export const METHOD_LABELS = {
  none: 'No authentication',
  basic: 'Basic authentication',
  token: 'API token',
} as const;
