import { Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { SyncRun } from '@vw/shared-contracts';
import { changeText } from '../ui/change-text';
import { CopyButton } from '../ui/copy-button';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { IntegrationsClient } from './integrations-client';

/** First a few, then a screenful, then what one request can carry. */
const STEPS = [5, 50, 200] as const;

/** What one sync changed, or why it failed. */
@Component({
  selector: 'vw-run-changes',
  imports: [CopyButton, LoadFailed, RouterLink, Skeleton],
  templateUrl: './run-changes.html',
  styleUrl: './run-changes.scss',
})
export class RunChanges {
  readonly run = input.required<SyncRun>();

  private readonly step = signal(0);
  private readonly limit = computed(() => STEPS[this.step()] ?? 200);
  protected readonly changes = inject(IntegrationsClient).changesOf(this.run, this.limit);
  protected readonly page = this.changes.latest;
  protected readonly rows = computed(() =>
    (this.page()?.items ?? []).map((change, index) => ({ index, change, text: changeText(change) })),
  );
  protected readonly total = computed(() => this.page()?.total ?? this.rows().length);
  protected readonly heading = computed(() => counted(this.total(), 'change'));
  protected readonly rest = computed(() => this.total() - this.rows().length);
  protected readonly canShowMore = computed(() => this.rest() > 0 && this.step() < STEPS.length - 1);
  protected readonly moreText = computed(() => {
    const next = (STEPS[this.step() + 1] ?? 200) - this.rows().length;
    return `Show ${counted(Math.min(this.rest(), next), 'more change')}`;
  });

  protected showMore(): void {
    this.step.update((step) => step + 1);
  }
}
