import { createServer } from 'node:net';

/** Whether a server may listen there now. */
export function isFree(port: number, host = '0.0.0.0'): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen(port, host, () => probe.close(() => done(true)));
  });
}

/** One where nobody listens at this moment, on loopback. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The first free port from the wished one on. Throws after a hundred. */
export async function freePortFrom(first: number): Promise<number> {
  for (let port = first; port < first + 100; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${first} to ${first + 99} is free.`);
}

/** Throws with a sentence that names the port and the way out. */
export async function requireFree(env: NodeJS.ProcessEnv, command: string): Promise<void> {
  const port = Number(env['PORT'] || 3000);
  if (port === 0 || !Number.isInteger(port) || port > 65_535) return;
  if (await isFree(port, env['HOST'] || '0.0.0.0')) return;
  throw new Error(
    `Port ${port} is in use. Stop what listens there, or choose another one: PORT=${port + 1} npm ${command}`,
  );
}
