import type { EgressEntry } from './egress/egress-entries';
import type { Secret } from './egress/secret';

export type MlflowAuth =
  | { method: 'none' }
  | { method: 'basic'; username: string; password: Secret }
  | { method: 'token'; token: Secret };

/**
 * Which addresses may be asked: `private` = also private ranges and loopback, `public` = public addresses only, `list` = only what
 * `allow` names. Cloud metadata, link-local, multicast and the like are denied under each.
 */
export type EgressPolicy = 'private' | 'public' | 'list';

export interface EgressRules {
  policy: EgressPolicy;
  /** Opens what the policy would close. The addresses of a name in it are still checked against all that is denied. */
  allow?: readonly EgressEntry[];
  /** Closes, whatever else allows. A name in it stands for its addresses, too. */
  deny?: readonly EgressEntry[];
  /** Our own database and queue: denied under every name and address that reaches them. */
  ownServices?: readonly { host: string; port: number }[];
}

export interface MlflowClientOptions {
  /** http or https, may have a path prefix; see `checkTrackingServerUrl`. */
  trackingServerUrl: string;
  auth: MlflowAuth;
  /** One deadline per attempt: it covers name look-up, connecting, headers and the whole body. */
  requestTimeoutSeconds: number;
  /** False accepts any certificate, on this client's connections only. */
  verifyTls: boolean;
  /** PEM of the authorities that may have signed the server's certificate, in place of the machine's; null or absent = the machine's. */
  caCertificate?: string | null;
  /** Sent as X-MLFLOW-WORKSPACE; null or absent = the server's default workspace. */
  workspace?: string | null;
  egress: EgressRules;
  /** How often one request is sent at most, default 5; 1 = no retries. */
  maxAttempts?: number;
  /** Called for each HTTP request that is sent, retries included. */
  onRequest?: () => void;
}
