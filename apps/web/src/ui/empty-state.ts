import { Component, input } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icon-paths';

/** Nothing to show, and what to do about it: the actions are its content. */
@Component({
  selector: 'vw-empty-state',
  imports: [Icon],
  template: `
    <span class="badge" [class]="tone()"><vw-icon [name]="icon()" [size]="24" /></span>
    <h2 class="title">{{ heading() }}</h2>
    <p class="muted text"><ng-content select="[text]" /></p>
    <div class="actions"><ng-content /></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      text-align: center;
      gap: 4px;
      padding: 40px 24px;
      min-height: 240px;
    }
    .badge {
      width: 44px;
      height: 44px;
      border-radius: 12px;
      display: grid;
      place-items: center;
      margin-bottom: 8px;
      background: color-mix(in srgb, var(--mat-sys-on-surface) 6%, transparent);
      color: var(--mat-sys-on-surface-variant);
    }
    .badge.info {
      background: var(--vw-info-bg);
      color: var(--vw-on-info);
    }
    .badge.error {
      background: var(--vw-err-bg);
      color: var(--vw-on-err);
    }
    .title {
      font: 600 14px / 20px var(--vw-sans);
      overflow-wrap: anywhere;
    }
    .text {
      max-width: 42ch;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
      margin-top: 12px;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
  readonly tone = input<'neutral' | 'info' | 'error'>('neutral');
}
