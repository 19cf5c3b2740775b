import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Log } from '@vw/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { organizationOf } from './access';

/**
 * One line per answered API request. The route's pattern, never the address as sent: that may hold a search text, and one day a secret.
 * No bodies, cookies or other headers.
 */
export function logRequests(app: NestFastifyApplication): void {
  const log = app.get(Log);
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    if (!route?.startsWith('/api/v1/')) return;
    log.info(
      {
        requestId: request.id,
        orgId: organizationOf(request),
        runId: runId(route, request),
        method: request.method,
        route,
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}

function runId(route: string, { params }: FastifyRequest): string | undefined {
  if (!route.includes('/sync-runs/:id') || typeof params !== 'object' || params === null) return undefined;
  return 'id' in params ? String(params.id) : undefined;
}
