import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { isActive, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { LiveEvents } from '../shell/live-events';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { ConnectionActions } from './connection-actions';
import { IntegrationsClient } from './integrations-client';
import { MlflowGlyph } from './mlflow-glyph';
import { METHOD_LABELS } from './remedies';
import { StatusChip } from './status-chip';

/** The MLflow integration: its name, its actions, and the tabs Status and Configuration. */
@Component({
  selector: 'vw-mlflow-page',
  imports: [
    Banner,
    EmptyState,
    Icon,
    LoadFailed,
    MatButton,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    MlflowGlyph,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    Skeleton,
    StatusChip,
  ],
  templateUrl: './mlflow-page.html',
  styleUrl: './mlflow-page.scss',
})
export class MlflowPage {
  private readonly session = inject(Session);
  private readonly client = inject(IntegrationsClient);

  protected readonly actions = inject(ConnectionActions);
  protected readonly livePaused = inject(LiveEvents).paused;
  protected readonly isPermitted = this.session.canReadIntegrations;
  protected readonly isAdmin = this.session.isAdmin;
  protected readonly connection = this.client.connection;
  protected readonly workerRuns = this.client.workerRuns;
  /** The form has a Test Connection of its own, for the values in it: two of one name would be one too many. */
  protected readonly isConfiguring = isActive('/integrations/mlflow/configuration', inject(Router), {
    paths: 'subset',
    queryParams: 'ignored',
    fragment: 'ignored',
    matrixParams: 'ignored',
  });
  protected readonly isConfigured = computed(() => {
    const connection = this.connection.value();
    return connection !== undefined && connection.status !== 'not-configured';
  });
  protected readonly method = computed(() => METHOD_LABELS[this.connection.value()?.authMethod ?? 'none']);
  protected readonly tls = computed(() => {
    const connection = this.connection.value();
    if (connection?.trackingServerUrl?.startsWith('https:') !== true) return null;
    return connection.verifyTls ? 'TLS verified' : 'TLS not verified';
  });
}
