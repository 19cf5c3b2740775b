import { RouteConfig, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem } from '@vw/platform';
import type { FastifyInstance } from 'fastify';

const RAW_TEXT = 'rawText';

/** The body of the route is its text, to the letter: a signature covers that, not what it parses to. */
export const RawText = (): MethodDecorator => RouteConfig({ [RAW_TEXT]: true });

/** A JSON content type with an empty body is no body, not an error: clients send it with every POST. `null` is none that any route takes. */
export function acceptEmptyJson(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (RAW_TEXT in request.routeOptions.config) return done(null, body);
    return parse(request, body.toString(), (error, value) =>
      value === null ? done(new Problem('malformed')) : done(error, value),
    );
  });
}
