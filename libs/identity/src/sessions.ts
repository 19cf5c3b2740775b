import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { Database, LiveFeed, Problem } from '@vw/platform';
import type { Me, PasswordInput, Role } from '@vw/shared-contracts';
import { AttemptLimits, FAILURE_WINDOW_SECONDS, MOST_FAILURES } from './attempt-limits';
import { generatePassword, hashPassword, verifyPassword } from './passwords';
import { RefusedSignIns } from './refused-sign-ins';
import {
  deleteExpiredSessions,
  deleteOtherSessions,
  deleteSession,
  findSessionOrganization,
  findUserByEmail,
  insertSession,
  liveSession,
  passwordHashOf,
  sessionLeftMs,
  touchSession,
  updatePassword,
  type FoundUser,
} from './session-statements';

/** A session just started: the token goes into the cookie and is nowhere kept; only its hash is. */
export interface SignedIn {
  token: string;
  me: Me;
}

export interface SignedInUser {
  orgId: string;
  userId: string;
  sessionId: string;
  role: Role;
  name: string;
  email: string;
  organizationName: string;
  /** True while the password is one that somebody else was shown: what is signed then may be signed by either of them. */
  mustChangePassword: boolean;
}

interface Attempt<Proof> {
  /** Null where it proves nothing. */
  prove(): Promise<Proof | null>;
  /** Told how many failed within the window, this attempt included. */
  refused?(attempts: number): void;
}

/** Who is signed in. Owns `session`. Invariant: a token in the database is a hash, so a copy of it opens nothing. */
@Injectable()
export class Sessions {
  /** The last proof under way for each key; see `guarded`. */
  private readonly turns = new Map<string, Promise<unknown>>();
  /** Verified for unknown e-mails, so that they take as long as known ones. */
  private readonly nobodysHash = hashPassword(generatePassword());

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly limits: AttemptLimits,
    private readonly live: LiveFeed,
    private readonly refusedSignIns: RefusedSignIns,
  ) {}

  async signIn(email: string, password: string, ip: string): Promise<SignedIn> {
    const key = `sign-in ${email.toLowerCase()} ${ip}`;
    const user = await this.guarded(key, {
      prove: () => this.verifiedUser(email, password),
      refused: (attempts) => this.refusedSignIns.tell(email, attempts),
    });
    if (!user) throw new Problem('unauthenticated', { detail: 'This e-mail address or password is wrong.' });
    return this.start(user.orgId, user.id, { id: user.id, name: null, via: 'session' });
  }

  /** Starts a session for a person already proved. */
  async start(orgId: string, userId: string, actor: Actor): Promise<SignedIn> {
    const token = randomBytes(32).toString('base64url');
    const session = { id: randomUUID(), userId, tokenHash: hashToken(token) };
    return this.database.orgTransaction(orgId, async (tx) => {
      await deleteExpiredSessions(tx, orgId);
      await insertSession(tx, orgId, session);
      const user = await liveSession(tx, orgId, session.tokenHash);
      if (!user) throw new Problem('unauthenticated');
      await this.audit.append(orgId, {
        actor,
        action: 'session.started',
        subject: { type: 'user', id: userId },
        after: user.mustChangePassword ? { oneTimePassword: true } : null,
      });
      return { token, me: asMe(user) };
    });
  }

  /** The person behind a token; null where the session ended, was never there, or the account is off. */
  async authenticate(token: string): Promise<SignedInUser | null> {
    const tokenHash = hashToken(token);
    const orgId = await this.database.acrossOrganizations((tx) => findSessionOrganization(tx, tokenHash));
    if (!orgId) return null;
    return this.database.orgTransaction(orgId, async (tx) => {
      const session = await liveSession(tx, orgId, tokenHash);
      if (!session) return null;
      const { touch, ...user } = session;
      if (touch) await touchSession(tx, orgId, user.sessionId);
      return user;
    });
  }

  async signOut(user: SignedInUser): Promise<void> {
    await this.database.orgTransaction(user.orgId, async (tx) => {
      await deleteSession(tx, user.orgId, user.sessionId);
      await this.live.endSessions(user.orgId, [user.sessionId]);
      await this.audit.append(user.orgId, {
        actor: asActor(user),
        action: 'session.ended',
        subject: { type: 'user', id: user.userId },
      });
    });
  }

  /** How long the session lasts if nobody uses it, in milliseconds; 0 once it has ended. Asking is no use of it. */
  async leftMs({ orgId, sessionId }: SignedInUser): Promise<number> {
    return this.database.orgTransaction(orgId, (tx) => sessionLeftMs(tx, orgId, sessionId));
  }

  /**
   * Ends all sessions of a person but the kept one, at once: what they listen to ends with them. Returns how many.
   * For whatever changes what a person may do; must run inside the transaction that does.
   */
  async endOthers(orgId: string, kept: { userId: string; sessionId: string | null }): Promise<number> {
    const ended = await deleteOtherSessions(this.database.current(orgId), orgId, kept);
    await this.live.endSessions(orgId, ended);
    return ended.length;
  }

  async changePassword(user: SignedInUser, input: PasswordInput): Promise<void> {
    const key = `password ${user.userId}`;
    const prove = () => this.provedHash(user, input.currentPassword);
    const current = await this.guarded(key, { prove });
    if (!current) throw refused('currentPassword', 'This is not your current password.');
    // Kept, a one-time password would still be known to whoever made it.
    if (user.mustChangePassword && (await verifyPassword(input.newPassword, current)))
      throw refused('newPassword', 'Choose another password than the one-time password.');
    const hash = await hashPassword(input.newPassword);
    await this.database.orgTransaction(user.orgId, async (tx) => {
      await updatePassword(tx, user.orgId, { id: user.userId, hash, isOneTime: false });
      const ended = await this.endOthers(user.orgId, user);
      await this.audit.append(user.orgId, {
        actor: asActor(user),
        action: 'user.password-changed',
        subject: { type: 'user', id: user.userId },
        after: { password: 'replaced', sessionsEnded: ended },
      });
    });
  }

  /**
   * Counts failures only: a person may sign in many times at once. Proofs of one key take turns, for of many guesses sent at once the one
   * that is verified first must not be the one that counts; the second look is for guesses through another process.
   */
  private async guarded<Proof>(key: string, attempt: Attempt<Proof>): Promise<Proof | null> {
    const turn = (this.turns.get(key) ?? Promise.resolve()).then(() => this.proveOnce(key, attempt));
    // Whoever waits for this turn waits for its end only; its fault belongs to its own caller.
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.turns.set(key, ended);
    try {
      return await turn;
    } finally {
      if (this.turns.get(key) === ended) this.turns.delete(key);
    }
  }

  private async proveOnce<Proof>(key: string, attempt: Attempt<Proof>): Promise<Proof | null> {
    const mustWait = () => this.limits.isReached(key, MOST_FAILURES, FAILURE_WINDOW_SECONDS);
    const proof = (await mustWait()) ? null : await attempt.prove();
    if (proof !== null && !(await mustWait())) {
      await this.limits.forget(key);
      return proof;
    }
    const { attempts, secondsLeft } = await this.limits.add(key, FAILURE_WINDOW_SECONDS);
    attempt.refused?.(attempts);
    if (attempts > MOST_FAILURES) throw new Problem('rate-limited', { retryAfterSeconds: secondsLeft });
    return null;
  }

  private async verifiedUser(email: string, password: string): Promise<FoundUser | null> {
    const user = await this.database.acrossOrganizations((tx) => findUserByEmail(tx, email));
    const right = await verifyPassword(password, user?.passwordHash ?? (await this.nobodysHash));
    return user?.active && right ? user : null;
  }

  private async provedHash(user: SignedInUser, password: string): Promise<string | null> {
    const hash = await this.database.orgTransaction(user.orgId, (tx) =>
      passwordHashOf(tx, user.orgId, user.userId),
    );
    return hash !== null && (await verifyPassword(password, hash)) ? hash : null;
  }
}

function refused(field: keyof PasswordInput, message: string): Problem {
  return new Problem('invalid-input', { errors: [{ field, message }] });
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function asActor(user: SignedInUser): Actor {
  return { id: user.userId, name: user.name, via: 'session' };
}

function asMe(user: SignedInUser): Me {
  return {
    id: user.userId,
    name: user.name,
    email: user.email,
    role: user.role,
    organization: { id: user.orgId, name: user.organizationName },
    mustChangePassword: user.mustChangePassword,
  };
}
