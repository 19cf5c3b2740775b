import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Actor } from '@vw/audit';
import { Identity, type SignedInUser } from '@vw/identity';
import { Env, Problem } from '@vw/platform';
import type { Role } from '@vw/shared-contracts';
import type { FastifyRequest } from 'fastify';
import { readSessionCookie } from './session-cookie';

/** Who may: `anyone` without signing in, `member` whoever is signed in, else these roles. An Admin may everything. */
export type Access = 'anyone' | 'member' | Exclude<Role, 'admin'> | 'admin';

export const ACCESS = 'access';

/** Declares who may call a route, in the OpenAPI document too. One without it is closed to everyone. */
export const Requires = (...access: [Access, ...Access[]]): MethodDecorator =>
  applyDecorators(
    SetMetadata(ACCESS, access),
    ApiExtension('x-requires', access),
    ...(access.includes('anyone') ? [] : [ApiCookieAuth()]),
  );

interface SignedInRequest extends FastifyRequest {
  signedIn?: SignedInUser;
}

/** Deny by default; then the session, then the role. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identity: Identity,
    private readonly env: Env,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access[] | undefined>(ACCESS, context.getHandler());
    if (!access) throw new Problem('forbidden');
    if (access.includes('anyone')) return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    // Whoever sends a key asks as that key: the origin rule does not bind it, so a cookie beside it must count for nothing.
    const token = request.headers.authorization === undefined ? readSessionCookie(request, this.env) : null;
    const user = token ? await this.identity.authenticate(token) : null;
    if (!user) throw new Problem('unauthenticated');
    if (!access.includes('member') && user.role !== 'admin' && !access.includes(user.role))
      throw new Problem('forbidden');
    request.signedIn = user;
    return true;
  }
}

/** The signed-in person. */
export const User = createParamDecorator((_: unknown, context: ExecutionContext): SignedInUser =>
  signedIn(context),
);

/** The organization of whoever is signed in: the first argument of every room method. */
export const Org = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => signedIn(context).orgId,
);

/** Whoever is signed in, as the audit trail names them. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const user = signedIn(context);
  return { id: user.userId, name: user.name, via: 'session' };
});

/** Who a request was found to come from; undefined before the guard ran, and where it turned the request away. */
export function signedInUser(request: SignedInRequest): SignedInUser | undefined {
  return request.signedIn;
}

function signedIn(context: ExecutionContext): SignedInUser {
  const user = signedInUser(context.switchToHttp().getRequest<SignedInRequest>());
  if (!user) throw new Problem('unauthenticated');
  return user;
}
