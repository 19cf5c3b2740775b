import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Audit } from '@vw/audit';
import { Database, Log } from '@vw/platform';
import { MOST_FAILURES } from './attempt-limits';
import { findUserByEmail, type FoundUser } from './session-statements';

/**
 * Tells of sign-ins that failed: in the trail of the account's organization, and in the log; an account that does not exist has the log only.
 *
 * Nobody waits for it: it begins once the answer is decided, for the event that only a known account has must not be measurable. Five wrong
 * passwords are told and the first attempt that has to wait; each further one would let a guesser flood the trail.
 */
@Injectable()
export class RefusedSignIns implements BeforeApplicationShutdown {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly log: Log,
  ) {}

  /** @param attempts how many failed within the window, this one included. */
  tell(email: string, attempts: number): void {
    if (attempts > MOST_FAILURES + 1) return;
    const telling = this.write(email, attempts)
      // Nobody is left to throw to: the refusal itself was answered long ago.
      .catch((error: unknown) => this.log.error(error))
      .finally(() => this.underWay.delete(telling));
    this.underWay.add(telling);
  }

  /** What was refused before the end is still told. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async write(email: string, attempts: number): Promise<void> {
    const user = await this.database.acrossOrganizations((tx) => findUserByEmail(tx, email));
    const refusal = { reason: reasonOf(user, attempts), attempts };
    // Not the address: whoever mistypes may have typed the password there.
    this.log.warn({ orgId: user?.orgId, userId: user?.id, ...refusal }, 'sign-in refused');
    if (!user) return;
    await this.database.orgTransaction(user.orgId, () =>
      this.audit.append(user.orgId, {
        actor: { id: null, name: null, via: 'session' },
        action: 'session.refused',
        subject: { type: 'user', id: user.id },
        after: refusal,
      }),
    );
  }
}

function reasonOf(user: FoundUser | null, attempts: number): string {
  if (attempts > MOST_FAILURES) return 'rate-limited';
  if (!user) return 'unknown-account';
  return user.active ? 'wrong-password' : 'account-off';
}
