import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { isLoopback, normalAddress, normalHost } from './address-rules';

export interface Endpoint {
  host: string;
  port: number;
}

/**
 * Whether an address and port reach one of our own services (the database, the queue), under whichever name: a server
 * on loopback usually listens on the machine's other addresses too, so those count as the same.
 */
export async function isOwnService(target: Endpoint, services: readonly Endpoint[]): Promise<boolean> {
  for (const service of services.filter(({ port }) => port === target.port)) {
    const addresses = await addressesOf(service.host);
    if (addresses.some((address) => isSameMachine(address, target.host))) return true;
  }
  return false;
}

async function addressesOf(host: string): Promise<string[]> {
  const literal = normalAddress(host);
  if (literal !== null) return [literal];
  // A service whose name does not resolve cannot be reached by us either: nothing to deny.
  const found = await lookup(normalHost(host), { all: true }).catch(() => []);
  return found.flatMap(({ address }) => normalAddress(address) ?? []);
}

function isSameMachine(service: string, target: string): boolean {
  const address = normalAddress(target);
  if (address === null) return false;
  return address === service || (isOwnAddress(service) && isOwnAddress(address));
}

function isOwnAddress(address: string): boolean {
  if (isLoopback(address) || address === '0.0.0.0' || address === '::') return true;
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return own.some((entry) => normalAddress(entry.address) === address);
}
