import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Log, type Env } from '@vw/platform';
import { logRequests } from './access-log';
import { ApiModule } from './api.module';
import { acceptEmptyJson } from './json-body';
import { serveOpenApi } from './open-api';
import { ProblemFilter } from './problem.filter';
import { answerUnreadable, requestId } from './unreadable-request';
import { validation } from './validation';
import { serveWeb } from './web-pages';

/** The largest request body, in bytes: a CA certificate and two long secrets fit many times. */
const BODY_LIMIT = 256 * 1024;

/** The whole HTTP door, ready to listen. */
export async function createApi(env: Env): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    genReqId: requestId,
    clientErrorHandler: answerUnreadable,
    routerOptions: { maxParamLength: 500 },
    ...(env.trustedProxies.length > 0 ? { trustProxy: [...env.trustedProxies] } : {}),
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(env), adapter, {
    // Until the log of the app is there; a refused start is told by its caller.
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  app.useLogger(app.get(Log));
  app.setGlobalPrefix('api/v1', { exclude: [{ path: 'health/{*rest}', method: RequestMethod.GET }] });
  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: false,
    hsts: env.publicUrl.startsWith('https:'),
    crossOriginOpenerPolicy: env.publicUrl.startsWith('https:'),
    originAgentCluster: false,
  });
  logRequests(app);
  acceptEmptyJson(app);
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter(app.get(Log)));
  await serveOpenApi(app);
  await serveWeb(app, env);
  await app.init();
  return app;
}
