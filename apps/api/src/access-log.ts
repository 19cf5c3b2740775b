import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SignedInUser } from '@vw/identity';
import { Log } from '@vw/platform';
import type { FastifyInstance } from 'fastify';

/**
 * One line per answered API request. The route's pattern, never the address as sent: that may hold a search text, and one day a secret.
 * No bodies, cookies or other headers.
 */
export function logRequests(app: NestFastifyApplication): void {
  const log = app.get(Log);
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', async (request: LoggedRequest, reply) => {
    const route = request.routeOptions.url;
    if (!route?.startsWith('/api/v1/')) return;
    log.info(
      {
        requestId: request.id,
        orgId: request.signedIn?.orgId,
        runId: route.includes('/sync-runs/:id') ? request.params.id : undefined,
        method: request.method,
        route,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}
