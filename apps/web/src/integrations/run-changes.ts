import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ChangePage, SyncRun } from '@vw/shared-contracts';
import { changeText } from '../ui/change-text';
import { CopyButton } from '../ui/copy-button';
import { LoadFailed } from '../ui/load-failed';
import { problemOf } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { IntegrationsClient } from './integrations-client';

/** First a few, then a screenful at a time. */
const FIRST = 5;
const MORE = 50;

/** What one sync changed, or why it failed. */
@Component({
  selector: 'vw-run-changes',
  imports: [CopyButton, LoadFailed, RouterLink, Skeleton],
  templateUrl: './run-changes.html',
  styleUrl: './run-changes.scss',
})
export class RunChanges {
  private readonly client = inject(IntegrationsClient);

  readonly run = input.required<SyncRun>();

  protected readonly changes = this.client.changesOf(this.run, FIRST);
  /** What a run that ended changed stays as it is, so the pages add up. */
  private readonly shown = linkedSignal<ChangePage | undefined, ChangePage | undefined>({
    source: this.changes.latest,
    computation: (page) => page,
  });
  protected readonly rows = computed(() =>
    this.shown()?.items.map((change, index) => ({ index, change, text: changeText(change) })),
  );
  private readonly total = computed(() => this.shown()?.total ?? 0);
  protected readonly heading = computed(() => counted(this.total(), 'change'));
  private readonly rest = computed(() => this.total() - (this.shown()?.items.length ?? 0));
  protected readonly canShowMore = computed(() => (this.shown()?.nextCursor ?? null) !== null);
  protected readonly moreText = computed(() => {
    const rest = this.rest();
    const next = `Show ${counted(Math.min(rest, MORE), 'more change')}`;
    return rest > MORE ? `${next} of ${rest.toLocaleString('en-US')} left` : next;
  });
  protected readonly isLoading = signal(false);
  protected readonly failure = signal<string | null>(null);

  protected async showMore(): Promise<void> {
    const before = this.shown();
    if (before === undefined || before.nextCursor === null) return;
    this.isLoading.set(true);
    this.failure.set(null);
    try {
      const { items, nextCursor } = await this.client.moreChangesOf(this.run(), before.nextCursor, MORE);
      this.shown.update((now) =>
        now === before ? { ...before, items: [...before.items, ...items], nextCursor } : now,
      );
    } catch (error) {
      // What is shown stays, and can be asked to go on.
      this.failure.set(problemOf(error).detail);
    } finally {
      this.isLoading.set(false);
    }
  }
}
