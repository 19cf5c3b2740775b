import { Component, input } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icon-paths';

/** One line across the page: what is the matter, and at its end what to do. */
@Component({
  selector: 'vw-banner',
  imports: [Icon],
  template: `
    <vw-icon [name]="icon()" [class]="iconTone()" />
    <span class="text"><ng-content /></span>
    <ng-content select="[action]" />
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 10px;
      padding: 10px 12px 10px 16px;
      border-radius: 10px;
      min-height: 40px;
      background: color-mix(in srgb, var(--mat-sys-on-surface) 4%, transparent);
    }
    :host(.warning) {
      background: var(--vw-warn-bg);
      color: var(--vw-on-warn);
    }
    :host(.error) {
      background: var(--vw-err-bg);
      color: var(--vw-on-err);
    }
    .text {
      flex: 1;
      min-width: 0;
    }
  `,
  host: { '[class]': 'tone()' },
})
export class Banner {
  readonly icon = input.required<IconName>();
  readonly tone = input<'neutral' | 'warning' | 'error'>('neutral');
  readonly iconTone = input('');
}
