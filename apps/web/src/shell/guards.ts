import { inject } from '@angular/core';
import { type CanActivateFn, RedirectCommand, Router } from '@angular/router';
import { Session } from './session';
import { safeReturnUrl } from './sign-in-again';
import { StartUp } from './start-up';

/** The application itself: signed in with a password of one's own, or off to choose one, to sign in, or to set up. */
export const needsSession: CanActivateFn = (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  return inject(StartUp).attempt(state.url, async () => {
    const wanted = { queryParams: state.url === '/' ? {} : { return: state.url } };
    if (await session.restore()) {
      return session.me()?.mustChangePassword ? router.createUrlTree(['/choose-password'], wanted) : true;
    }
    const { required } = await session.setupState();
    const target = required ? router.createUrlTree(['/setup']) : router.createUrlTree(['/sign-in'], wanted);
    return new RedirectCommand(target);
  });
};

export const needsNoSession: CanActivateFn = (route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  return inject(StartUp).attempt(state.url, async () => {
    if (await session.restore()) {
      return router.parseUrl(safeReturnUrl(route.queryParamMap.get('return') ?? undefined));
    }
    const { required } = await session.setupState();
    return required ? router.createUrlTree(['/setup']) : true;
  });
};

export const needsOneTimePassword: CanActivateFn = (route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  const wanted = route.queryParamMap.get('return') ?? undefined;
  return inject(StartUp).attempt(state.url, async () => {
    if (await session.restore())
      return session.me()?.mustChangePassword || router.parseUrl(safeReturnUrl(wanted));
    return router.createUrlTree(['/sign-in'], {
      queryParams: wanted === undefined ? {} : { return: wanted },
    });
  });
};

export const needsNoOrganization: CanActivateFn = (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  return inject(StartUp).attempt(state.url, async () => {
    const { required } = await session.setupState();
    return required ? true : router.createUrlTree(['/sign-in']);
  });
};

/** Settings open with what this person may set; what only Admins may stands first. */
export const toFirstSetting: CanActivateFn = () =>
  inject(Router).createUrlTree(['/settings', inject(Session).isAdmin() ? 'people' : 'password']);
