import 'reflect-metadata';
import { connect } from 'node:net';
import { startTestApi, type TestApi } from './test-api';

describe('what cannot be read as a request', () => {
  let api: TestApi;
  let port: number;

  beforeAll(async () => {
    api = await startTestApi();
    await api.app.listen(0, '127.0.0.1');
    port = Number(new URL(await api.app.getUrl()).port);
  });

  afterAll(() => api?.close());

  const answerTo = (text: string): Promise<string> =>
    new Promise((done, failed) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => (heard += chunk.toString('utf8')));
      socket.on('error', failed);
      socket.on('close', () => done(heard));
    });

  it.each([
    ['a header that is too long', `GET /api/v1/setup?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ])('is a problem like any other: %s', async (_name, text) => {
    const [head = '', body = ''] = (await answerTo(text)).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 .*content-type: application\/problem\+json/s);
    expect(JSON.parse(body)).toMatchObject({
      status: 400,
      code: 'malformed',
      instance: expect.stringMatching(/^req_/),
    });
  });
});
