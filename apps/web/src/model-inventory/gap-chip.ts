import { Component, computed, input } from '@angular/core';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { counted } from '../ui/time-text';

interface Chip {
  text: string;
  tone: '' | 'ok' | 'warning';
  icon: IconName;
}

/** How many reviews a version lacks, in a word. What is not known is never none. */
@Component({
  selector: 'vw-gap-chip',
  imports: [Icon],
  template: `
    @if (chip(); as chip) {
      <span class="chip" [class]="chip.tone"><vw-icon [name]="chip.icon" [size]="14" />{{ chip.text }}</span>
    } @else {
      <span class="small muted">Not required</span>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
    .chip {
      height: 22px;
    }
  `,
})
export class GapChip {
  readonly openGaps = input.required<number | null>();
  /** Live, and not removed: only then are reviews asked for. */
  readonly required = input.required<boolean>();

  protected readonly chip = computed<Chip | null>(() => {
    const gaps = this.openGaps();
    if (!this.required()) return null;
    if (gaps === null) return { text: 'Unknown', tone: '', icon: 'error-outline' };
    return gaps === 0
      ? { text: 'No gaps', tone: 'ok', icon: 'check-circle' }
      : { text: counted(gaps, 'gap'), tone: 'warning', icon: 'warning' };
  });
}
