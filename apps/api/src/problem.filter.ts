import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Problem, type Log } from '@vw/platform';
import { PROBLEMS, type ProblemCode, type ProblemDetails } from '@vw/shared-contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** SQLSTATE classes and driver codes that mean that Postgres is away, not that a statement is wrong. */
const DATABASE_AWAY = /^(08|57P|53)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** Turns whatever was thrown into one problem+json reply. What is not known is `internal`: told by its reference, explained in the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const problem = toProblem(thrown);
    if (problem.status >= 500 && problem.code !== 'unavailable')
      this.log.error(describe(thrown, request), 'request failed');
    sendProblem(http.getResponse<FastifyReply>(), problem, request.id);
  }
}

export function problemDetails(problem: Problem, requestId: string): ProblemDetails {
  return {
    type: `urn:verifywise:problem:${problem.code}`,
    title: PROBLEMS[problem.code].text,
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    instance: requestId,
    errors: [...problem.errors],
  };
}

export function sendProblem(reply: FastifyReply, problem: Problem, requestId: string): void {
  if (reply.sent) return;
  if (problem.retryAfterSeconds !== null) void reply.header('retry-after', problem.retryAfterSeconds);
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemDetails(problem, requestId)));
}

function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HttpException) return new Problem(codeOf(thrown.getStatus()), { cause: thrown });
  const status = read(thrown, 'statusCode');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem(codeOf(status), { cause: thrown });
  const code = read(thrown, 'code') ?? read(read(thrown, 'driverError'), 'code');
  if (typeof code === 'string' && DATABASE_AWAY.test(code))
    return new Problem('unavailable', { cause: thrown });
  if (
    thrown instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect/.test(thrown.message)
  ) {
    return new Problem('unavailable', { cause: thrown });
  }
  return new Problem('internal', { cause: thrown });
}

function codeOf(status: number): ProblemCode {
  const known: Record<number, ProblemCode> = {
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not-found',
    405: 'not-found',
    413: 'too-large',
    415: 'unsupported-media-type',
    422: 'invalid-input',
    429: 'rate-limited',
    503: 'unavailable',
  };
  return known[status] ?? (status < 500 ? 'malformed' : 'internal');
}

function describe(thrown: unknown, request: FastifyRequest): object {
  const error =
    thrown instanceof Error ? { name: thrown.name, message: thrown.message, stack: thrown.stack } : {};
  return { requestId: request.id, method: request.method, route: request.routeOptions.url, error };
}

function read(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
