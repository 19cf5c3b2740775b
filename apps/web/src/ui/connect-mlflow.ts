import { Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from './empty-state';

/** Nothing is connected yet, and the way to connect it for those who may. */
@Component({
  selector: 'vw-connect-mlflow',
  imports: [EmptyState, MatButton, RouterLink],
  template: `
    <vw-empty-state icon="hub" tone="info" heading="Connect MLflow to fill your inventory">
      <ng-container ngProjectAs="[text]">
        Models, versions and training evidence appear here by themselves, once an hour.
        @if (!canSetUp()) {
          An Admin can connect it.
        }
      </ng-container>
      @if (canSetUp()) {
        <a matButton="filled" routerLink="/integrations/mlflow/configuration">Set up MLflow</a>
      }
    </vw-empty-state>
  `,
})
export class ConnectMlflow {
  readonly canSetUp = input.required<boolean>();
}
