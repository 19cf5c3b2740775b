import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { Router } from '@angular/router';
import { catchError, throwError } from 'rxjs';
import { Session } from './session';

/** A session that ended while the page was open leads to the sign-in page and back to where the person was. */
export const signInAgain: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  const router = inject(Router);
  return next(request).pipe(
    catchError((error: unknown) => {
      const ended = error instanceof HttpErrorResponse && error.status === 401 && session.me() !== null;
      if (ended) {
        session.forget();
        void router.navigate(['/sign-in'], { queryParams: { return: router.url } });
      }
      return throwError(() => error);
    }),
  );
};

/** The asked-for URL, where it is a path of this site; another site's address would be an open redirect. */
export function safeReturnUrl(asked: string | undefined): string {
  return asked !== undefined && /^\/(?![/\\])(?!sign-in|choose-password)/.test(asked) ? asked : '/';
}
