import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Identity, type SignedInUser } from '@vw/identity';

/** Tests reach out to an address somebody typed: 10 a minute for each organization keep them from being a scanner. */
const MOST_TESTS = 10;
const WINDOW_SECONDS = 60;

/** Runs after the access guard, which knows the organization. */
@Injectable()
export class TestLimitGuard implements CanActivate {
  constructor(private readonly identity: Identity) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { signedIn } = context.switchToHttp().getRequest<{ signedIn?: SignedInUser }>();
    if (signedIn)
      await this.identity.limitAttempts(`connection-test ${signedIn.orgId}`, MOST_TESTS, WINDOW_SECONDS);
    return true;
  }
}
