import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { runInThisContext } from 'node:vm';
import { PRIVATE_CA, SELF_SIGNED } from '@vw/testing';
import { MlflowClient, MlflowError } from '../index';

describe('a server that is no HTTP server, or no trusted one', () => {
  async function codeOf(
    trackingServerUrl: string,
    trust: { verifyTls: boolean; caCertificate?: string | null } = { verifyTls: true },
  ): Promise<unknown> {
    const rest = { requestTimeoutSeconds: 5, egress: { policy: 'private' }, maxAttempts: 1 } as const;
    try {
      await new MlflowClient({ trackingServerUrl, auth: { method: 'none' }, ...trust, ...rest }).probe();
      return 'answered';
    } catch (error) {
      return error instanceof MlflowError ? error.code : error;
    }
  }

  async function listening(server: Server, host = '127.0.0.1'): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  it('tells a dead port, a name without an address and a port without HTTP apart', async () => {
    const silent = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    const port = await listening(silent);
    expect(await codeOf(`http://127.0.0.1:${port}`)).toBe('mlflow-not-mlflow');
    expect(await codeOf(`https://127.0.0.1:${port}`)).toBe('mlflow-tls');
    await new Promise((resolve) => silent.close(resolve));
    expect(await codeOf(`http://127.0.0.1:${port}`)).toBe('mlflow-unreachable');
    expect(await codeOf('http://no-such-host.invalid')).toBe('mlflow-unreachable');
  });

  it('refuses a certificate that nobody signed, unless told not to verify', async () => {
    const server = createTlsServer(SELF_SIGNED, (_request, response) => {
      response.writeHead(401).end();
    });
    const url = `https://localhost:${await listening(server)}`;
    expect(await codeOf(url)).toBe('mlflow-tls');
    expect(await codeOf(url, { verifyTls: false })).toBe('mlflow-unauthorized');
    expect(await codeOf(url)).toBe('mlflow-tls');
    await new Promise((resolve) => server.close(resolve));
  });

  it('trusts the CA that it was given, for the names of its certificate only, and no other client does', async () => {
    const server = createTlsServer(PRIVATE_CA, (_request, response) => {
      response.writeHead(401).end();
    });
    const port = await listening(server, '0.0.0.0');
    const trusting = (caCertificate: string | null) => ({ verifyTls: true, caCertificate });
    expect(await codeOf(`https://localhost:${port}`)).toBe('mlflow-tls');
    expect(await codeOf(`https://localhost:${port}`, trusting(PRIVATE_CA.ca))).toBe('mlflow-unauthorized');
    expect(await codeOf(`https://127.0.0.2:${port}`, trusting(PRIVATE_CA.ca))).toBe('mlflow-tls');
    expect(await codeOf(`https://localhost:${port}`, trusting(SELF_SIGNED.cert))).toBe('mlflow-tls');
    expect(await codeOf(`https://localhost:${port}`, trusting(null))).toBe('mlflow-tls');
    await new Promise((resolve) => server.close(resolve));
  });

  it('verifies certificates whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const server = createTlsServer(SELF_SIGNED, (_request, response) => {
      response.writeHead(401).end();
    });
    const url = `https://localhost:${await listening(server)}`;
    // Jest gives specs a copy of the environment; TLS reads the real one.
    const { env }: NodeJS.Process = runInThisContext('process');
    env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    expect(await codeOf(url)).toBe('mlflow-tls');
    delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
    await new Promise((resolve) => server.close(resolve));
  });
});
