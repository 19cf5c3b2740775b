import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { isWithinNetwork, normalHost, type Network } from './address-rules';

/** One thing that an operator allows or denies. At least one of the three is set, and all that are must hold. */
export interface EgressEntry {
  /** As a URL's host is compared; null: every one. */
  host: string | null;
  /** An address is a network of one; null: every one. */
  network: Network | null;
  /** Null: every one. */
  port: number | null;
}

/** What a request is about to connect to. */
export interface EgressTarget {
  /** As it stands in the URL. */
  host: string;
  port: number;
}

/** `[fd00::/8]:443`, `10.0.0.0/8:5000`, `mlflow.example.com`, `:5000` in its two parts. */
const HOST_AND_PORT = /^(?:\[([^[\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/;
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/**
 * Reads a list of hosts, addresses, CIDR networks and ports, separated by commas or spaces. A port stands behind a colon,
 * IPv6 before one in brackets. Throws an Error that names the first entry that is none of these.
 */
export function parseEgressEntries(text: string): EgressEntry[] {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseEntry);
}

/** Whether the entry speaks of this target, reached at `address`; null where no address is known yet. */
export function entryMatches(entry: EgressEntry, target: EgressTarget, address: string | null): boolean {
  if (entry.port !== null && entry.port !== target.port) return false;
  if (entry.host !== null) return entry.host === normalHost(target.host);
  if (entry.network !== null) return address !== null && isWithinNetwork(address, entry.network);
  return true;
}

function parseEntry(entry: string): EgressEntry {
  // Without brackets the whole of an IPv6 address or network is the host: its colons set no port.
  if (ipaddr.IPv6.isValid(entry) || ipaddr.IPv6.isValidCIDR(entry)) return placed(entry, entry, null);
  const [, inBrackets, plain = '', digits] = HOST_AND_PORT.exec(entry) ?? refuse(entry);
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) refuse(entry);
  return placed(entry, inBrackets ?? plain, port);
}

function placed(entry: string, host: string, port: number | null): EgressEntry {
  if (host === '') return port === null ? refuse(entry) : { host: null, network: null, port };
  const network = networkOf(host);
  if (network !== null) return { host: null, network, port };
  // What ends a host in a URL would be dropped in silence.
  const name = /[/?#\\@%]/.test(host) ? '' : normalHost(domainToASCII(host));
  // A name whose last part is a number is an address of another spelling, or a mistyped one.
  if (!NAME.test(name) || /(^|\.)(\d+|0x[\da-f]*)$/.test(name)) refuse(entry);
  return { host: name, network: null, port };
}

function networkOf(text: string): Network | null {
  if (isIP(text) !== 0) {
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  if (!ipaddr.isValidCIDR(text) || isIP(text.slice(0, text.indexOf('/'))) === 0) return null;
  const [address, bits] = ipaddr.parseCIDR(text);
  // Addresses of IPv4 inside IPv6 are compared as IPv4: a network of them must be one, too.
  if (!(address instanceof ipaddr.IPv6) || !address.isIPv4MappedAddress()) return [address, bits];
  return bits < 96 ? null : [address.toIPv4Address(), bits - 96];
}

function refuse(entry: string): never {
  throw new Error(`"${entry}" is no host, address or CIDR network with or without a :port.`);
}
