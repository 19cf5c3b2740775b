import { Component, computed, inject, input, output } from '@angular/core';
import type { InventorySummary } from '@vw/shared-contracts';
import { Banner } from '../ui/banner';
import { Clock } from '../ui/clock';
import { instantText, relativeText, roughLength } from '../ui/time-text';

/** Data of the last two hours need no warning. In milliseconds. */
const FRESH_MS = 2 * 3_600_000;

/** How true the inventory is, and how to make it truer. */
@Component({
  selector: 'vw-freshness-banner',
  imports: [Banner],
  template: `
    <vw-banner
      [icon]="warns() ? 'warning' : 'check-circle'"
      [tone]="warns() ? 'warning' : 'neutral'"
      [iconTone]="warns() ? '' : 'tone-ok'"
    >
      <strong class="strong">{{ heading() }}</strong>
      <span [class.muted]="!warns()"> {{ detail() }}</span>
      @if (canSync()) {
        <button class="link" type="button" (click)="sync.emit()">Re-run Sync</button>.
      }
      @if (upcoming(); as upcoming) {
        <span action class="small muted upcoming">{{ upcoming }}</span>
      }
    </vw-banner>
  `,
  styles: `
    @media (max-width: 839.98px) {
      .upcoming {
        display: none;
      }
    }
  `,
})
export class FreshnessBanner {
  private readonly clock = inject(Clock);

  readonly summary = input.required<InventorySummary>();
  readonly upcomingSyncAt = input.required<string | null>();
  readonly canSync = input.required<boolean>();
  readonly sync = output();

  private readonly age = computed(() => {
    const at = this.summary().lastSyncedAt;
    return at === null ? null : this.clock.now() - Date.parse(at);
  });
  private readonly failed = computed(() => {
    const status = this.summary().lastSync?.status;
    return status === 'failed' || status === 'partial';
  });
  protected readonly warns = computed(() => {
    const age = this.age();
    return (
      this.summary().stale || this.failed() || !this.summary().configured || age === null || age > FRESH_MS
    );
  });
  protected readonly heading = computed(() => {
    const at = this.summary().lastSyncedAt;
    if (at === null) return 'MLflow has not been read whole yet.';
    if (!this.summary().configured) return 'MLflow is disconnected.';
    const age = this.age() ?? 0;
    return this.warns()
      ? `Data is ${roughLength(age) ?? 'less than a minute'} old.`
      : `Up to date with MLflow as of ${instantText(at, age < 86_400_000 ? 'time' : 'day', this.clock.now())}`;
  });
  protected readonly detail = computed(() => {
    const at = this.summary().lastSyncedAt;
    if (!this.summary().configured) return 'What was synced stays, and changes no more.';
    if (this.summary().lastSync?.status === 'partial')
      return 'Some versions were not seen. Nothing was removed.';
    if (this.failed()) return 'Last sync failed. Nothing was removed.';
    const ago = at === null ? '' : `${relativeText(at, this.clock.now())}. `;
    return `${ago}Refresh re-reads VerifyWise${this.canSync() ? '; to pull from MLflow now, use ' : '.'}`;
  });
  protected readonly upcoming = computed(() => {
    const at = this.upcomingSyncAt();
    return at === null ? null : `Upcoming sync ${instantText(at, 'time', this.clock.now())}`;
  });
}
