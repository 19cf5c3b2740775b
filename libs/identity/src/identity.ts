import { Injectable } from '@nestjs/common';
import type { PasswordInput, SetupInput, SetupState } from '@vw/shared-contracts';
import { AttemptLimits } from './attempt-limits';
import { Organizations, type CreatedOrganization } from './organizations';
import { Sessions, type SignedIn, type SignedInUser } from './sessions';

/**
 * Organizations, people, and who is signed in. Owns `organization`, `user_account`, `session` and `attempt_limit`.
 * Invariant: what proves a person (password, token) is stored as a hash only.
 */
@Injectable()
export class Identity {
  constructor(
    private readonly organizations: Organizations,
    private readonly sessions: Sessions,
    private readonly limits: AttemptLimits,
  ) {}

  /** Whether the first organization is still to be created, and whether this caller needs the token from the log for it. */
  setupState(remoteIsLoopback: boolean): Promise<SetupState> {
    return this.organizations.setupState(remoteIsLoopback);
  }

  /** Creates the first organization and its Admin, and signs in. Throws `setup-done` ever after, `invalid-input` for a wrong token. */
  setup(input: SetupInput, remoteIsLoopback: boolean): Promise<SignedIn> {
    return this.organizations.setup(input, remoteIsLoopback);
  }

  /** A further organization, its Admin, and a password that is shown this once. Throws `conflict` where the e-mail is in use. */
  createOrganization(input: {
    name: string;
    email: string;
    adminName?: string;
  }): Promise<CreatedOrganization> {
    return this.organizations.createOrganization(input);
  }

  /** Of every organization, for commands that look at all of them. */
  organizationIds(): Promise<string[]> {
    return this.organizations.organizationIds();
  }

  /** Deletes the organization with all that it has, keys of its secrets included. Throws `not-found`. */
  deleteOrganization(id: string): Promise<void> {
    return this.organizations.deleteOrganization(id);
  }

  /** Throws `unauthenticated` after the same time for unknown people, `rate-limited` after 5 failures in 15 minutes per account and address. */
  signIn(email: string, password: string, ip: string): Promise<SignedIn> {
    return this.sessions.signIn(email, password, ip);
  }

  /** The person behind a session token, or null: 8 hours idle or 24 hours in all end it. */
  authenticate(sessionToken: string): Promise<SignedInUser | null> {
    return this.sessions.authenticate(sessionToken);
  }

  /** How long a session lasts if nobody uses it, in milliseconds; 0 once it has ended or its account is off. Asking is no use of it. */
  sessionLeftMs(user: SignedInUser): Promise<number> {
    return this.sessions.leftMs(user);
  }

  signOut(user: SignedInUser): Promise<void> {
    return this.sessions.signOut(user);
  }

  /** Changes the password and ends the person's other sessions. Throws `invalid-input` where the current one is wrong, or a one-time one stays. */
  changePassword(user: SignedInUser, input: PasswordInput): Promise<void> {
    return this.sessions.changePassword(user, input);
  }

  /** Counts one attempt under the key. Throws `rate-limited` for more than `most` within a window of `windowSeconds`. */
  limitAttempts(key: string, most: number, windowSeconds: number): Promise<void> {
    return this.limits.count(key, most, windowSeconds);
  }
}
