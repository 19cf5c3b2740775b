import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  describeWithEachMlflow,
  MLFLOW_START_TIMEOUT_MS,
  startTestMlflow,
  type TestMlflow,
} from '@vw/testing';
import { MlflowClient, type RegisteredModel } from './index';

const never = new AbortController().signal;

describeWithEachMlflow('MlflowClient and a server below a path', (version) => {
  let mlflow: TestMlflow;
  /** A reverse proxy that takes `/tools` away from each path before it passes the request on. */
  let proxy: Server;
  let proxyUrl: string;
  /** MLflow 2 moves its pages below the prefix, and keeps its REST API where it was. */
  const [path, notThePath] = version.startsWith('2.') ? ['', '/mlflow'] : ['/mlflow', ''];

  beforeAll(async () => {
    mlflow = await startTestMlflow({ version, staticPrefix: '/mlflow' });
    await mlflow.api.createModel('prefixed');
    proxy = createServer(async (incoming, outgoing) => {
      const { method = 'GET', url = '' } = incoming;
      if (!url.startsWith('/tools/')) return outgoing.writeHead(404, { 'content-type': 'text/html' }).end();
      const body = method === 'POST' ? Buffer.concat(await incoming.toArray()).toString() : null;
      const headers = { 'content-type': incoming.headers['content-type'] ?? 'text/plain' };
      const answer = await fetch(`${new URL(mlflow.url).origin}${url.slice('/tools'.length)}`, {
        method,
        headers,
        body,
      });
      const contentType = answer.headers.get('content-type') ?? 'text/plain';
      outgoing.writeHead(answer.status, { 'content-type': contentType }).end(await answer.text());
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  }, MLFLOW_START_TIMEOUT_MS);
  afterAll(async () => {
    proxy?.close();
    await mlflow?.stop();
  });

  const clientOf = (trackingServerUrl: string) =>
    new MlflowClient({
      trackingServerUrl,
      auth: { method: 'none' },
      requestTimeoutSeconds: 30,
      verifyTls: true,
      egress: { policy: 'private' },
    });
  const modelsAt = async (url: string): Promise<RegisteredModel[]> => {
    const models: RegisteredModel[] = [];
    for await (const page of clientOf(url).registeredModels(never)) models.push(...page);
    return models;
  };

  it.each(['', '/'])('reads one started with --static-prefix, given with "%s" at the end', async (end) => {
    const url = `${new URL(mlflow.url).origin}${path}${end}`;
    expect(await clientOf(url).probe()).toMatchObject({ serverVersion: version, workspaces: null });
    expect(await modelsAt(url)).toMatchObject([{ name: 'prefixed' }]);
    expect(await clientOf(url).experiments(never)).toHaveProperty('size', 1);
  });

  it('reads one behind a proxy that strips a prefix of its own', async () => {
    const url = `${proxyUrl}/tools${path}`;
    expect(await clientOf(url).probe()).toMatchObject({ serverVersion: version, workspaces: null });
    expect(await modelsAt(url)).toMatchObject([{ name: 'prefixed' }]);
    expect(await clientOf(url).experiments(never)).toHaveProperty('size', 1);
  });

  it('calls a URL where the API is not, not MLflow', async () => {
    for (const url of [
      `${new URL(mlflow.url).origin}${notThePath}`,
      proxyUrl,
      `${proxyUrl}/tools${notThePath}`,
    ])
      await expect(clientOf(url).probe()).rejects.toMatchObject({ code: 'mlflow-not-mlflow' });
  });
});
