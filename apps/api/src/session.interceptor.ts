import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { SignedIn } from '@vw/identity';
import { Env } from '@vw/platform';
import type { Me } from '@vw/shared-contracts';
import type { FastifyReply } from 'fastify';
import { map, tap, type Observable } from 'rxjs';
import { clearSessionCookie, setSessionCookie } from './session-cookie';

/** Puts the token of a session just started into the cookie, and answers with who is signed in. */
@Injectable()
export class StartSession implements NestInterceptor<SignedIn, Me> {
  constructor(private readonly env: Env) {}

  intercept(context: ExecutionContext, next: CallHandler<SignedIn>): Observable<Me> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap(({ token }) => setSessionCookie(reply, this.env, token)),
      map(({ me }) => me),
    );
  }
}

@Injectable()
export class EndSession implements NestInterceptor {
  constructor(private readonly env: Env) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(tap(() => clearSessionCookie(reply, this.env)));
  }
}
