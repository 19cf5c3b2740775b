import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import { CredentialVault } from '@vw/credential-vault';
import { MlflowError, Secret, type MlflowClient } from '@vw/mlflow-client';
import { Database, Env, LiveFeed, Problem } from '@vw/platform';
import type { RegistryWebhook } from '@vw/shared-contracts';
import { isAuthentic, modelNameIn, TOLERANCE_SECONDS, type Delivery } from './delivery';
import { Undelivered, webhookRefusal } from './webhook-refusal';
import {
  deleteAllUnread,
  deleteWebhookRow,
  enableWebhook,
  findWebhook,
  insertDelivery,
  leaveWebhook,
  putWebhook,
  selectWebhook,
  touchWebhook,
} from './webhook-statements';

/** Of the secret that signs deliveries. */
const SECRET_BYTES = 32;
const SLOT = 'mlflow-webhook';

/**
 * The registration of an organization at its MLflow, and what is delivered for it. Owns `mlflow_webhook` and `webhook_delivery`.
 * Invariant: a delivery is believed only if this registration's secret signed it lately, and only once.
 */
@Injectable()
export class MlflowWebhook {
  constructor(
    private readonly database: Database,
    private readonly env: Env,
    private readonly live: LiveFeed,
    private readonly vault: CredentialVault,
    private readonly audit: Audit,
  ) {}

  async get(orgId: string): Promise<RegistryWebhook> {
    const row = await this.database.orgTransaction(orgId, (tx) => selectWebhook(tx, orgId));
    return {
      enabled: row?.state === 'enabled',
      lastDeliveryAt: row?.lastDeliveryAt?.toISOString() ?? null,
      leftAtMlflow: row?.state === 'left',
    };
  }

  /**
   * Registers at MLflow and has it deliver an example. Throws the reason with status 422, and leaves nothing then, neither here nor
   * there. `origin` is the tracking server's: its half of the secret goes nowhere else.
   */
  async enable(
    orgId: string,
    { client, origin }: { client: MlflowClient; origin: string },
    actor: Actor,
  ): Promise<void> {
    if ((await this.get(orgId)).enabled) return;
    const hookId = randomUUID();
    try {
      await this.register(orgId, { client, origin, hookId });
      await this.confirm(orgId, hookId, actor);
    } catch (error) {
      // Whatever went wrong is told; a registration that stays behind rings a hook that is not there. All of ours have one name: where
      // another one stands by now, none is deleted.
      if (await this.forget(orgId, hookId)) await deleteAt(client, orgId).catch(() => undefined);
      throw webhookRefusal(error, this.env.publicUrl);
    }
  }

  /** Turns it off here, whatever MLflow says; `leftAtMlflow` tells where MLflow could not be told. Doing so again tries again. */
  async disable(orgId: string, open: () => Promise<MlflowClient>, actor: Actor): Promise<void> {
    const { enabled, leftAtMlflow } = await this.get(orgId);
    if (!enabled && !leftAtMlflow) return;
    const isDeleted = await wasDeletedAt(open, orgId);
    await this.database.orgTransaction(orgId, async (tx) => {
      // The row before the secret, as whoever else writes both: the other order could end in a deadlock.
      await (isDeleted ? deleteWebhookRow(tx, orgId) : leaveWebhook(tx, orgId));
      await this.vault.destroy(orgId, SLOT);
      if (enabled) await this.tell(orgId, 'webhook.disabled', actor);
      await this.live.publish(orgId, 'connection', orgId);
    });
  }

  /** After a whole read: turns it off where MLflow holds it no more. An MLflow that does not tell, as to a reader, changes nothing. */
  async checkRegistration(
    orgId: string,
    { client, origin, signal }: { client: MlflowClient; origin: string; signal: AbortSignal },
    actor: Actor,
  ): Promise<void> {
    const row = await this.database.orgTransaction(orgId, (tx) => selectWebhook(tx, orgId));
    // A run may still read the server before: what that holds says nothing of the one that is connected now.
    if (row?.state !== 'enabled' || row.origin !== origin || !(await isLostAt(client, orgId, signal))) return;
    await this.database.orgTransaction(orgId, async (tx) => {
      // Another one may stand in its place by now.
      if (!(await deleteWebhookRow(tx, orgId, row.hookId))) return;
      await this.vault.destroy(orgId, SLOT);
      await this.tell(orgId, 'webhook.lost', actor);
      await this.live.publish(orgId, 'connection', orgId);
    });
  }

  /** Before its server is let go of: nothing of it stays here. */
  async leaveServer(orgId: string, open: () => Promise<MlflowClient>, actor: Actor): Promise<void> {
    await this.disable(orgId, open, actor);
    await this.database.orgTransaction(orgId, async (tx) => {
      await deleteWebhookRow(tx, orgId);
      await deleteAllUnread(tx, orgId);
    });
  }

  /** The organization of a hook. Throws `not-found`. */
  async ownerOf(hookId: string): Promise<string> {
    const orgId = await this.database.acrossOrganizations((tx) => findWebhook(tx, hookId));
    if (!orgId) throw new Problem('not-found');
    return orgId;
  }

  /**
   * The model that an authentic delivery is about; null for one that came before, or is about none. Throws `not-found` for a hook that is
   * no longer there and for whatever is wrong with the signature, so that only MLflow learns which hooks there are.
   */
  async accept(orgId: string, hookId: string, delivery: Delivery): Promise<string | null> {
    return this.database.orgTransaction(orgId, async (tx) => {
      const row = await selectWebhook(tx, orgId);
      if (row?.hookId !== hookId || row.state === 'left') throw new Problem('not-found');
      const secret = await this.vault.open(orgId, SLOT, row.origin);
      if (!isAuthentic(delivery, secret, Date.now())) throw new Problem('not-found');
      // One whose time is ahead of ours by the tolerance stays valid for twice as long.
      const isFirst = await insertDelivery(tx, orgId, {
        id: delivery.id,
        keptSeconds: 2 * TOLERANCE_SECONDS,
      });
      if (!isFirst || row.state === 'testing') return null;
      await touchWebhook(tx, orgId);
      await this.live.publish(orgId, 'connection', orgId);
      return modelNameIn(delivery.body);
    });
  }

  private async register(
    orgId: string,
    { client, origin, hookId }: { client: MlflowClient; origin: string; hookId: string },
  ): Promise<void> {
    // Those too that MLflow kept because it was away when they were turned off.
    await deleteAt(client, orgId);
    const secret = new Secret(randomBytes(SECRET_BYTES).toString('base64url'));
    await this.database.orgTransaction(orgId, async (tx) => {
      await putWebhook(tx, orgId, { hookId, origin });
      await this.vault.seal(orgId, SLOT, origin, secret);
    });
    const url = `${this.env.publicUrl}/api/v1/hooks/mlflow/${hookId}`;
    const id = await client.createWebhook({ name: nameOf(orgId), url, secret });
    if (!(await client.testWebhook(id))) throw new Undelivered();
  }

  private async confirm(orgId: string, hookId: string, actor: Actor): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      if (!(await enableWebhook(tx, orgId, hookId))) throw new Problem('conflict');
      await this.tell(orgId, 'webhook.enabled', actor);
      await this.live.publish(orgId, 'connection', orgId);
    });
  }

  /** False where another registration stands in its place. */
  private async forget(orgId: string, hookId: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, async (tx) => {
      await deleteWebhookRow(tx, orgId, hookId);
      if (await selectWebhook(tx, orgId)) return false;
      await this.vault.destroy(orgId, SLOT);
      return true;
    });
  }

  private async tell(orgId: string, action: string, actor: Actor): Promise<void> {
    await this.audit.append(orgId, {
      actor,
      action,
      subject: { type: 'mlflow-connection', id: orgId, name: null },
    });
  }
}

/** MLflow's names of webhooks are not unique: ours names the organization, so that each finds its own again. */
function nameOf(orgId: string): string {
  return `verifywise-${orgId}`;
}

async function deleteAt(client: MlflowClient, orgId: string): Promise<void> {
  for (const id of await client.webhooksNamed(nameOf(orgId))) await client.deleteWebhook(id);
}

async function isLostAt(client: MlflowClient, orgId: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await client.webhooksNamed(nameOf(orgId), signal)).length === 0;
  } catch (error) {
    if (error instanceof MlflowError) return false;
    throw error;
  }
}

async function wasDeletedAt(open: () => Promise<MlflowClient>, orgId: string): Promise<boolean> {
  try {
    await deleteAt(await open(), orgId);
    return true;
  } catch (error) {
    // MLflow is away or denies it, or its credential cannot be opened: off is off all the same.
    if (error instanceof MlflowError || error instanceof Problem) return false;
    throw error;
  }
}
