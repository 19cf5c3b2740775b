import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Session } from '../shell/session';

/** The people and keys of the organization, for Admins; everyone's own password. */
@Component({
  selector: 'vw-settings-page',
  imports: [RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <div class="page">
      <h1>Settings</h1>
      <nav class="tabs" aria-label="Settings">
        @for (tab of isAdmin() ? [...adminTabs, ...tabs] : tabs; track tab.path) {
          <a [routerLink]="tab.path" routerLinkActive="on" ariaCurrentWhenActive="page">{{ tab.text }}</a>
        }
      </nav>
      <router-outlet />
    </div>
  `,
})
export class SettingsPage {
  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly adminTabs = [
    { path: '/settings/people', text: 'People' },
    { path: '/settings/api-keys', text: 'API keys' },
  ];
  protected readonly tabs = [{ path: '/settings/password', text: 'Password' }];
}
