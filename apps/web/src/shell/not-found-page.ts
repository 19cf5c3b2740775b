import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../ui/empty-state';

@Component({
  selector: 'vw-not-found-page',
  imports: [EmptyState, MatButton, RouterLink],
  template: `
    <vw-empty-state icon="search-off" heading="There is no such page">
      <ng-container ngProjectAs="[text]">The address may be mistyped, or the page was moved.</ng-container>
      <a matButton="outlined" class="outlined" routerLink="/model-inventory/mlflow">Go to Model Inventory</a>
    </vw-empty-state>
  `,
})
export class NotFoundPage {}
