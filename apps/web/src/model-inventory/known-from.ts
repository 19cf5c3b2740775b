import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { KnownFrom as Known } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { TRIGGER_WORDS } from './sync-triggers';

/** How that is known which is shown as of an instant: the last whole read of MLflow before it. */
@Component({
  selector: 'vw-known-from',
  imports: [Icon, Instant, RouterLink],
  template: `
    @if (known(); as known) {
      <span>
        Known from the
        @if (canOpen()) {
          <a routerLink="/integrations/mlflow" [queryParams]="{ run: known.runId }">{{ words() }}</a>
        } @else {
          {{ words() }}
        }
        that ended <vw-instant class="num" [at]="known.finishedAt" format="full" />.
      </span>
      @if (known.removalHeld) {
        <span class="held">
          <vw-icon name="warning" [size]="14" />It did not see this version; its removal was held back.
        </span>
      }
    } @else {
      <span>No sync had read MLflow whole by then.</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex: 0 0 100%;
      flex-wrap: wrap;
      gap: 2px 12px;
      font: var(--mat-sys-body-small);
    }
    a {
      color: inherit;
      text-decoration: underline;
    }
    .held {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      font-weight: 500;
    }
  `,
})
export class KnownFrom {
  /** Null: before the first whole read had ended. */
  readonly known = input.required<Known | null>();

  protected readonly canOpen = inject(Session).canReadIntegrations;
  protected readonly words = computed(() => TRIGGER_WORDS[this.known()?.trigger ?? 'scheduled']);
}
