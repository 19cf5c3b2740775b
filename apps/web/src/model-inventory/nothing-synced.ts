import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { InventorySummary } from '@vw/shared-contracts';
import { Clock } from '../ui/clock';
import { Icon } from '../ui/icon';
import { counted, instantText } from '../ui/time-text';

type Outcome = 'passed' | 'failed' | 'open';

const LOOKS = {
  passed: { icon: 'check-circle', tone: 'tone-ok', word: 'Done:' },
  failed: { icon: 'warning', tone: 'tone-warning', word: 'Not done:' },
  open: { icon: 'circle', tone: 'muted', word: 'To check:' },
} as const;

/** Connected and nothing to show: what to check, in order, each as far as it is known to this person. */
@Component({
  selector: 'vw-nothing-synced',
  imports: [Icon, MatButton],
  template: `
    <div class="body">
      <h2>Connected, but no models yet</h2>
      <p class="muted">{{ lead() }}</p>
      <ol>
        @for (check of checks(); track check.text) {
          <li>
            <vw-icon [name]="check.look.icon" [class]="check.look.tone" />
            <span class="visually-hidden">{{ check.look.word }}</span>
            {{ check.text }}
          </li>
        }
      </ol>
    </div>
    @if (canSync()) {
      <div class="foot">
        <span class="muted">Or pull from MLflow now.</span>
        <span class="spacer"></span>
        <button matButton="filled" type="button" (click)="sync.emit()">
          <vw-icon matButtonIcon name="sync" />Re-run Sync
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      min-height: 240px;
    }
    .body {
      flex: 1;
      padding: 16px 20px;
    }
    h2 {
      font: 600 14px / 20px var(--vw-sans);
    }
    ol {
      display: flex;
      flex-direction: column;
      gap: 8px;
      margin-top: 12px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    .foot {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 12px;
      padding: 10px 16px 10px 20px;
      border-top: 1px solid var(--vw-line);
    }
  `,
})
export class NothingSynced {
  private readonly clock = inject(Clock);

  readonly summary = input.required<InventorySummary>();
  /** Null where this person may not know. */
  readonly workerRuns = input.required<boolean | null>();
  readonly upcomingSyncAt = input.required<string | null>();
  readonly canSync = input.required<boolean>();
  readonly sync = output();

  private readonly isRead = computed(() => this.summary().lastSyncedAt !== null);
  private readonly failed = computed(() => this.summary().lastSync?.status === 'failed');

  protected readonly lead = computed(() => {
    const { models } = this.summary();
    if (models > 0) return `MLflow holds ${counted(models, 'registered model')} without any version.`;
    return this.isRead() && !this.failed()
      ? 'The last sync found no registered model; runs alone are not listed. Check these in order:'
      : 'Check these in order:';
  });
  protected readonly checks = computed(() => [
    {
      look: LOOKS[outcomeOf(this.workerRuns())],
      text: 'Background worker process is running',
    },
    {
      look: LOOKS[this.isRead() && !this.failed() ? 'passed' : 'open'],
      text: 'Service account may list models',
    },
    {
      look: LOOKS[this.isRead() ? 'passed' : this.failed() ? 'failed' : 'open'],
      text: this.isRead() ? 'First sync finished' : `First sync finished${this.upcoming()}`,
    },
  ]);
  private readonly upcoming = computed(() => {
    const at = this.upcomingSyncAt();
    return at === null ? '' : `: upcoming at ${instantText(at, 'time', this.clock.now())}`;
  });
}

function outcomeOf(runs: boolean | null): Outcome {
  if (runs === null) return 'open';
  return runs ? 'passed' : 'failed';
}
