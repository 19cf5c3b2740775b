import { Component, computed, ElementRef, inject, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { ConnectionActions } from '../integrations/connection-actions';
import { IntegrationsClient } from '../integrations/integrations-client';
import { Keyboard } from '../shell/keyboard';
import { Session } from '../shell/session';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { FreshnessBanner } from './freshness-banner';
import { InventoryClient } from './inventory-client';
import { TableState } from './table-state';
import { VersionDrawer } from './version-drawer';
import { VersionFilters } from './version-filters';
import { VersionTable } from './version-table';

/** The synced registry, read-only: four cards, how true they are, the table, and a version's details. */
@Component({
  selector: 'vw-mlflow-data-page',
  imports: [
    EmptyState,
    FreshnessBanner,
    Icon,
    LoadFailed,
    MatButton,
    RouterLink,
    Skeleton,
    VersionDrawer,
    VersionFilters,
    VersionTable,
  ],
  providers: [TableState],
  templateUrl: './mlflow-data-page.html',
  styleUrl: './mlflow-data-page.scss',
  host: { '(document:keydown)': 'onKey($event)' },
})
export class MlflowDataPage {
  private readonly client = inject(InventoryClient);
  private readonly keyboard = inject(Keyboard);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly filters = viewChild(VersionFilters);

  protected readonly table = inject(TableState);
  protected readonly actions = inject(ConnectionActions);
  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly connection = inject(IntegrationsClient).connection.value;
  protected readonly summary = this.client.summary;
  protected readonly versions = this.client.versions(this.table.params);
  protected readonly items = computed(() => this.versions.latest()?.items ?? []);
  protected readonly held = computed(() => {
    const stages = this.summary.value()?.stages;
    return stages === undefined ? null : stages.None + stages.Staging + stages.Production + stages.Archived;
  });
  protected readonly heldText = computed(() => counted(this.held() ?? 0, 'version'));
  protected readonly isFiltered = computed(() => this.table.search() !== '' || this.table.stage() !== null);
  protected readonly noMatch = computed(() => {
    const search = this.table.search();
    const stage = this.table.stage();
    return `No versions match${search === '' ? '' : ` “${search}”`}${stage === null ? '' : ` in ${stage}`}`;
  });

  protected refresh(): void {
    this.summary.reload();
    this.versions.reload();
  }

  protected close(): void {
    const id = this.table.openId();
    this.table.open(null);
    // The drawer is gone with the next rendering; its row gets the focus back.
    setTimeout(() => this.host.nativeElement.querySelector<HTMLElement>(`[data-version="${id}"]`)?.focus());
  }

  protected step(by: 1 | -1): void {
    const items = this.items();
    const at = items.findIndex(({ id }) => id === this.table.openId());
    const next = items[at + by];
    if (at >= 0 && next) this.table.open(next.id);
  }

  /** Esc belongs to the field that it is typed in; single keys to the list, whether the drawer is open or not. */
  protected onKey(event: KeyboardEvent): void {
    const inField =
      event.target instanceof HTMLElement && event.target.closest('input, select, [role=menu]') !== null;
    if (event.key === 'Escape' && this.table.openId() !== null && !inField && !event.defaultPrevented) {
      return this.close();
    }
    if (!this.keyboard.accepts(event)) return;
    if (event.key === '/') {
      event.preventDefault();
      this.filters()?.focus();
    }
    if (event.key === 'j' || event.key === 'ArrowDown') this.move(event, 1);
    if (event.key === 'k' || event.key === 'ArrowUp') this.move(event, -1);
  }

  private move(event: KeyboardEvent, by: 1 | -1): void {
    if (this.table.openId() !== null) return this.step(by);
    const links = [...this.host.nativeElement.querySelectorAll<HTMLElement>('[data-version]')];
    const at = links.findIndex((link) => link === document.activeElement);
    // Arrows scroll the page until a row has the focus; the letters always mean the list.
    if (at < 0 && event.key.startsWith('Arrow')) return;
    event.preventDefault();
    links[at < 0 ? 0 : at + by]?.focus();
  }
}
