import { Component, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Skeleton } from '../ui/skeleton';
import { ConnectionForm } from './connection-form';
import { IntegrationsClient } from './integrations-client';

/** The settings of the saved connection, or of the first one. */
@Component({
  selector: 'vw-configuration-tab',
  imports: [ConnectionForm, Skeleton],
  template: `
    @if (connection(); as connection) {
      <section class="card"><vw-connection-form [connection]="connection" (saved)="openStatus()" /></section>
    } @else {
      <vw-skeleton [height]="560" />
    }
  `,
  styles: `
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
