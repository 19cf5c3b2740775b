import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AuditEvent } from '@vw/shared-contracts';
import { CopyButton } from '../ui/copy-button';
import { type Fact, factsOf } from './event-facts';
import { actorInFull, objectWords } from './event-words';
import { movedFindings } from './moved-findings';

/** All that one event says: before and after side by side, and its place in the chain. */
@Component({
  selector: 'vw-event-panel',
  imports: [CopyButton, RouterLink],
  templateUrl: './event-panel.html',
  styleUrl: './event-panel.scss',
})
export class EventPanel {
  readonly event = input.required<AuditEvent>();

  private readonly before = computed(() => factsOf(this.event().before));
  private readonly after = computed((): Fact[] => {
    const { action, after } = this.event();
    if (action !== 'findings.moved') return factsOf(after);
    return movedFindings(after).map(({ rule, title, text }) => ({ name: `${rule} ${title}`.trim(), text }));
  });
  protected readonly sides = computed(() => {
    const before = this.before();
    const old = new Map(before.map(({ name, text }) => [name, text]));
    const after = this.after().map((fact) => ({
      ...fact,
      isNew: fact.text !== 'none' && old.get(fact.name) !== fact.text,
    }));
    return [
      { title: 'Before', facts: before.map((fact) => ({ ...fact, isNew: false })) },
      { title: 'After', facts: after },
    ];
  });
  protected readonly seq = computed(() => this.event().seq.toLocaleString('en-US'));
  protected readonly actor = computed(() => actorInFull(this.event().actor));
  protected readonly object = computed(() => objectWords(this.event()));
}
