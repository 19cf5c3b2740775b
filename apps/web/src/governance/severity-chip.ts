import { Component, computed, input } from '@angular/core';
import type { Severity } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { SEVERITIES } from './review-words';

@Component({
  selector: 'vw-severity-chip',
  imports: [Icon],
  template: `
    @if (words(); as words) {
      <span class="chip" [class]="words.tone"
        ><vw-icon [name]="words.icon" [size]="14" />{{ words.text }}</span
      >
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
  `,
})
export class SeverityChip {
  readonly severity = input.required<Severity>();

  protected readonly words = computed(() => SEVERITIES.find(({ severity }) => severity === this.severity()));
}
