import ipaddr from 'ipaddr.js';
import type { EgressPolicy } from '../client-options';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address and how many of its leading bits count. */
export type Network = readonly [Address, number];

/** Ranges that no setting opens. Names of ranges are ipaddr.js's. */
const NEVER_RANGES: ReadonlySet<string> = new Set([
  'unspecified',
  'broadcast',
  'multicast',
  'linkLocal',
  // NAT64, 6to4 and their kin carry an IPv4 address inside: a way round every rule below.
  'rfc6052',
  'rfc6145',
  '6to4',
  'teredo',
  'discard',
]);

/** Metadata services of clouds outside of link-local, and what no host may have as its address. */
const NEVER_BLOCKS: readonly Network[] = [
  ...['100.100.100.200/32', '192.0.0.0/24', '168.63.129.16/32', '0.0.0.0/8', '240.0.0.0/4', '192.88.99.0/24'],
  // fd00:ec2::254 and its neighbours at AWS; ::/96 is the deprecated way to carry an IPv4 address.
  ...['fd00:ec2::/32', 'fd20:ce::254/128', '64:ff9b:1::/48', '::/96', 'fec0::/10'],
].map((block) => ipaddr.parseCIDR(block));

/** `reserved` holds test networks and 198.18.0.0/15, which companies use inside. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set([
  'unicast',
  'private',
  'loopback',
  'uniqueLocal',
  'carrierGradeNat',
  'reserved',
]);

/** Names under which clouds serve credentials to whoever asks from inside. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.com',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
  'rancher-metadata',
]);

/**
 * Whether a connection to this IP address is allowed. What is no IP address is not. `isListed` opens what the policy alone would close, and
 * nothing of what no setting opens.
 */
export function addressIsAllowed(address: string, policy: EgressPolicy, isListed = false): boolean {
  const parsed = parseAddress(address);
  if (parsed === null) return false;
  const range = parsed.range();
  // ::1 lies in ::/96.
  if (range !== 'loopback' && NEVER_BLOCKS.some((block) => isWithin(parsed, block))) return false;
  if (NEVER_RANGES.has(range)) return false;
  if (policy === 'private' || isListed) return PRIVATE_RANGES.has(range);
  return policy === 'public' && range === 'unicast';
}

/** Whether this host name, in any case and with or without a final dot, belongs to a cloud's metadata service. */
export function isMetadataName(host: string): boolean {
  return METADATA_NAMES.has(normalHost(host));
}

/** A host as it is compared: lower case, no brackets, no final dot. */
export function normalHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** One spelling for each address, IPv4 inside IPv6 (`::ffff:`) as IPv4; null for what is no IP address. */
export function normalAddress(address: string): string | null {
  return parseAddress(address)?.toString() ?? null;
}

export function isLoopback(address: string): boolean {
  return parseAddress(address)?.range() === 'loopback';
}

/** Whether this IP address, in any spelling, lies in the network. */
export function isWithinNetwork(address: string, network: Network): boolean {
  const parsed = parseAddress(address);
  return parsed !== null && isWithin(parsed, network);
}

function parseAddress(address: string): Address | null {
  const bare = normalHost(address);
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function isWithin(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
