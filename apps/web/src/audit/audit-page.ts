import { Component, computed, effect, inject, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { AuditEventPage } from '@vw/shared-contracts';
import { ListWaiting } from '../ui/list-waiting';
import { Session } from '../shell/session';
import { EmptyState } from '../ui/empty-state';
import { LoadFailed } from '../ui/load-failed';
import { problemOf } from '../ui/problem';
import { AuditClient, type TrailActor } from './audit-client';
import { ChainCard } from './chain-card';
import { EventTable } from './event-table';
import { actorWords } from './event-words';
import { ExportMenu } from './export-menu';
import { TrailFilters } from './trail-filters';
import { EVENTS_PER_PAGE, TrailState } from './trail-state';

/** Who did what, whether that is still what was written, and a copy to keep. */
@Component({
  selector: 'vw-audit-page',
  imports: [
    ChainCard,
    EmptyState,
    EventTable,
    ExportMenu,
    ListWaiting,
    LoadFailed,
    MatButton,
    RouterLink,
    TrailFilters,
  ],
  providers: [TrailState],
  templateUrl: './audit-page.html',
  styleUrl: './audit-page.scss',
})
export class AuditPage {
  private readonly client = inject(AuditClient);

  protected readonly trail = inject(TrailState);
  protected readonly isPermitted = inject(Session).canReadTrail;
  protected readonly rows = EVENTS_PER_PAGE;
  protected readonly events = this.client.events(
    computed(() => (this.isPermitted() ? this.trail.params() : undefined)),
  );
  /** The rows stay until the next answer. */
  protected readonly page = computed(() => this.events.latest());
  /** Told by first pages only; the way to a later one carries it. */
  protected readonly total = computed(() => this.events.value()?.total ?? this.trail.total());
  private readonly known = this.client.actors();
  /** Everyone for an Admin; for others, who was met in the trail so far. */
  protected readonly actors = linkedSignal<
    { known: readonly TrailActor[]; page: AuditEventPage | undefined },
    readonly TrailActor[]
  >({
    source: () => ({ known: this.known(), page: this.page() }),
    computation: ({ known, page }, previous) =>
      joined([...known, ...(previous?.value ?? []), ...actorsOf(page)]),
  });
  /** A cursor belongs to the filters that it came with; a link that was changed since has lost its page. */
  private readonly isCursorRefused = computed(
    () => this.trail.cursor() !== null && problemOf(this.events.failure()).code === 'invalid-input',
  );
  protected readonly failure = computed(() => (this.isCursorRefused() ? undefined : this.events.failure()));

  constructor() {
    effect(() => {
      if (this.isCursorRefused()) this.trail.replaceByFirst();
    });
  }
}

function actorsOf(page: AuditEventPage | undefined): TrailActor[] {
  return (page?.items ?? []).flatMap(({ actor }) =>
    actor.id === null ? [] : [{ id: actor.id, name: actorWords(actor).text }],
  );
}

/** The first of each id, by name. */
function joined(actors: readonly TrailActor[]): TrailActor[] {
  const byId = new Map<string, TrailActor>();
  for (const { id, name } of actors) if (!byId.has(id)) byId.set(id, { id, name });
  return [...byId.values()].sort((one, other) => one.name.localeCompare(other.name));
}
