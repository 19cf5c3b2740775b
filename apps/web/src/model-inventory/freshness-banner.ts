import { Component, computed, inject, input, output } from '@angular/core';
import type { InventorySummary } from '@vw/shared-contracts';
import { Banner } from '../ui/banner';
import { Clock } from '../ui/clock';
import type { IconName } from '../ui/icon-paths';
import { instantText, relativeText, roughLength } from '../ui/time-text';

/** Data of the last two hours need no warning. In milliseconds. */
const FRESH_MS = 2 * 3_600_000;
const DAY_MS = 86_400_000;

/** How true the inventory is, and how to make it truer. */
@Component({
  selector: 'vw-freshness-banner',
  imports: [Banner],
  template: `
    <vw-banner [icon]="icon()" [tone]="warns() ? 'warning' : 'neutral'" [iconTone]="warns() ? '' : 'tone-ok'">
      <strong class="strong">{{ heading() }}</strong>
      @if (warns()) {
        <span> {{ detail() }}</span>
      } @else {
        <span class="wide muted"> {{ ago() }}.</span>
        <span class="wider muted"> Refresh re-reads VerifyWise{{ canSync() ? '; ' : '.' }}</span>
        @if (canSync()) {
          <span class="wider muted">to pull from MLflow now, use </span>
          <button class="link inline" type="button" (click)="sync.emit()">Re-run Sync</button
          ><span class="wider muted">.</span>
        }
      }
      @if (canSync() && warns()) {
        <button action class="link remedy" type="button" (click)="sync.emit()">Re-run Sync</button>
      } @else if (upcoming(); as upcoming) {
        <span action class="small muted wide">{{ upcoming }}</span>
      }
    </vw-banner>
  `,
  styles: `
    .remedy {
      color: inherit;
      text-decoration: underline;
      min-height: 24px;
      margin-block: -2px;
    }
    @media (max-width: 1099.98px) {
      .wider {
        display: none;
      }
      .inline {
        margin-left: 8px;
      }
    }
    @media (max-width: 839.98px) {
      .wide {
        display: none;
      }
      .inline,
      .remedy {
        min-height: 44px;
        margin-block: -12px;
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
  private readonly failed = computed(() => hasFailed(this.summary()));
  protected readonly warns = computed(() => isInDoubt(this.summary(), this.clock.now()));
  protected readonly icon = computed<IconName>(() => {
    if (!this.warns()) return 'check-circle';
    if (!this.summary().configured) return 'link-off';
    return this.age() === null ? 'warning' : 'clock';
  });
  protected readonly heading = computed(() => {
    if (!this.summary().configured) return 'MLflow is disconnected.';
    const at = this.summary().lastSyncedAt;
    if (at === null) return 'MLflow has not been read whole yet.';
    const age = this.age() ?? 0;
    return this.warns()
      ? `Data is ${roughLength(age) ?? 'less than a minute'} old.`
      : `Up to date with MLflow as of ${instantText(at, age < DAY_MS ? 'time' : 'day', this.clock.now())}`;
  });
  protected readonly detail = computed(() => {
    if (!this.summary().configured) return 'What was synced stays, and changes no more.';
    if (this.summary().lastSync?.status === 'partial')
      return 'Some versions were not seen. Nothing was removed.';
    if (this.failed()) return 'Last sync failed. Nothing was removed.';
    return this.age() === null ? 'What is shown may be incomplete.' : 'No sync has read MLflow whole since.';
  });
  protected readonly ago = computed(() => relativeText(this.summary().lastSyncedAt ?? '', this.clock.now()));
  protected readonly upcoming = computed(() => {
    const at = this.upcomingSyncAt();
    return at === null ? null : `Upcoming sync ${instantText(at, 'time', this.clock.now())}`;
  });
}

/** Whether what is shown may no longer be what MLflow holds. `now` in milliseconds. */
export function isInDoubt(summary: InventorySummary, now: number): boolean {
  const { configured, stale, lastSyncedAt } = summary;
  if (stale || hasFailed(summary) || !configured || lastSyncedAt === null) return true;
  return now - Date.parse(lastSyncedAt) > FRESH_MS;
}

function hasFailed({ lastSync }: InventorySummary): boolean {
  return lastSync?.status === 'failed' || lastSync?.status === 'partial';
}
