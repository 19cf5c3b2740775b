import { Component, computed, input } from '@angular/core';
import type { ConnectionStatus } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { STATUS_LABELS } from './remedies';

@Component({
  selector: 'vw-status-chip',
  imports: [Icon],
  template: `<span class="chip" [class]="label().tone"
    ><vw-icon [name]="label().icon" [size]="14" />{{ label().text }}</span
  >`,
  styles: ':host { display: inline-flex; flex: none; }',
})
export class StatusChip {
  readonly status = input.required<ConnectionStatus>();

  protected readonly label = computed(() => STATUS_LABELS[this.status()]);
}
