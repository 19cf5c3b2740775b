import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The address of the other end of the connection. */
export const RemoteAddress = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return context.switchToHttp().getRequest<FastifyRequest>().ip;
});

/** Whether the request comes from this machine. */
export const FromLoopback = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { ip } = context.switchToHttp().getRequest<FastifyRequest>();
  return /^(::ffff:)?127\.|^::1$/.test(ip);
});
