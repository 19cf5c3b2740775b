import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { MlflowError } from '../mlflow-error';
import { isLoopback, normalAddress, normalHost } from './address-rules';

/** Ours to say, and about ours alone: no address, no name. */
const UNRESOLVED =
  'A host that must not be reached cannot be looked up: no address can be told apart from it.';

/**
 * Whether an IP address, on the port that the services listen on, reaches one of our own (the database, the queue): a
 * server on loopback usually listens on the machine's other addresses too, so those count as the same. Throws MlflowError
 * `egress-denied` where a name among them cannot be looked up: every address might be its.
 */
export async function isOwnService(address: string, services: readonly { host: string }[]): Promise<boolean> {
  for (const service of services) {
    const addresses = await addressesOf(service.host);
    if (addresses.some((own) => isSameMachine(own, address))) return true;
  }
  return false;
}

async function addressesOf(host: string): Promise<string[]> {
  const literal = normalAddress(host);
  if (literal !== null) return [literal];
  const found = await lookup(normalHost(host), { all: true }).catch(() => {
    // Whatever ails the name server: it may be well again at the next attempt.
    throw new MlflowError('egress-denied', { message: UNRESOLVED, retriable: true });
  });
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
