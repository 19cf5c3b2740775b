import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { EgressRules } from '../client-options';
import { MlflowError } from '../mlflow-error';
import { addressIsAllowed, isMetadataName, normalHost } from './address-rules';
import { isOwnService } from './own-services';

/**
 * Connects only to addresses that the rules allow:
 * 1. the host itself, before anything is looked up (undici never calls `lookup` for an IP address);
 * 2. every address that its name has: one bad address rejects all, and only these are connected to, so a name that
 *    resolves differently a moment later gains nothing;
 * 3. the address at the other end of the socket, before a byte is written.
 */
export class GuardedConnector {
  readonly connect: buildConnector.connector;
  private readonly port: number;

  constructor(
    private readonly rules: EgressRules,
    private readonly target: URL,
    verifyTls: boolean,
  ) {
    this.port = portOf(target);
    const connect = buildConnector({
      rejectUnauthorized: verifyTls,
      lookup: this.lookupAllowed,
      // The request's own deadline covers connecting too.
      timeout: 0,
      allowH2: false,
    });
    this.connect = (options, callback) =>
      connect(options, (error, socket) => {
        if (error !== null) return callback(error, null);
        this.isAllowed(socket.remoteAddress ?? '').then((allowed) => {
          if (allowed) return callback(null, socket);
          socket.destroy();
          callback(new MlflowError('egress-denied'), null);
        });
      });
  }

  /** Throws MlflowError `egress-denied` where the target is denied as it stands, before any name is looked up. */
  async checkTarget(): Promise<void> {
    const host = normalHost(this.target.hostname);
    const isOwnName = this.ownServices().some((service) => normalHost(service.host) === host);
    const isDeniedAddress = isIP(host) !== 0 && !(await this.isAllowed(host));
    if (isMetadataName(host) || isOwnName || isDeniedAddress) throw new MlflowError('egress-denied');
  }

  private readonly lookupAllowed: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      Promise.all(addresses.map(({ address }) => this.isAllowed(address))).then((allowed) => {
        const [first] = addresses;
        if (first === undefined || allowed.includes(false))
          return callback(new MlflowError('egress-denied'), '');
        if (options.all === true) return callback(null, addresses);
        callback(null, first.address, first.family);
      });
    });
  };

  private async isAllowed(address: string): Promise<boolean> {
    if (!addressIsAllowed(address, this.rules.policy)) return false;
    return !(await isOwnService(address, this.ownServices()));
  }

  /** Those of our services that listen on the target's port. */
  private ownServices() {
    return (this.rules.denied ?? []).filter(({ port }) => port === this.port);
  }
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
