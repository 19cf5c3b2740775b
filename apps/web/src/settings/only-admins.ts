import { Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../ui/empty-state';

/** In place of a tab that this person may not open. */
@Component({
  selector: 'vw-only-admins',
  imports: [EmptyState, MatButton, RouterLink],
  template: `
    <section class="card">
      <vw-empty-state icon="person-lock" heading="Only Admins can manage people and API keys">
        <ng-container ngProjectAs="[text]">You can change your own password here.</ng-container>
        <a matButton="outlined" class="outlined" routerLink="/settings/password">Change password</a>
      </vw-empty-state>
    </section>
  `,
})
export class OnlyAdmins {}
