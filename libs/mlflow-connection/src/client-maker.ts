import { Injectable } from '@nestjs/common';
import { CredentialVault } from '@vw/credential-vault';
import { MlflowClient, MlflowError, type EgressRules, type MlflowAuth, type Secret } from '@vw/mlflow-client';
import { Env, Problem } from '@vw/platform';
import type { ConnectionInput } from '@vw/shared-contracts';
import { failure, success, workspacesOf, type TestOutcome } from './connection-test';
import { egressRules } from './egress-rules';
import {
  ALL_WORKSPACES,
  mayReuseSecret,
  originOf,
  PASSWORD_SLOT,
  slotOf,
  TOKEN_SLOT,
  toAuth,
  typedSecret,
  type Settings,
} from './settings';

export interface ClientExtras {
  maxAttempts?: number;
}

/** Whoever waits for an answer gets the first one. */
export const ONCE: ClientExtras = { maxAttempts: 1 };

/**
 * Makes clients from settings and the secret that they may use. Invariant: a stored secret is sent only where, how and as whom it was
 * stored for.
 */
@Injectable()
export class ClientMaker {
  private readonly egress: EgressRules;

  constructor(
    env: Env,
    private readonly vault: CredentialVault,
  ) {
    this.egress = egressRules(env);
  }

  /** For the saved settings. Throws `credential-unreadable`. */
  async clientFor(orgId: string, saved: Settings, extras: ClientExtras): Promise<MlflowClient> {
    return this.make(saved, toAuth(saved, await this.storedSecret(orgId, saved)), extras);
  }

  /** The secret that was typed, or the stored one where these settings may use it. Throws `credential-required`. */
  async secretFor(
    orgId: string,
    asked: { input: ConnectionInput; settings: Settings; before: Settings | null },
  ): Promise<Secret | null> {
    const { input, settings, before } = asked;
    const typed = typedSecret(input);
    if (typed || settings.authMethod === 'none') return typed;
    if (!before || !mayReuseSecret(before, settings)) throw new Problem('credential-required');
    return this.storedSecret(orgId, before);
  }

  /** One attempt; the code says why it failed. */
  async tryOut(settings: Settings, secret: Secret | null): Promise<TestOutcome> {
    const auth = toAuth(settings, secret);
    try {
      const probe = await this.make(settings, auth, ONCE).probe();
      if (settings.workspace === ALL_WORKSPACES) workspacesOf(probe);
      return success(probe);
    } catch (error) {
      // The client's closed codes are the answer of a test; anything else is a fault of ours.
      if (error instanceof MlflowError) return failure(error.code);
      throw error;
    }
  }

  async tryOutSaved(orgId: string, saved: Settings): Promise<TestOutcome> {
    try {
      return await this.tryOut(saved, await this.storedSecret(orgId, saved));
    } catch (error) {
      // A credential that cannot be opened is what a test of the saved settings is there to find.
      if (error instanceof Problem && error.code === 'credential-unreadable') return failure(error.code);
      throw error;
    }
  }

  async hasSecrets(orgId: string): Promise<{ hasStoredPassword: boolean; hasStoredToken: boolean }> {
    return {
      hasStoredPassword: await this.vault.has(orgId, PASSWORD_SLOT),
      hasStoredToken: await this.vault.has(orgId, TOKEN_SLOT),
    };
  }

  /** Keeps the secret of these settings and no other. */
  async keepSecret(orgId: string, settings: Settings, secret: Secret | null): Promise<void> {
    const wanted = slotOf(settings.authMethod);
    for (const slot of [PASSWORD_SLOT, TOKEN_SLOT])
      if (slot !== wanted) await this.vault.destroy(orgId, slot);
    if (wanted && secret) await this.vault.seal(orgId, wanted, originOf(settings), secret);
  }

  async destroySecrets(orgId: string): Promise<void> {
    for (const slot of [PASSWORD_SLOT, TOKEN_SLOT]) await this.vault.destroy(orgId, slot);
  }

  private make(settings: Settings, auth: MlflowAuth, extras: ClientExtras): MlflowClient {
    return new MlflowClient({
      trackingServerUrl: settings.trackingServerUrl,
      auth,
      requestTimeoutSeconds: settings.requestTimeoutSeconds,
      verifyTls: settings.verifyTls,
      workspace: settings.workspace === ALL_WORKSPACES ? null : settings.workspace,
      caCertificate: settings.caCertificate,
      egress: this.egress,
      ...extras,
    });
  }

  private async storedSecret(orgId: string, saved: Settings): Promise<Secret | null> {
    const slot = slotOf(saved.authMethod);
    return slot ? this.vault.open(orgId, slot, originOf(saved)) : null;
  }
}
