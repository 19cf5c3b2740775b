import 'reflect-metadata';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

/** A way to Postgres that can be cut and mended. */
class Cable {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  port = 0;

  constructor(target: URL) {
    this.server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
  }

  async mend(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

describe('while Postgres is away', () => {
  let test: TestDatabase;
  let cable: Cable;
  let app: NestFastifyApplication;

  const get = async (url: string) => {
    const answer = await app.inject({ method: 'GET', url, headers: { cookie: 'vw_session=unknown' } });
    return [answer.statusCode, answer.json().code ?? answer.json().status];
  };

  beforeAll(async () => {
    test = await createTestDatabase();
    cable = new Cable(new URL(test.url));
    await cable.mend();
    const url = new URL(test.url);
    url.port = String(cable.port);
    app = await createApi(test.env({ DATABASE_URL: url.href }));
  });

  afterAll(async () => {
    await app?.close();
    await cable?.cut();
    await test?.drop();
  });

  it('answers 503 and lives on, and serves again once Postgres is back', async () => {
    expect(await get('/health/ready')).toEqual([200, 'ok']);
    expect(await get('/api/v1/auth/me')).toEqual([401, 'unauthenticated']);
    await cable.cut();
    expect(await get('/health/ready')).toEqual([503, 'unavailable']);
    expect(await get('/health/live')).toEqual([200, 'ok']);
    expect(await get('/api/v1/auth/me')).toEqual([503, 'unavailable']);
    expect(await get('/api/v1/setup')).toEqual([503, 'unavailable']);
    await cable.mend();
    expect(await get('/health/ready')).toEqual([200, 'ok']);
    expect(await get('/api/v1/auth/me')).toEqual([401, 'unauthenticated']);
  });
});
