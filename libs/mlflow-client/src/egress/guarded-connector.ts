import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { EgressRules } from '../client-options';
import { MlflowError } from '../mlflow-error';
import { addressIsAllowed, isMetadataName, normalHost } from './address-rules';
import { entryMatches, type EgressTarget } from './egress-entries';
import { isOwnService } from './own-services';

/** Whose word on the server's certificate counts. */
export interface TlsTrust {
  verifyTls: boolean;
  caCertificate?: string | null;
}

/**
 * Connects only to addresses that the rules allow:
 * 1. the host itself, before anything is looked up (undici never calls `lookup` for an IP address);
 * 2. every address that its name has: one bad address rejects all, and only these are connected to, so a name that
 *    resolves differently a moment later gains nothing;
 * 3. the address at the other end of the socket, before a byte is written.
 */
export class GuardedConnector {
  readonly connect: buildConnector.connector;
  private readonly target: EgressTarget;
  /** What listens on the target's port and must not be reached there: our own services, and what an operator denied by name. */
  private readonly deniedHosts: readonly { host: string }[];

  constructor(
    private readonly rules: EgressRules,
    url: URL,
    { verifyTls, caCertificate }: TlsTrust,
  ) {
    this.target = { host: url.hostname, port: portOf(url) };
    this.deniedHosts = deniedHosts(rules, this.target.port);
    const connect = buildConnector({
      // Said in so many words, for NODE_TLS_REJECT_UNAUTHORIZED decides where nothing is.
      rejectUnauthorized: verifyTls,
      ca: caCertificate ?? undefined,
      lookup: this.lookupAllowed,
      // The request's own deadline covers connecting too.
      timeout: 0,
      allowH2: false,
    });
    this.connect = (options, callback) =>
      connect(options, (error, socket) => {
        if (error !== null) return callback(error, null);
        // Ended by the other side as soon as it was made: no address of anybody's, and no reason to call it denied.
        if (socket.remoteAddress === undefined) {
          socket.destroy();
          return callback(new MlflowError('mlflow-unreachable'), null);
        }
        this.mustBeAllowed(socket.remoteAddress).then(
          () => callback(null, socket),
          (denied: MlflowError) => {
            socket.destroy();
            callback(denied, null);
          },
        );
      });
  }

  /** Throws MlflowError `egress-denied` where the target is denied as it stands, before any name is looked up. */
  async checkTarget(): Promise<void> {
    const host = normalHost(this.target.host);
    const isDeniedName = this.deniedHosts.some((denied) => normalHost(denied.host) === host);
    if (isMetadataName(host) || isDeniedName) throw new MlflowError('egress-denied');
    if (isIP(host) !== 0) await this.mustBeAllowed(host);
  }

  private readonly lookupAllowed: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      Promise.all(addresses.map(({ address }) => this.mustBeAllowed(address))).then(
        () => {
          const [first] = addresses;
          if (first === undefined) return callback(new MlflowError('egress-denied'), '');
          if (options.all === true) return callback(null, addresses);
          callback(null, first.address, first.family);
        },
        (denied: MlflowError) => callback(denied, ''),
      );
    });
  };

  /** Throws MlflowError `egress-denied`. */
  private async mustBeAllowed(address: string): Promise<void> {
    const { policy, allow = [], deny = [] } = this.rules;
    const isListed = allow.some((entry) => entryMatches(entry, this.target, address));
    const isDenied =
      !addressIsAllowed(address, policy, isListed) ||
      deny.some((entry) => entryMatches(entry, this.target, address)) ||
      (await isOwnService(address, this.deniedHosts));
    if (isDenied) throw new MlflowError('egress-denied');
  }
}

function deniedHosts({ ownServices = [], deny = [] }: EgressRules, port: number): { host: string }[] {
  const named = deny.flatMap((entry) => (entry.host === null ? [] : { host: entry.host, port: entry.port }));
  return [...ownServices, ...named].filter((denied) => denied.port === null || denied.port === port);
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
