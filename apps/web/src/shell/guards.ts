import { inject } from '@angular/core';
import { type CanActivateFn, RedirectCommand, Router } from '@angular/router';
import { Session } from './session';
import { safeReturnUrl } from './sign-in-again';
import { StartUp } from './start-up';

/** The application itself: signed in, or off to sign-in, or to set-up where nobody ever signed in. */
export const needsSession: CanActivateFn = (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  return inject(StartUp).attempt(state.url, async () => {
    if (await session.restore()) return true;
    const { required } = await session.setupState();
    const target = required
      ? router.createUrlTree(['/setup'])
      : router.createUrlTree(['/sign-in'], { queryParams: state.url === '/' ? {} : { return: state.url } });
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
