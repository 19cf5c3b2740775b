import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase } from '@vw/testing';
import { createApi } from './create-api';

/** For specs: the whole API on a throw-away database, and requests as browsers and programs send them. */
export interface TestApi {
  app: NestFastifyApplication;
  test: TestDatabase;
  /** With a cookie as a browser does, with a key as a program does, else as nobody. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The cookie of a new session. */
  signIn(email: string, password: string): Promise<string>;
  close(): Promise<void>;
}

interface CallOptions {
  body?: object;
  cookie?: string;
  key?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  json<Shape>(): Shape;
}

export async function startTestApi(env: Record<string, string> = {}): Promise<TestApi> {
  const test = await createTestDatabase();
  const app = await createApi(test.env(env));
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const answer = await app.inject({
      method: method as 'GET',
      url: path.startsWith('/api/') ? path : `/api/v1${path}`,
      headers: {
        ...(options.key ? { authorization: `Bearer ${options.key}` } : { 'sec-fetch-site': 'same-origin' }),
        ...(options.cookie ? { cookie: options.cookie } : {}),
        ...options.headers,
      },
      ...(options.body ? { payload: options.body } : {}),
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: <Shape>() => answer.json<Shape>(),
    };
  };
  return {
    app,
    test,
    call,
    signIn: async (email, password) => {
      const answer = await call('POST', '/auth/sign-in', { body: { email, password } });
      if (answer.status !== 200) throw new Error(`${email} cannot sign in: ${answer.text}`);
      return String(answer.headers['set-cookie']).split(';')[0] ?? '';
    },
    close: async () => {
      await app.close();
      await test.drop();
    },
  };
}
