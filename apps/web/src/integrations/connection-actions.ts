import { computed, effect, inject, Service, signal } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ConnectionTest, SyncRun } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { Confirmation } from '../ui/confirm-dialog';
import { problemOf } from '../ui/problem';
import { counted } from '../ui/time-text';
import { IntegrationsClient, isActive } from './integrations-client';

const SNACK_BAR_MS = 6_000;

/** What an Admin can do with the saved connection, from whichever page. */
@Service()
export class ConnectionActions {
  private readonly client = inject(IntegrationsClient);
  private readonly session = inject(Session);
  private readonly snackBar = inject(MatSnackBar);
  private readonly confirmation = inject(Confirmation);

  private readonly requesting = signal(false);
  private readonly awaitedRunId = signal<string | null>(null);

  readonly testing = signal(false);
  /** The last test of the saved settings in this page's life. */
  readonly lastTest = signal<ConnectionTest | null>(null);

  private readonly isConfigured = computed(() => {
    const connection = this.client.connection.value();
    return connection !== undefined && connection.status !== 'not-configured';
  });
  readonly canTest = computed(() => this.session.isAdmin() && this.isConfigured() && !this.testing());
  /** From the click to the end of the run there is nothing more to ask for. */
  readonly canSync = computed(
    () =>
      this.session.isAdmin() &&
      this.isConfigured() &&
      !this.requesting() &&
      this.client.activeRun() === undefined,
  );

  constructor() {
    effect(() => this.tellWhenFinished());
  }

  async rerunSync(): Promise<void> {
    this.requesting.set(true);
    try {
      const run = await this.client.requestSync();
      this.awaitedRunId.set(run.id);
    } catch (error) {
      // The page stays as it is; the person learns why nothing started.
      this.tell(problemOf(error).detail);
    } finally {
      this.client.reloadRuns();
      this.requesting.set(false);
    }
  }

  /** Stops the run; what it has read is kept. */
  async cancelSync(run: SyncRun): Promise<void> {
    try {
      await this.client.cancel(run.id);
      this.tell('Sync cancelled. What was read is kept.');
    } catch (error) {
      // It ended by itself in the meantime.
      this.tell(problemOf(error).detail);
    }
    this.client.reloadRuns();
  }

  /** Asks, then stamps what the run held back as removed. */
  async confirmRemovals(run: SyncRun): Promise<void> {
    const agreed = await this.confirmation.confirm({
      title: `Confirm that ${counted(run.held, 'version')} ${run.held === 1 ? 'is' : 'are'} gone?`,
      text:
        'They are stamped as removed, and hidden from the inventory by default. Their records and history stay. ' +
        'A sync that sees them again takes them back.',
      confirm: 'Confirm removal',
    });
    if (!agreed) return;
    try {
      const { counts } = await this.client.confirmRemovals(run.id);
      this.tell(`${counted(counts.removed, 'version')} removed.`);
    } catch (error) {
      // A newer sync decides: the page shows that one.
      this.tell(problemOf(error).detail);
    }
    this.client.reloadRuns();
    this.client.connection.reload();
  }

  async testConnection(): Promise<void> {
    this.testing.set(true);
    try {
      const test = await this.client.testConnection(null);
      this.lastTest.set(test);
      this.tell(test.status === 'success' ? successText(test) : `Test failed. ${test.message}`);
    } catch (error) {
      // No test took place, for example because of too many in a minute.
      this.tell(problemOf(error).detail);
    } finally {
      this.client.connection.reload();
      this.testing.set(false);
    }
  }

  async disconnect(): Promise<void> {
    const agreed = await this.confirmation.confirm({
      title: 'Disconnect MLflow?',
      text:
        'The stored credentials are destroyed and a running sync is cancelled. ' +
        'Synced models and their history stay, marked as stale.',
      confirm: 'Disconnect',
    });
    if (!agreed) return;
    try {
      await this.client.disconnect();
      this.tell('MLflow is disconnected.');
    } catch (error) {
      // Still connected; the person learns why.
      this.tell(problemOf(error).detail);
    }
    this.client.connection.reload();
  }

  private tellWhenFinished(): void {
    const run = this.client.recentRuns.value()?.items.find(({ id }) => id === this.awaitedRunId());
    if (run === undefined || isActive(run)) return;
    this.awaitedRunId.set(null);
    this.tell(finishedText(run));
  }

  private tell(text: string): void {
    this.snackBar.open(text, undefined, { duration: SNACK_BAR_MS });
  }
}

function successText(test: ConnectionTest): string {
  const details = [
    test.serverVersion === null ? null : `MLflow ${test.serverVersion}`,
    test.latencyMs === null ? null : `${test.latencyMs} ms`,
  ].filter((detail) => detail !== null);
  return details.length === 0 ? 'Connection works.' : `Connection works: ${details.join(', ')}.`;
}

function finishedText(run: SyncRun): string {
  if (run.status === 'cancelled') return 'Sync cancelled.';
  if (run.status === 'failed') return `Sync failed. ${run.error?.message ?? ''}`.trim();
  const { created, updated, removed } = run.counts;
  const removedText = removed === 0 ? '' : `, ${removed} removed`;
  return `Sync finished: ${created} created, ${updated} updated${removedText}`;
}
