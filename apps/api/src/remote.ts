import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Env } from '@vw/platform';
import type { FastifyRequest } from 'fastify';

const LOOPBACK_ADDRESS = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_NAME = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i;

/** The address of the other end of the connection. */
export const RemoteAddress = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<FastifyRequest>().ip;
});

/**
 * Whether the request comes from this machine, and from here only: behind a proxy on this machine everybody's does, and a page of
 * another site whose name was pointed at this machine still sends its own name.
 */
export const FromLoopback = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { ip, headers, hostname } = context.switchToHttp().getRequest<FastifyRequest>();
  const forwarded = headers.forwarded ?? headers['x-forwarded-for'];
  return LOOPBACK_ADDRESS.test(ip) && forwarded === undefined && LOOPBACK_NAME.test(hostname);
});

/**
 * Whether people reach this service on this machine only. A proxy may send our own address as the host and no word of whom it asks for: then
 * the address that people use is what tells that everybody's requests come from this machine.
 */
export function isServedHereOnly({ publicUrl }: Env): boolean {
  return LOOPBACK_NAME.test(new URL(publicUrl).hostname);
}
