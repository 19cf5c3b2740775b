import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { Session } from '../shell/session';
import { EmptyState } from '../ui/empty-state';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { ConnectionForm } from './connection-form';
import { IntegrationsClient } from './integrations-client';
import { MlflowGlyph } from './mlflow-glyph';
import { StatusChip } from './status-chip';

/** The cards of the tools that VerifyWise can be connected to; there is one. */
@Component({
  selector: 'vw-integrations-page',
  imports: [ConnectionForm, EmptyState, LoadFailed, MatButton, MlflowGlyph, RouterLink, Skeleton, StatusChip],
  templateUrl: './integrations-page.html',
  styleUrl: './integrations-page.scss',
})
export class IntegrationsPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  protected readonly connection = inject(IntegrationsClient).connection;
  protected readonly isPermitted = this.session.canReadIntegrations;
  protected readonly isAdmin = this.session.isAdmin;

  protected openStatus(): void {
    void this.router.navigateByUrl('/integrations/mlflow');
  }
}
