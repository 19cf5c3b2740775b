import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Actor } from '@vw/audit';
import { ApiKeys, Identity, type KeyHolder, type SignedInUser } from '@vw/identity';
import { Env, Problem } from '@vw/platform';
import type { ApiKeyScope, Role } from '@vw/shared-contracts';
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

export const KEY_SCOPE = 'key-scope';

/** Opens a route to API keys of this scope, in the OpenAPI document too. One without it is closed to every key. */
export const KeyScope = (scope: ApiKeyScope): MethodDecorator =>
  applyDecorators(SetMetadata(KEY_SCOPE, scope), ApiExtension('x-key-scope', scope), ApiBearerAuth());

interface SignedInRequest extends FastifyRequest {
  signedIn?: SignedInUser;
  holder?: KeyHolder;
}

/** Deny by default; then the session and the role, or the API key and its scope. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identity: Identity,
    private readonly keys: ApiKeys,
    private readonly env: Env,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.get<Access[] | undefined>(ACCESS, context.getHandler());
    if (!access) throw new Problem('forbidden');
    if (access.includes('anyone')) return true;
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    // Whoever sends a key asks as that key: the origin rule does not bind it, so a cookie beside it must count for nothing.
    if (request.headers.authorization !== undefined) {
      const scope = this.reflector.get<ApiKeyScope | undefined>(KEY_SCOPE, context.getHandler());
      request.holder = await this.admitKey(request.headers.authorization, scope);
    } else {
      request.signedIn = await this.admitPerson(request, access);
    }
    return true;
  }

  private async admitKey(authorization: string, scope: ApiKeyScope | undefined): Promise<KeyHolder> {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const holder = token === undefined ? null : await this.keys.authenticate(token);
    if (!holder) throw new Problem('unauthenticated', { detail: 'This API key opens nothing.' });
    if (scope === undefined || !holder.scopes.includes(scope))
      throw new Problem('forbidden', { detail: 'The scopes of this API key do not allow this.' });
    return holder;
  }

  private async admitPerson(request: FastifyRequest, access: readonly Access[]): Promise<SignedInUser> {
    const token = readSessionCookie(request, this.env);
    const user = token ? await this.identity.authenticate(token) : null;
    if (!user) throw new Problem('unauthenticated');
    if (!access.includes('member') && user.role !== 'admin' && !access.includes(user.role))
      throw new Problem('forbidden');
    return user;
  }
}

/** The signed-in person. */
export const User = createParamDecorator((_: unknown, context: ExecutionContext): SignedInUser => {
  const { signedIn } = context.switchToHttp().getRequest<SignedInRequest>();
  if (!signedIn) throw new Problem('unauthenticated');
  return signedIn;
});

/** Whoever asks, a person or a key. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): SignedInUser | KeyHolder => {
    const { signedIn, holder } = context.switchToHttp().getRequest<SignedInRequest>();
    const caller = signedIn ?? holder;
    if (!caller) throw new Problem('unauthenticated');
    return caller;
  },
);

/** The organization of whoever asks: the first argument of every room method. */
export const Org = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const orgId = organizationOf(context.switchToHttp().getRequest<SignedInRequest>());
  if (!orgId) throw new Problem('unauthenticated');
  return orgId;
});

/** Whoever asks, as the audit trail names them. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { signedIn, holder } = context.switchToHttp().getRequest<SignedInRequest>();
  if (signedIn) {
    const { userId: id, name, mustChangePassword: oneTimePassword } = signedIn;
    return { id, name, via: 'session', oneTimePassword };
  }
  if (holder) return { id: holder.keyId, name: holder.name, via: 'api-key' };
  throw new Problem('unauthenticated');
});

/** Of whom a request was found to come; undefined before the guard ran, and where it turned the request away. */
export function organizationOf({ signedIn, holder }: SignedInRequest): string | undefined {
  return signedIn?.orgId ?? holder?.orgId;
}
