import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { Database, Env, Problem, type Transaction } from '@vw/platform';
import type { SetupInput, SetupState } from '@vw/shared-contracts';
import {
  deleteOrganization,
  insertOrganization,
  insertUser,
  isTakenEmail,
  lockCreation,
  organizationCount,
  organizationIds,
  setupRequired,
  type NewUser,
} from './organization-statements';
import { generatePassword, hashPassword } from './passwords';
import { Sessions, type SignedIn } from './sessions';
import { SetupToken } from './setup-token';

export interface CreatedOrganization {
  organizationId: string;
  email: string;
  /** Shown once; only its hash is kept. */
  password: string;
}

/** Organizations and their first Admins. Owns `organization`; `user_account` is shared with `Sessions`. */
@Injectable()
export class Organizations {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly sessions: Sessions,
    private readonly setupToken: SetupToken,
    private readonly env: Env,
  ) {}

  async setupState(remoteIsLoopback: boolean): Promise<SetupState> {
    const required = await this.database.acrossOrganizations(setupRequired);
    return { required, tokenRequired: required && !remoteIsLoopback };
  }

  async setup(input: SetupInput, remoteIsLoopback: boolean): Promise<SignedIn> {
    if (!(await this.setupState(remoteIsLoopback)).required) throw new Problem('setup-done');
    if (!remoteIsLoopback && !this.setupToken.matches(input.setupToken)) {
      throw new Problem('invalid-input', {
        errors: [{ field: 'setupToken', message: 'Enter the setup token from the log of the server.' }],
      });
    }
    const admin = await newAdmin(input, { isOneTime: false });
    const actor: Actor = { id: admin.id, name: admin.name, via: 'setup' };
    return this.create(input.organizationName, admin, {
      actor,
      check: async (tx) => {
        if (!(await setupRequired(tx))) throw new Problem('setup-done');
      },
      then: (orgId) => this.sessions.start(orgId, admin.id, actor),
    });
  }

  async createOrganization(input: {
    name: string;
    email: string;
    adminName?: string;
  }): Promise<CreatedOrganization> {
    const password = generatePassword();
    const person = { name: input.adminName ?? 'Admin', email: input.email, password };
    const admin = await newAdmin(person, { isOneTime: true });
    return this.create(input.name, admin, {
      actor: { id: null, name: null, via: 'command' },
      check: (tx) => this.checkEgressIsChosen(tx),
      then: async (organizationId) => ({ organizationId, email: admin.email, password }),
    });
  }

  async organizationIds(): Promise<string[]> {
    return this.database.acrossOrganizations(organizationIds);
  }

  async deleteOrganization(id: string): Promise<void> {
    if (!(await this.database.orgTransaction(id, (tx) => deleteOrganization(tx, id))))
      throw new Problem('not-found', { detail: 'There is no organization with this id.' });
  }

  private async create<Result>(name: string, admin: NewUser, steps: CreationSteps<Result>): Promise<Result> {
    const orgId = randomUUID();
    try {
      return await this.database.orgTransaction(orgId, async (tx) => {
        await lockCreation(tx);
        await steps.check(tx);
        await insertOrganization(tx, orgId, name);
        await insertUser(tx, orgId, admin);
        await this.audit.append(orgId, {
          actor: steps.actor,
          action: 'organization.created',
          subject: { type: 'organization', id: orgId, name },
          after: { adminId: admin.id, role: admin.role },
        });
        return await steps.then(orgId);
      });
    } catch (cause) {
      if (!isTakenEmail(cause)) throw cause;
      throw new Problem('conflict', { detail: 'Someone uses this e-mail address already.', cause });
    }
  }

  /** The preset policy reaches private addresses: with several organizations that must be someone's decision. */
  private async checkEgressIsChosen(tx: Transaction): Promise<void> {
    if (this.env.egressPolicySet || (await organizationCount(tx)) === 0) return;
    throw new Problem('conflict', {
      detail: 'Set EGRESS_POLICY (private, public or list) before adding a second organization.',
    });
  }
}

interface CreationSteps<Result> {
  actor: Actor;
  /** Runs under the creation lock, before anything is written. */
  check(tx: Transaction): Promise<void>;
  then(orgId: string): Promise<Result>;
}

async function newAdmin(
  input: { name: string; email: string; password: string },
  { isOneTime }: { isOneTime: boolean },
): Promise<NewUser> {
  return {
    id: randomUUID(),
    name: input.name,
    email: input.email,
    role: 'admin',
    password: { hash: await hashPassword(input.password), isOneTime },
  };
}
