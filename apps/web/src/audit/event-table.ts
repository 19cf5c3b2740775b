import { Component, computed, inject, input } from '@angular/core';
import type { AuditEvent, AuditEventPage } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { Pager } from '../ui/pager';
import { eventDetails } from './event-details';
import { EventPanel } from './event-panel';
import { actionWords, actorWords, objectWords, shortHash } from './event-words';
import { TrailState } from './trail-state';

/** One page of the trail, newest first; a row opens in place. List rows on a phone. */
@Component({
  selector: 'vw-event-table',
  imports: [EventPanel, Icon, Instant, Pager],
  templateUrl: './event-table.html',
  styleUrl: './event-table.scss',
})
export class EventTable {
  readonly page = input.required<AuditEventPage>();

  protected readonly trail = inject(TrailState);
  protected readonly rows = computed(() => this.page().items.map(rowOf));
  protected readonly range = computed(() => rangeText(this.page().items));
  /** The URL may ask for an event that is not on this page, or that somebody deleted. */
  protected readonly missing = computed(() => {
    const seq = this.trail.openSeq();
    return seq === null || this.page().items.some((event) => event.seq === seq)
      ? null
      : seq.toLocaleString('en-US');
  });

  protected toggle(seq: number): void {
    this.trail.open(this.trail.openSeq() === seq ? null : seq);
  }
}

function rowOf(event: AuditEvent) {
  const { kind, name } = objectWords(event);
  return {
    event,
    actor: actorWords(event.actor),
    action: actionWords(event.action),
    object: name ?? kind,
    details: eventDetails(event),
    hash: shortHash(event.hash),
  };
}

function rangeText(events: readonly AuditEvent[]): string {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return 'No events on this page';
  const numbers = [...new Set([first.seq, last.seq])].map((seq) => seq.toLocaleString('en-US'));
  return numbers.length === 1 ? `Event ${numbers[0]}` : `Events ${numbers.join(' to ')}`;
}
