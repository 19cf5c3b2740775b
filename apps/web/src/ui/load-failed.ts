import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { EmptyState } from './empty-state';
import { Icon } from './icon';
import { problemOf } from './problem';

/** A page or part that could not be loaded, with the reference that finds the failure in the log. */
@Component({
  selector: 'vw-load-failed',
  imports: [EmptyState, Icon, MatButton],
  template: `
    <vw-empty-state role="alert" icon="cloud-off" tone="error" [heading]="heading()">
      <ng-container ngProjectAs="[text]">
        {{ problem().detail }}
        @if (problem().reference; as reference) {
          Reference <span class="mono">{{ reference }}</span>
        }
      </ng-container>
      <button matButton="outlined" class="outlined" type="button" (click)="retry.emit()">
        <vw-icon matButtonIcon name="refresh" />Try again
      </button>
    </vw-empty-state>
  `,
})
export class LoadFailed {
  readonly heading = input.required<string>();
  readonly error = input.required<unknown>();
  readonly retry = output();

  protected readonly problem = computed(() => problemOf(this.error()));
}
