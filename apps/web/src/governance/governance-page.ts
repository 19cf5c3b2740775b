import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Session } from '../shell/session';
import { EmptyState } from '../ui/empty-state';
import { GovernanceClient } from './governance-client';

/** What the rules ask of live versions: the tabs Reviews, Other findings and Waivers. */
@Component({
  selector: 'vw-governance-page',
  imports: [EmptyState, MatButton, RouterLink, RouterLinkActive, RouterOutlet],
  template: `
    <div class="page">
      <h1>Governance gaps</h1>
      @if (isPermitted()) {
        <nav class="tabs" aria-label="Governance">
          @for (tab of tabs; track tab.path) {
            <a
              [routerLink]="tab.path"
              routerLinkActive="on"
              [routerLinkActiveOptions]="{
                paths: 'exact',
                queryParams: 'ignored',
                fragment: 'ignored',
                matrixParams: 'ignored',
              }"
              ariaCurrentWhenActive="page"
              >{{ tab.text }}
              @if (tab.path === '/governance/waivers' && waiting()) {
                <span class="tally num"
                  >{{ waiting()?.toLocaleString('en-US') }}<span class="visually-hidden"> waiting</span></span
                >
              }
            </a>
          }
        </nav>
        <router-outlet />
      } @else {
        <section class="card">
          <vw-empty-state icon="person-lock" heading="Viewers cannot see governance gaps">
            <ng-container ngProjectAs="[text]"
              >You can still see synced models. Ask an Admin for access.</ng-container
            >
            <a matButton="outlined" class="outlined" routerLink="/model-inventory/mlflow"
              >Go to Model Inventory</a
            >
          </vw-empty-state>
        </section>
      }
    </div>
  `,
})
export class GovernancePage {
  protected readonly isPermitted = inject(Session).canReadGovernance;
  protected readonly waiting = inject(GovernanceClient).waiversWaiting;
  protected readonly tabs = [
    { path: '/governance', text: 'Reviews' },
    { path: '/governance/findings', text: 'Other findings' },
    { path: '/governance/waivers', text: 'Waivers' },
  ] as const;
}
