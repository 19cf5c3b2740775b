import { Component, computed, inject, input, linkedSignal, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { SyncRun } from '@vw/shared-contracts';
import { StageMark } from '../model-inventory/stage-mark';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { HELD_PER_PAGE, IntegrationsClient } from './integrations-client';

/** The versions that a sync did not see, and the word of an Admin that they are gone. */
@Component({
  selector: 'vw-held-versions',
  imports: [LoadFailed, MatButton, Pager, RouterLink, Skeleton, StageMark],
  templateUrl: './held-versions.html',
  styleUrl: './held-versions.scss',
})
export class HeldVersions {
  readonly run = input.required<SyncRun>();
  readonly canConfirm = input(false);
  readonly confirmed = output();

  private readonly runId = computed(() => this.run().id);
  /** Of the pages behind the first, oldest first; another run starts anew. */
  private readonly cursors = linkedSignal<string, readonly string[]>({
    source: this.runId,
    computation: () => [],
  });
  private readonly cursor = computed(() => this.cursors().at(-1));
  protected readonly held = inject(IntegrationsClient).heldBy(this.runId, this.cursor);
  protected readonly rows = computed(() => this.held.latest()?.items ?? []);
  protected readonly heading = computed(() => `${counted(this.run().held, 'version')} not seen`);
  protected readonly isFirst = computed(() => this.cursors().length === 0);
  protected readonly range = computed(() => {
    const first = this.cursors().length * HELD_PER_PAGE + 1;
    return `${first}–${first + this.rows().length - 1} of ${this.run().held.toLocaleString('en-US')} versions`;
  });
  protected readonly nextCursor = computed(() => this.held.value()?.nextCursor ?? null);

  protected previous(): void {
    this.cursors.update((cursors) => cursors.slice(0, -1));
  }

  protected next(): void {
    const cursor = this.nextCursor();
    if (cursor !== null) this.cursors.update((cursors) => [...cursors, cursor]);
  }
}
