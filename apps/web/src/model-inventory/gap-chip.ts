import { booleanAttribute, Component, computed, input } from '@angular/core';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { counted } from '../ui/time-text';

interface Chip {
  text: string;
  /** What the word means, in the tooltip. */
  title: string;
  tone: '' | 'ok' | 'warning';
  icon: IconName;
}

/** How many reviews a version lacks, in a word. What is not known is never none. */
@Component({
  selector: 'vw-gap-chip',
  imports: [Icon],
  template: `
    @if (headed()) {
      <span class="visually-hidden">Governance: </span>
    }
    @if (chip(); as chip) {
      <span class="chip" [class]="chip.tone" [title]="chip.title"
        ><vw-icon [name]="chip.icon" [size]="14" />{{ chip.text }}</span
      >
    } @else {
      <span class="small muted" title="Governance: reviews are required of live versions only"
        >Not required</span
      >
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
  /** Says for screen readers what the word is about, where no heading does. */
  readonly headed = input(false, { transform: booleanAttribute });

  protected readonly chip = computed<Chip | null>(() => {
    const gaps = this.openGaps();
    if (!this.required()) return null;
    if (gaps === null) {
      const title = 'Governance: not every review could be judged yet';
      return { text: 'Unknown', title, tone: '', icon: 'error-outline' };
    }
    if (gaps === 0) {
      const title = 'Governance: every required review is there';
      return { text: 'No gaps', title, tone: 'ok', icon: 'check-circle' };
    }
    const title = `Governance: ${counted(gaps, 'required review')} missing, failed or expired`;
    return { text: counted(gaps, 'gap'), title, tone: 'warning', icon: 'warning' };
  });
}
