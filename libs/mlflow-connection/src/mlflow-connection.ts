import { Injectable } from '@nestjs/common';
import { Audit, type Actor } from '@vw/audit';
import type { MlflowClient, Probe } from '@vw/mlflow-client';
import { Database, Env, LiveFeed, Problem } from '@vw/platform';
import { type Connection, type ConnectionInput, type ConnectionTest } from '@vw/shared-contracts';
import { SyncHistory } from '@vw/sync-history';
import { ClientMaker, ONCE, type ClientExtras } from './client-maker';
import {
  claimConnection,
  deleteConnection,
  keepSource,
  rememberWorkspaces,
  selectConnection,
  selectFormerSource,
  updateTest,
  updateWorkspacesListed,
  upsertConnection,
  type ConnectionRow,
} from './connection-statements';
import { answer, cautionOf, workspacesOf } from './connection-test';
import {
  ALL_WORKSPACES,
  auditedSettings,
  isOtherSource,
  isWidened,
  originOf,
  readSettings,
  typedSecret,
  type Source,
} from './settings';
import type { Freshness, OpenConnection, Registry } from './open-connection';
import { MlflowWebhook } from './mlflow-webhook';
import { clearLightError, restartPolls } from './poll-statements';
import { errorOf, newestFinding, statusOf } from './status-cards';
import { oneWorkspaceOnly } from './webhook-refusal';

/** The one MLflow connection of an organization. Owns `mlflow_connection`. Invariant: nothing is saved that was not tested with success. */
@Injectable()
export class MlflowConnection {
  constructor(
    private readonly database: Database,
    private readonly env: Env,
    private readonly live: LiveFeed,
    private readonly clients: ClientMaker,
    private readonly history: SyncHistory,
    private readonly webhook: MlflowWebhook,
    private readonly audit: Audit,
  ) {}

  async get(orgId: string): Promise<Connection> {
    const row = await this.stored(orgId);
    const digest = await this.history.digest(orgId);
    const finding = row && newestFinding(row, digest);
    return {
      status: row ? statusOf(finding?.code ?? null) : 'not-configured',
      trackingServerUrl: row?.trackingServerUrl ?? null,
      requestTimeoutSeconds: row?.requestTimeoutSeconds ?? 30,
      authMethod: row?.authMethod ?? 'none',
      username: row?.username ?? null,
      ...(await this.clients.hasSecrets(orgId)),
      verifyTls: row?.verifyTls ?? true,
      workspace: row?.workspace ?? null,
      pollSeconds: row?.pollSeconds ?? 60,
      caCertificate: row?.caCertificate ?? null,
      serverVersion: row?.serverVersion ?? null,
      caution: row && cautionOf(row.workspace, row.workspacesListed),
      lastError: errorOf(finding ?? null),
      lastSuccessfulTestAt: row?.lastSuccessfulTestAt?.toISOString() ?? null,
      lastScheduledSyncAt: digest.lastStartedAt,
      upcomingSyncAt: row?.nextSyncAt.toISOString() ?? null,
      webhook: await this.webhook.get(orgId),
      worker: { lastSeenAt: await this.history.workerLastSeenAt() },
    };
  }

  /**
   * Tests, then saves. Throws the code of a failing test with status 422 and saves nothing; throws `invalid-input`, `credential-required`,
   * or `source-changed` when another server's records would replace the present ones unconfirmed, or those of before a disconnect.
   */
  async save(orgId: string, input: ConnectionInput, actor: Actor): Promise<Connection> {
    const settings = readSettings(input);
    const before = await this.stored(orgId);
    const source = before ?? (await this.formerSource(orgId));
    if (source && isOtherSource(source, settings) && !input.replaceSource)
      await this.refuseOtherSource(orgId, before ? null : source);
    const secret = await this.clients.secretFor(orgId, { input, settings, before });
    const outcome = await this.clients.tryOut(settings, secret);
    if (outcome.code) throw new Problem(outcome.code, { status: 422 });
    const isOther = before !== null && isOtherSource(before, settings);
    const widenedFrom = source && isWidened(source, settings) ? source.workspace : null;
    const isElsewhere = isOther || widenedFrom !== null;
    // A registration belongs to its workspace: who reads all of them would not find it again.
    if (before && isElsewhere)
      await this.webhook.leaveServer(orgId, () => this.clients.clientFor(orgId, before, ONCE), actor);
    await this.database.orgTransaction(orgId, async (tx) => {
      // A sync with the settings before would end at its next page, and whoever asks for one after this save would be given that one. Before
      // the connection, as whoever else writes both: the other order could end in a deadlock.
      const cancelled = await this.history.cancelActive(orgId);
      await upsertConnection(tx, orgId, {
        settings,
        found: outcome,
        nextSyncInSeconds: this.firstDue(orgId),
      });
      await this.clients.keepSecret(orgId, settings, secret);
      if (widenedFrom !== null)
        await rememberWorkspaces(tx, orgId, { listed: [widenedFrom], revision: null });
      await restartPolls(tx, orgId, isElsewhere);
      for (const { id } of cancelled) {
        await this.audit.append(orgId, {
          actor,
          action: 'sync.cancelled',
          subject: { type: 'sync-run', id, name: null },
          runId: id,
        });
      }
      await this.audit.append(orgId, {
        actor,
        action: 'connection.saved',
        subject: { type: 'mlflow-connection', id: orgId, name: settings.trackingServerUrl },
        before: before && auditedSettings(before),
        after: { ...auditedSettings(settings), secret: typedSecret(input) ? 'replaced' : 'kept' },
      });
      await this.live.publish(orgId, 'connection', orgId);
    });
    return this.get(orgId);
  }

  /** Destroys the credential and the settings. What was synced stays. */
  async disconnect(orgId: string, actor: Actor): Promise<void> {
    const row = await this.stored(orgId);
    if (row) await this.webhook.leaveServer(orgId, () => this.clients.clientFor(orgId, row, ONCE), actor);
    await this.database.orgTransaction(orgId, async (tx) => {
      const before = await selectConnection(tx, orgId);
      if (!before) return;
      await this.clients.destroySecrets(orgId);
      await keepSource(tx, orgId);
      await deleteConnection(tx, orgId);
      await this.audit.append(orgId, {
        actor,
        action: 'connection.deleted',
        subject: { type: 'mlflow-connection', id: orgId, name: before.trackingServerUrl },
        before: auditedSettings(before),
      });
      await this.live.publish(orgId, 'connection', orgId);
    });
  }

  /** Has MLflow deliver what it can tell, or no longer. Throws `not-configured`, and with status 422 why MLflow cannot deliver. */
  async setWebhook(orgId: string, enabled: boolean, actor: Actor): Promise<Connection> {
    const row = await this.stored(orgId);
    if (!row) throw new Problem('not-configured');
    if (enabled && row.workspace === ALL_WORKSPACES) throw oneWorkspaceOnly();
    const open = (): Promise<MlflowClient> => this.clients.clientFor(orgId, row, ONCE);
    if (enabled) await this.webhook.enable(orgId, { client: await open(), origin: originOf(row) }, actor);
    else await this.webhook.disable(orgId, open, actor);
    return this.get(orgId);
  }

  /** One attempt, without retries. Null tests the saved settings and sets the cards; anything else sets nothing. */
  async test(orgId: string, input: ConnectionInput | null, actor: Actor): Promise<ConnectionTest> {
    const before = await this.stored(orgId);
    if (!input) return this.testSaved(orgId, before, actor);
    const settings = readSettings(input);
    const secret = await this.clients.secretFor(orgId, { input, settings, before });
    const outcome = await this.clients.tryOut(settings, secret);
    // It sets nothing, yet somebody made this server call an address.
    await this.database.orgTransaction(orgId, () =>
      this.audit.append(orgId, {
        actor,
        action: 'connection.tried',
        subject: { type: 'mlflow-connection', id: orgId, name: settings.trackingServerUrl },
        after: { code: outcome.code, authMethod: settings.authMethod },
      }),
    );
    return answer(outcome, settings.workspace);
  }

  /** A client for the saved settings, with retries unless told otherwise. Throws `not-configured`, `credential-unreadable`. */
  async open(orgId: string, extras: ClientExtras = {}): Promise<OpenConnection> {
    const row = await this.stored(orgId);
    if (!row) throw new Problem('not-configured');
    // Where an Admin must act, hammering the server with retries helps nobody and may lock the account.
    const actionRequired = await this.requiresAction(orgId, row);
    const client = await this.clients.clientFor(orgId, row, actionRequired ? ONCE : extras);
    return {
      client,
      revision: row.revision,
      source: { url: row.trackingServerUrl, workspace: row.workspace ?? '' },
      registries: (signal) => this.registries(orgId, { row, client, signal }),
      probed: (probe) => this.keepWorkspaces(orgId, row.revision, probe),
    };
  }

  /** Whether light reads must wait until an Admin has acted. */
  async awaitsAdmin(orgId: string): Promise<boolean> {
    const row = await this.stored(orgId);
    return row !== null && this.requiresAction(orgId, row);
  }

  /** The revision of the saved settings, null where there are none. */
  async revision(orgId: string): Promise<number | null> {
    return (await this.stored(orgId))?.revision ?? null;
  }

  /** Organizations whose sync is due, over all of them, longest waiting first. */
  async due(most: number): Promise<string[]> {
    const rows = await this.database.acrossOrganizations((tx) =>
      tx.query<{ org_id: string }>('SELECT due_connections($1) AS org_id', [most]),
    );
    return rows.map((row) => row.org_id);
  }

  /** Moves the next sync one interval on. False when it is not due: another worker was first. Call it with the request, in one transaction. */
  async claim(orgId: string): Promise<boolean> {
    return this.database.orgTransaction(orgId, (tx) =>
      claimConnection(tx, orgId, this.env.syncIntervalSeconds),
    );
  }

  async freshness(orgId: string): Promise<Freshness> {
    const row = await this.stored(orgId);
    const digest = await this.history.digest(orgId);
    const age = digest.lastCompleteAt ? Date.now() - Date.parse(digest.lastCompleteAt) : Infinity;
    return {
      lastSyncedAt: digest.lastCompleteAt,
      configured: row !== null,
      stale:
        digest.lastCompleteAt !== null &&
        (!row || age > 2_000 * this.env.syncIntervalSeconds || (digest.lastEnded?.error ?? null) !== null),
      lastSync: digest.lastEnded && {
        status: digest.lastEnded.status,
        finishedAt: digest.lastEnded.finishedAt,
      },
    };
  }

  /** A server may be given workspaces after its connection was saved. */
  private async keepWorkspaces(orgId: string, revision: number, { workspaces }: Probe): Promise<void> {
    await this.database.orgTransaction(orgId, async (tx) => {
      const listed = workspaces && workspaces.length;
      const changed = await updateWorkspacesListed(tx, orgId, { listed, revision });
      if (changed) await this.live.publish(orgId, 'connection', orgId);
    });
  }

  private async registries(
    orgId: string,
    { row, client, signal }: { row: ConnectionRow; client: MlflowClient; signal: AbortSignal },
  ): Promise<Registry[]> {
    if (row.workspace !== ALL_WORKSPACES) return [{ workspace: row.workspace ?? '', client }];
    const listed = workspacesOf(await client.probe(signal));
    const known = await this.database.orgTransaction(orgId, (tx) =>
      rememberWorkspaces(tx, orgId, { listed, revision: row.revision }),
    );
    return known.map((workspace) => ({
      workspace,
      client: listed.includes(workspace) ? client.inWorkspace(workspace) : null,
    }));
  }

  private async requiresAction(orgId: string, row: ConnectionRow): Promise<boolean> {
    const finding = newestFinding(row, await this.history.digest(orgId));
    return statusOf(finding?.code ?? null) === 'action-required';
  }

  private stored(orgId: string): Promise<ConnectionRow | null> {
    return this.database.orgTransaction(orgId, (tx) => selectConnection(tx, orgId));
  }

  private async testSaved(orgId: string, row: ConnectionRow | null, actor: Actor): Promise<ConnectionTest> {
    if (!row) throw new Problem('not-configured');
    const outcome = await this.clients.tryOutSaved(orgId, row);
    await this.database.orgTransaction(orgId, async (tx) => {
      const { code } = outcome;
      const isKept = await updateTest(tx, orgId, { code, found: outcome, revision: row.revision });
      if (isKept && !code) await clearLightError(tx, orgId);
      await this.audit.append(orgId, {
        actor,
        action: 'connection.tested',
        subject: { type: 'mlflow-connection', id: orgId, name: row.trackingServerUrl },
        after: { code: outcome.code },
      });
      await this.live.publish(orgId, 'connection', orgId);
    });
    return answer(outcome, row.workspace);
  }

  private formerSource(orgId: string): Promise<Source | null> {
    return this.database.orgTransaction(orgId, (tx) => selectFormerSource(tx, orgId));
  }

  private async refuseOtherSource(orgId: string, former: Source | null): Promise<void> {
    const { lastCompleteVersions } = await this.history.digest(orgId);
    // Disconnected before anything was read of it: there is nothing to lose.
    if (former && lastCompleteVersions === 0) return;
    const where = former ? `the former one, ${former.trackingServerUrl},` : 'the present one';
    throw new Problem('source-changed', {
      detail: `This is another MLflow server. ${
        lastCompleteVersions === 1 ? 'The 1 version' : `The ${lastCompleteVersions} versions`
      } synced from ${where} would be marked as removed.`,
    });
  }

  /** Spreads organizations over the interval, each at a place of its own. In seconds. */
  private firstDue(orgId: string): number {
    const place = Number.parseInt(orgId.replaceAll('-', '').slice(-8), 16) / 0x1_0000_0000;
    return Math.max(1, Math.round(this.env.syncIntervalSeconds * (place || 1)));
  }
}
