import type { Env } from '@vw/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-` binds the cookie to this host and to https; browsers refuse it on plain http. */
function cookieName(env: Env): string {
  return env.publicUrl.startsWith('https:') ? '__Host-vw_session' : 'vw_session';
}

export function readSessionCookie(request: FastifyRequest, env: Env): string | null {
  return request.cookies[cookieName(env)] ?? null;
}

export function setSessionCookie(reply: FastifyReply, env: Env, token: string): void {
  reply.setCookie(cookieName(env), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: env.publicUrl.startsWith('https:'),
  });
}

export function clearSessionCookie(reply: FastifyReply, env: Env): void {
  reply.clearCookie(cookieName(env), {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: env.publicUrl.startsWith('https:'),
  });
}
