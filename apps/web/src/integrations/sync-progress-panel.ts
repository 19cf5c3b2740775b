import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { SyncRun } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { ticking } from '../ui/clock';
import { roughLength } from '../ui/time-text';

/** The sync that runs now: phase, share, counts. Survives a reload, for all of it is read from the server. */
@Component({
  selector: 'vw-sync-progress-panel',
  imports: [Icon, MatButton],
  templateUrl: './sync-progress-panel.html',
  styleUrl: './sync-progress-panel.scss',
})
export class SyncProgressPanel {
  private readonly now = ticking(1_000);

  readonly run = input.required<SyncRun>();
  readonly workerRuns = input(true);
  readonly canCancel = input(false);
  readonly cancelled = output();

  protected readonly isQueued = computed(() => this.run().status === 'queued');
  protected readonly title = computed(() => (this.isQueued() ? 'Sync requested' : 'Sync in progress'));
  /** Null on a first sync and before the first page: nobody knows how many versions there are. */
  protected readonly percent = computed(() => {
    const { phase, versions, total } = this.run().progress;
    if (this.isQueued() || total === null || total === 0) return null;
    if (phase === 'checking-removals') return 99;
    return Math.min(99, Math.floor((versions * 100) / total));
  });
  protected readonly phase = computed(() => {
    if (this.isQueued()) return 'Waiting for the background worker';
    const { phase, currentModel } = this.run().progress;
    if (phase === 'connecting') return 'Connecting to MLflow';
    if (phase === 'checking-removals') return 'Checking what was removed';
    return currentModel === null ? 'Reading registered models' : 'Reading versions of';
  });
  protected readonly currentModel = computed(() => {
    const { phase, currentModel } = this.run().progress;
    return !this.isQueued() && phase === 'reading' ? currentModel : null;
  });
  protected readonly elapsed = computed(() => {
    const { startedAt } = this.run();
    if (startedAt === null) return '';
    const milliseconds = Math.max(0, this.now() - Date.parse(startedAt));
    return `${roughLength(milliseconds) ?? `${Math.floor(milliseconds / 1000)} s`} elapsed`;
  });
  /** Every quarter is enough to hear. */
  protected readonly announcement = computed(() => {
    const percent = this.percent();
    if (percent === null) return this.title();
    return percent < 25 ? this.title() : `${Math.floor(percent / 25) * 25} % of the sync done`;
  });
}
