import { Component, computed, inject, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { problemOf } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { IntegrationsClient } from './integrations-client';
import { RunChanges } from './run-changes';

/** The sync that a link asks for, from the audit trail for example, however far down the history it stands. */
@Component({
  selector: 'vw-asked-run',
  imports: [Icon, Instant, LoadFailed, MatIconButton, RouterLink, RunChanges, Skeleton],
  template: `
    <section class="card" aria-labelledby="asked-title">
      <div class="head">
        <h2 id="asked-title">
          @if (run.value(); as value) {
            Sync of
            <vw-instant [at]="value.startedAt ?? value.requestedAt" format="full" />
          } @else {
            Sync
          }
        </h2>
        @if (run.value(); as value) {
          <span class="muted">{{ value.trigger }}, {{ value.status }}</span>
        }
        <span class="spacer"></span>
        <a
          matIconButton
          aria-label="Close this sync"
          [routerLink]="[]"
          [queryParams]="{ run: null }"
          queryParamsHandling="merge"
        >
          <vw-icon name="close" [size]="20" />
        </a>
      </div>
      @if (isUnknown()) {
        <p class="muted">There is no such sync. Its link may be mistyped.</p>
      } @else if (run.failure(); as failure) {
        <vw-load-failed heading="The sync could not be loaded" [error]="failure" (retry)="run.reload()" />
      } @else if (run.value(); as value) {
        <vw-run-changes [run]="value" />
      } @else {
        <vw-skeleton width="60%" />
      }
    </section>
  `,
  styles: `
    .card {
      padding: 8px 12px 16px 20px;
    }
    .head {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 40px;
    }
  `,
})
export class AskedRun {
  readonly id = input.required<string>();

  protected readonly run = inject(IntegrationsClient).run(this.id);
  protected readonly isUnknown = computed(() => problemOf(this.run.failure()).status === 404);
}
