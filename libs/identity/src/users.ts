import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { Database, Problem } from '@vw/platform';
import type {
  ChangedUser,
  InvitedUser,
  PageQuery,
  UserChange,
  UserInvitation,
  UserPage,
} from '@vw/shared-contracts';
import { insertUser, isTakenEmail } from './organization-statements';
import { generatePassword, hashPassword } from './passwords';
import { updatePassword } from './session-statements';
import { Sessions } from './sessions';
import {
  listUsers,
  lockActiveAdmins,
  lockUser,
  selectNames,
  selectUser,
  updateUser,
} from './user-statements';

/** The people of an organization. Shares `user_account` with `Sessions`. Invariant: an organization keeps one active Admin. */
@Injectable()
export class Users {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly sessions: Sessions,
  ) {}

  /** By name. Throws `invalid-input` for a cursor of another list. */
  async list(orgId: string, page: PageQuery): Promise<UserPage> {
    return this.database.orgTransaction(orgId, (tx) => listUsers(tx, orgId, page));
  }

  /** Adds a person with a password that is shown this once. Throws `conflict` where the e-mail is in use, in any organization. */
  async invite(orgId: string, invitation: UserInvitation, actor: Actor): Promise<InvitedUser> {
    const id = randomUUID();
    const oneTimePassword = generatePassword();
    const passwordHash = await hashPassword(oneTimePassword);
    try {
      return await this.database.orgTransaction(orgId, async (tx) => {
        const password = { hash: passwordHash, isOneTime: true };
        await insertUser(tx, orgId, { ...invitation, id, password });
        await this.audit.append(orgId, {
          actor,
          action: 'user.invited',
          subject: { type: 'user', id },
          after: { role: invitation.role, active: true },
        });
        const user = await selectUser(tx, orgId, id);
        if (!user) throw new Error('A person just added is not there.');
        return { ...user, oneTimePassword };
      });
    } catch (cause) {
      if (!isTakenEmail(cause)) throw cause;
      throw new Problem('conflict', { detail: 'Someone uses this e-mail address already.', cause });
    }
  }

  /**
   * Changes name, role, password, or whether the person may sign in. All but a name end the person's sessions; a new password is shown
   * this once.
   * Throws `not-found`, and `conflict` where no active Admin would be left.
   */
  async change(
    orgId: string,
    { id, ...change }: UserChange & { id: string },
    actor: Actor,
  ): Promise<ChangedUser> {
    const oneTimePassword = change.resetPassword ? generatePassword() : null;
    const passwordHash = oneTimePassword && (await hashPassword(oneTimePassword));
    return this.database.orgTransaction(orgId, async (tx) => {
      const admins = await lockActiveAdmins(tx, orgId);
      const before = await lockUser(tx, orgId, id);
      if (!before) throw new Problem('not-found');
      const after = {
        ...before,
        name: change.name ?? before.name,
        role: change.role ?? before.role,
        active: change.active ?? before.active,
      };
      const staysAdmin = after.active && after.role === 'admin';
      if (!staysAdmin && admins.every((admin) => admin === id) && admins.length > 0) {
        throw new Problem('conflict', {
          detail: 'The last active Admin must stay one. Make someone else Admin first.',
        });
      }
      const isRenamed = after.name !== before.name;
      const hasOtherRights = after.role !== before.role || after.active !== before.active;
      if (!isRenamed && !hasOtherRights && !passwordHash) return { ...before, oneTimePassword };
      await updateUser(tx, orgId, after);
      if (passwordHash) await updatePassword(tx, orgId, { id, hash: passwordHash, isOneTime: true });
      const sessionsEnded =
        hasOtherRights || passwordHash
          ? await this.sessions.endOthers(orgId, { userId: id, sessionId: null })
          : 0;
      await this.audit.append(orgId, {
        actor,
        action: 'user.changed',
        subject: { type: 'user', id },
        before: { role: before.role, active: before.active },
        // The trail holds no names of people: that this one changed is all it tells.
        after: {
          role: after.role,
          active: after.active,
          sessionsEnded,
          ...(isRenamed ? { name: 'replaced' } : {}),
          ...(passwordHash ? { password: 'replaced' } : {}),
        },
      });
      return { ...after, oneTimePassword };
    });
  }

  /** Today's names of people and API keys. Ids of nobody are left out. */
  async names(orgId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.orgTransaction(orgId, (tx) => selectNames(tx, orgId, ids));
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
