import { Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { Session } from '../shell/session';
import { ConnectMlflow } from '../ui/connect-mlflow';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { AskedRun } from './asked-run';
import { ConnectionActions } from './connection-actions';
import { IntegrationsClient, isActive } from './integrations-client';
import { HeldVersions } from './held-versions';
import { RemedyCard } from './remedy-card';
import { StatusCards } from './status-cards';
import { SyncHistory } from './sync-history';
import { SyncProgressPanel } from './sync-progress-panel';

/** Five status cards, the running sync, what to do about an error, and the history. */
@Component({
  selector: 'vw-status-tab',
  imports: [
    AskedRun,
    ConnectMlflow,
    HeldVersions,
    LoadFailed,
    RemedyCard,
    Skeleton,
    StatusCards,
    SyncHistory,
    SyncProgressPanel,
  ],
  templateUrl: './status-tab.html',
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: inherit;
    }
    .cards {
      display: grid;
      grid-template-columns: repeat(5, 1fr);
      gap: 12px;
    }
    .cards vw-skeleton {
      border-radius: 12px;
    }
  `,
  host: { '[style.gap.px]': '16' },
})
export class StatusTab {
  private readonly client = inject(IntegrationsClient);
  private readonly router = inject(Router);

  /** A run that a link asks for, from the URL. */
  readonly run = input<string>();

  protected readonly actions = inject(ConnectionActions);
  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly connection = this.client.connection.value;
  protected readonly runs = this.client.recentRuns;
  protected readonly wholeRuns = this.client.wholeRuns.value;
  protected readonly workerRuns = this.client.workerRuns;
  protected readonly activeRun = computed(
    () => this.client.activeRun() ?? this.runs.value()?.items.find((run) => isActive(run)),
  );
  /** The last sync that read MLflow whole: how old the inventory is. */
  protected readonly lastSuccess = computed(() =>
    this.wholeRuns()?.items.find(({ status }) => status === 'succeeded'),
  );
  protected readonly lastFullRun = computed(() => this.wholeRuns()?.items[0]);

  /** The newest whole read, where it held something back that nobody has decided yet. */
  protected readonly heldRun = computed(() => {
    const run = this.wholeRuns()?.items.find(({ status }) => status === 'succeeded' || status === 'partial');
    return run?.status === 'partial' ? run : undefined;
  });

  protected openConfiguration(): void {
    void this.router.navigateByUrl('/integrations/mlflow/configuration');
  }
}
