import { lookup, type LookupAddress } from 'node:dns';
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

  constructor(
    private readonly rules: EgressRules,
    verifyTls: boolean,
  ) {
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
        if (addressIsAllowed(socket.remoteAddress ?? '', rules.policy)) return callback(null, socket);
        socket.destroy();
        callback(new MlflowError('egress-denied'), null);
      });
  }

  /** Throws MlflowError `egress-denied` where the URL's host and port are denied as they stand. */
  async checkTarget(url: URL): Promise<void> {
    const host = normalHost(url.hostname);
    if (isMetadataName(host)) throw new MlflowError('egress-denied');
    if (isIP(host) !== 0 && !addressIsAllowed(host, this.rules.policy))
      throw new MlflowError('egress-denied');
    const denied = this.rules.denied ?? [];
    const port = portOf(url);
    if (denied.some((service) => service.port === port && normalHost(service.host) === host)) {
      throw new MlflowError('egress-denied');
    }
    const onThisPort = denied.filter((service) => service.port === port);
    if (onThisPort.length === 0) return;
    const addresses = isIP(host) === 0 ? await allAddresses(host) : [host];
    for (const address of addresses) {
      if (await isOwnService({ host: address, port }, onThisPort)) throw new MlflowError('egress-denied');
    }
  }

  private readonly lookupAllowed: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (
        first === undefined ||
        addresses.some(({ address }) => !addressIsAllowed(address, this.rules.policy))
      ) {
        return callback(new MlflowError('egress-denied'), '');
      }
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function allAddresses(host: string): Promise<string[]> {
  return new Promise((resolve) => {
    // A name that does not resolve fails a moment later, when connecting, with the right code.
    lookup(host, { all: true }, (error, found: LookupAddress[]) =>
      resolve(error === null ? found.map(({ address }) => address) : []),
    );
  });
}
