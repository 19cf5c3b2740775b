import { Component, computed, inject, input } from '@angular/core';
import type { Connection, SyncRun } from '@vw/shared-contracts';
import { Clock } from '../ui/clock';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { durationText, instantText, relativeText } from '../ui/time-text';
import { isActive } from './integrations-client';
import { remedyFor, STATUS_LABELS } from './remedies';

/** The guide's five cards, in its order. */
@Component({
  selector: 'vw-status-cards',
  imports: [Icon, Instant],
  templateUrl: './status-cards.html',
  styleUrl: './status-cards.scss',
})
export class StatusCards {
  private readonly clock = inject(Clock);

  readonly connection = input.required<Connection>();
  readonly lastRun = input<SyncRun>();
  readonly latencyMs = input<number | null>(null);

  protected readonly status = computed(() => STATUS_LABELS[this.connection().status]);
  protected readonly statusDetail = computed(() => {
    const latency = this.latencyMs();
    if (this.connection().lastError?.code === 'removals-held') return 'An Admin decides what was removed';
    return latency !== null && this.connection().status === 'connected'
      ? `Answered in ${latency} ms`
      : this.status().explanation;
  });
  protected readonly error = computed(() => {
    const error = this.connection().lastError;
    if (error === null) return null;
    return {
      short: remedyFor(error.code, error.message).short,
      detail: `${instantText(error.at, 'day', this.clock.now())} · ${error.code}`,
    };
  });
  protected readonly lastTestAge = computed(() => {
    const at = this.connection().lastSuccessfulTestAt;
    return at === null ? 'No test has succeeded yet' : relativeText(at, this.clock.now());
  });
  protected readonly lastRunResult = computed(() => {
    const run = this.lastRun();
    if (run === undefined || this.connection().lastScheduledSyncAt === null) return 'No sync has started yet';
    return resultText(run);
  });
  protected readonly upcoming = computed(() => {
    const at = this.connection().upcomingSyncAt;
    if (at === null) return 'None is planned';
    const time = relativeText(at, this.clock.now());
    if (Date.parse(at) <= this.clock.now()) return 'Due now';
    return this.connection().status === 'error' ? `Retries by itself ${time}` : capitalized(time);
  });
}

function resultText(run: SyncRun): string {
  if (isActive(run)) {
    const how = run.trigger === 'manual' ? 'started manually' : 'scheduled';
    return `${run.status === 'queued' ? 'Waiting' : 'Running now'}, ${how}`;
  }
  if (run.status === 'cancelled') return 'Cancelled';
  const { created, updated, removed } = run.counts;
  const changes = [
    created > 0 ? `${created} created` : '',
    updated > 0 ? `${updated} updated` : '',
    removed > 0 ? `${removed} removed` : '',
  ].filter((text) => text !== '');
  if (run.status === 'failed') {
    return run.startedAt === null || run.finishedAt === null
      ? 'Failed'
      : `Failed after ${durationText(Date.parse(run.finishedAt) - Date.parse(run.startedAt))}`;
  }
  const result = run.status === 'partial' ? 'Partial' : 'Succeeded';
  return `${result}, ${changes.length === 0 ? 'no changes' : changes.join(', ')}`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
