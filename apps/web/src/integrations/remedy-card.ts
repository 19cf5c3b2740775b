import { Component, computed, inject, input, output } from '@angular/core';
import { Clipboard } from '@angular/cdk/clipboard';
import { MatButton } from '@angular/material/button';
import type { Connection, ConnectionError, SyncRun } from '@vw/shared-contracts';
import { Clock } from '../ui/clock';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { counted, instantText } from '../ui/time-text';
import { remedyFor } from './remedies';

/** What happened, what is still true, and what to do: one step, one button. */
@Component({
  selector: 'vw-remedy-card',
  imports: [CopyButton, Icon, MatButton],
  templateUrl: './remedy-card.html',
  styleUrl: './remedy-card.scss',
})
export class RemedyCard {
  private readonly clock = inject(Clock);
  private readonly clipboard = inject(Clipboard);

  readonly connection = input.required<Connection>();
  readonly error = input.required<ConnectionError>();
  readonly lastRun = input<SyncRun>();
  readonly lastSuccess = input<SyncRun>();
  readonly canTest = input(false);
  readonly canSync = input(false);
  readonly canEdit = input(false);
  readonly test = output();
  readonly sync = output();
  readonly edit = output();

  protected readonly remedy = computed(() => remedyFor(this.error().code, this.error().message));
  protected readonly steps = computed(() => this.remedy().steps(this.connection()));
  protected readonly isWarning = computed(() => this.connection().status === 'action-required');
  protected readonly title = computed(() => {
    const held = this.lastRun()?.held ?? 0;
    return this.error().code === 'removals-held' && held > 0
      ? `${counted(held, 'version')} ${held === 1 ? 'was' : 'were'} not seen in MLflow`
      : this.remedy().title;
  });
  protected readonly stillTrue = computed(() => {
    const at = this.lastSuccess()?.finishedAt ?? null;
    const since =
      at === null
        ? ''
        : ` still shows the data from ${instantText(at, 'day', this.clock.now()).replace('Today, ', '')}`;
    const { created, updated } = this.lastRun()?.counts ?? { created: 0, updated: 0 };
    const untouched = created + updated === 0 ? 'nothing was changed or removed' : 'nothing was removed';
    return since === '' ? `In your inventory ${untouched}.` : `Your inventory${since}; ${untouched}.`;
  });
  protected readonly when = computed(() => instantText(this.error().at, 'day', this.clock.now()));
  /** The run that failed, for the log; a failed test has none. */
  protected readonly runId = computed(() => {
    const run = this.lastRun();
    return run?.error?.code === this.error().code ? run.id : null;
  });

  protected copyUrl(): void {
    this.clipboard.copy(this.connection().trackingServerUrl ?? '');
  }
}
