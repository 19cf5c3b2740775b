import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import type { SyncRun, SyncRunPage, SyncRunStatus, SyncTrigger } from '@vw/shared-contracts';
import { ticking } from '../ui/clock';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { Skeleton } from '../ui/skeleton';
import { durationText } from '../ui/time-text';
import { DurationBars } from './duration-bars';
import { IntegrationsClient, isActive, RUNS_PER_PAGE, WHOLE_READS } from './integrations-client';
import { RunChanges } from './run-changes';

const TRIGGERS: Record<SyncTrigger, { text: string; icon: IconName }> = {
  scheduled: { text: 'Scheduled', icon: 'clock' },
  manual: { text: 'Manual', icon: 'tap' },
  poll: { text: 'Poll', icon: 'refresh' },
  webhook: { text: 'Webhook', icon: 'webhook' },
};

const RESULTS: Record<SyncRunStatus, { text: string; icon: IconName; tone: string }> = {
  queued: { text: 'Queued', icon: 'hourglass', tone: 'tone-progress' },
  running: { text: 'Running', icon: 'sync', tone: 'tone-progress' },
  succeeded: { text: 'Succeeded', icon: 'check-circle', tone: 'tone-ok' },
  partial: { text: 'Partial', icon: 'warning', tone: 'tone-warning' },
  failed: { text: 'Failed', icon: 'error', tone: 'tone-error' },
  cancelled: { text: 'Cancelled', icon: 'close', tone: 'muted' },
};

const CHOICES = [
  { trigger: '', text: 'All syncs' },
  { trigger: WHOLE_READS, text: 'Scheduled and manual' },
  { trigger: 'poll', text: 'Polls' },
  { trigger: 'webhook', text: 'Webhooks' },
] as const;

/** Every sync, newest first, or those of some triggers. A row opens its changes in place. */
@Component({
  selector: 'vw-sync-history',
  imports: [DurationBars, Icon, Instant, LoadFailed, Pager, RunChanges, Skeleton],
  templateUrl: './sync-history.html',
  styleUrl: './sync-history.scss',
})
export class SyncHistory {
  private readonly now = ticking(1_000);

  readonly recent = input.required<SyncRunPage>();
  /** Those that read MLflow whole: how long these take tells something. */
  readonly whole = input.required<SyncRun[]>();

  protected readonly choices = CHOICES;
  protected readonly trigger = signal('');

  /** Cursors of the pages behind the first, up to the one shown. */
  private readonly cursors = signal<string[]>([]);
  private readonly asked = computed(() => {
    const cursor = this.cursors().at(-1);
    const trigger = this.trigger();
    if (cursor === undefined && trigger === '') return undefined;
    return { ...(cursor === undefined ? {} : { cursor }), ...(trigger === '' ? {} : { trigger }) };
  });
  protected readonly other = inject(IntegrationsClient).runs(this.asked);
  private readonly answer = computed(() => (this.asked() === undefined ? this.recent() : this.other.value()));
  /** The rows stay until another page of the same syncs is there. */
  protected readonly page = linkedSignal<
    { trigger: string; answer: SyncRunPage | undefined },
    SyncRunPage | undefined
  >({
    source: () => ({ trigger: this.trigger(), answer: this.answer() }),
    computation: ({ trigger, answer }, previous) =>
      answer ?? (previous?.source.trigger === trigger ? previous.value : undefined),
  });
  /** Pages behind the first do not tell how many there are. */
  private readonly total = linkedSignal<{ trigger: string; total: number | null }, number | null>({
    source: () => ({ trigger: this.trigger(), total: this.page()?.total ?? null }),
    computation: ({ trigger, total }, previous) =>
      total ?? (previous?.source.trigger === trigger ? previous.value : null),
  });
  protected readonly open = signal<string | null>(null);
  protected readonly rows = computed(() => (this.page()?.items ?? []).map((run) => this.rowOf(run)));
  protected readonly range = computed(() => {
    const first = this.cursors().length * RUNS_PER_PAGE + 1;
    const total = this.total();
    const range = `${first}–${first + this.rows().length - 1}`;
    return total === null ? range : `${range} of ${total.toLocaleString('en-US')} syncs`;
  });
  protected readonly hasPages = computed(() => this.cursors().length > 0 || this.nextCursor() !== null);
  protected readonly isFirst = computed(() => this.cursors().length === 0);
  protected readonly nextCursor = computed(() => this.answer()?.nextCursor ?? null);

  protected toggle(run: SyncRun): void {
    this.open.update((id) => (id === run.id ? null : run.id));
  }

  protected choose(trigger: string): void {
    this.trigger.set(trigger);
    this.cursors.set([]);
  }

  protected previous(): void {
    this.cursors.update((cursors) => cursors.slice(0, -1));
  }

  protected next(): void {
    const cursor = this.nextCursor();
    if (cursor !== null) this.cursors.update((cursors) => [...cursors, cursor]);
  }

  private rowOf(run: SyncRun) {
    const { created, updated, removed } = run.counts;
    const changes = created + updated + removed > 0;
    return {
      run,
      at: run.startedAt ?? run.requestedAt,
      trigger: TRIGGERS[run.trigger],
      result: RESULTS[run.status],
      running: isActive(run),
      showsError: run.error !== null && !changes,
      duration: this.durationOf(run),
      summary: changes
        ? summaryOf(run)
        : `No changes, ${run.counts.unchanged.toLocaleString('en-US')} unchanged`,
      link: isActive(run) ? null : run.error !== null ? 'Details' : changes ? 'View changes' : null,
    };
  }

  private durationOf(run: SyncRun): string {
    if (run.startedAt === null) return '–';
    const start = Date.parse(run.startedAt);
    if (run.finishedAt === null) return soFar(this.now() - start);
    return durationText(Date.parse(run.finishedAt) - start);
  }
}

function soFar(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s…` : `${Math.floor(seconds / 60)} min…`;
}

function summaryOf({ counts }: SyncRun): string {
  return [
    counts.created > 0 ? `${counts.created.toLocaleString('en-US')} created` : '',
    counts.updated > 0 ? `${counts.updated.toLocaleString('en-US')} updated` : '',
    counts.removed > 0 ? `${counts.removed.toLocaleString('en-US')} removed` : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}
