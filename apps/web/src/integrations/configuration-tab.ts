import { Component, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Skeleton } from '../ui/skeleton';
import { ConnectionForm } from './connection-form';
import { IntegrationsClient } from './integrations-client';
import { WebhookSwitch } from './webhook-switch';

/** The settings of the saved connection, or of the first one. */
@Component({
  selector: 'vw-configuration-tab',
  imports: [ConnectionForm, Skeleton, WebhookSwitch],
  template: `
    @if (connection(); as connection) {
      <section class="card"><vw-connection-form [connection]="connection" (saved)="openStatus()" /></section>
      @if (connection.status !== 'not-configured') {
        <section class="card"><vw-webhook-switch [connection]="connection" /></section>
      }
    } @else {
      <vw-skeleton [height]="560" />
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 16px;
    }
    .card {
      overflow: hidden;
    }
  `,
})
export class ConfigurationTab {
  private readonly router = inject(Router);

  protected readonly connection = inject(IntegrationsClient).connection.value;

  protected openStatus(): void {
    void this.router.navigateByUrl('/integrations/mlflow');
  }
}
