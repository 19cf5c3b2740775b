import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Env, Problem } from '@vw/platform';
import type { FastifyRequest } from 'fastify';

const FROM_OUTSIDE = 'from-outside';

/** Opens a route to callers that are no browser. It must count for nothing who is signed in. */
export const FromOutside = (): MethodDecorator => SetMetadata(FROM_OUTSIDE, true);

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Keeps other sites from acting with a browser's session: a body must be JSON, and the request must come from our own pages. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(
    private readonly env: Env,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (SAFE_METHODS.has(request.method)) return true;
    if (hasBody(request) && !isJson(request)) throw new Problem('unsupported-media-type');
    if (this.reflector.get<boolean | undefined>(FROM_OUTSIDE, context.getHandler())) return true;
    // Another site cannot send this header, and the access guard counts no cookie beside it.
    if (/^Bearer /i.test(request.headers.authorization ?? '')) return true;
    const site = request.headers['sec-fetch-site'];
    const own = site === undefined ? request.headers.origin === this.env.publicUrl : site === 'same-origin';
    if (!own)
      throw new Problem('forbidden', {
        detail: 'This request does not come from the pages of this service.',
      });
    return true;
  }
}

function hasBody(request: FastifyRequest): boolean {
  return (
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  );
}

function isJson(request: FastifyRequest): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
}
