import { Component, computed, effect, ElementRef, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { ConnectionActions } from '../integrations/connection-actions';
import { IntegrationsClient } from '../integrations/integrations-client';
import { Keyboard } from '../shell/keyboard';
import { pagedList } from '../shell/paged-list';
import { Session } from '../shell/session';
import { ConnectMlflow } from '../ui/connect-mlflow';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { FreshnessBanner } from './freshness-banner';
import { InventoryClient } from './inventory-client';
import { ListWaiting } from '../ui/list-waiting';
import { NothingSynced } from './nothing-synced';
import { heldVersions } from './stages';
import { SummaryCards } from './summary-cards';
import { type GapFilter, TableState } from './table-state';
import { VersionDrawer } from './version-drawer';
import { VersionFilters } from './version-filters';
import { VersionTable } from './version-table';

const GAP_TEXTS: Record<GapFilter, string> = {
  any: 'with governance gaps',
  'bias-assessment': 'without a bias assessment',
  'security-review': 'without a security review',
  'privacy-evaluation': 'without a privacy evaluation',
};

/** The synced registry, read-only: four cards, how true they are, the table, and a version's details. */
@Component({
  selector: 'vw-mlflow-data-page',
  imports: [
    ConnectMlflow,
    EmptyState,
    FreshnessBanner,
    Icon,
    ListWaiting,
    LoadFailed,
    MatButton,
    NothingSynced,
    Skeleton,
    SummaryCards,
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
  private readonly integrations = inject(IntegrationsClient);
  private readonly keyboard = inject(Keyboard);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly filters = viewChild(VersionFilters);
  private readonly drawer = viewChild(VersionDrawer);
  /** Opened by C: compared as soon as its other versions are known. */
  private readonly awaitedId = signal<string | null>(null);

  protected readonly table = inject(TableState);
  protected readonly actions = inject(ConnectionActions);
  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly workerRuns = this.integrations.workerRuns;
  protected readonly upcomingSyncAt = computed(
    () => this.integrations.connection.value()?.upcomingSyncAt ?? null,
  );
  protected readonly summary = this.client.summary;
  protected readonly versions = this.client.versions(this.table.params);
  private readonly list = pagedList(this.table, this.versions);
  protected readonly shown = this.list.shown;
  protected readonly failure = this.list.failure;
  protected readonly exportUrl = computed(() => this.client.csvUrl(this.table.params()));
  protected readonly items = computed(() => this.shown()?.page.items ?? []);
  protected readonly openAt = computed(() => this.items().findIndex(({ id }) => id === this.table.openId()));
  protected readonly held = computed(() => {
    const summary = this.summary.value();
    return summary === undefined ? null : heldVersions(summary);
  });
  protected readonly heldText = computed(() => this.held()?.toLocaleString('en-US'));
  protected readonly expectedRows = computed(() =>
    Math.min(this.table.rows(), Math.max(1, this.held() ?? Infinity)),
  );
  protected readonly isFiltered = computed(
    () =>
      this.table.search() !== '' ||
      this.table.stage() !== null ||
      this.table.gap() !== null ||
      this.table.removed(),
  );
  /** Nothing to list, whatever the filters; what to do about it stands in the place of the list. */
  protected readonly isEmpty = computed(() => this.held() === 0 && !this.isFiltered());
  protected readonly noMatch = computed(() => {
    const search = this.table.search();
    const stage = this.table.stage();
    const gap = this.table.gap();
    if (search === '' && stage === null && gap === null) return 'No versions, removed ones included';
    const of = gap === null ? '' : ` ${GAP_TEXTS[gap]}`;
    const searched = search === '' ? '' : ` match “${search}”`;
    const verb = search === '' && gap === null ? ' match' : '';
    return `No versions${verb}${searched}${stage === null ? '' : ` in ${stage}`}${of}`;
  });

  constructor() {
    effect(() => this.compareAwaited());
  }

  protected refresh(): void {
    this.summary.reload();
    this.versions.reload();
  }

  protected close(): void {
    const id = this.table.openId();
    this.awaitedId.set(null);
    this.table.open(null);
    // The drawer is gone with the next rendering; its row gets the focus back.
    setTimeout(() => this.host.nativeElement.querySelector<HTMLElement>(`[data-version="${id}"]`)?.focus());
  }

  protected step(by: 1 | -1): void {
    const at = this.openAt();
    const next = this.items()[at + by];
    if (at < 0 || !next) return;
    this.awaitedId.set(null);
    this.table.open(next.id);
  }

  /**
   * Esc belongs to the field that it is typed in, then to the comparison, then to the drawer; single keys to the list, whether the drawer
   * is open or not.
   */
  protected onKey(event: KeyboardEvent): void {
    const inField =
      event.target instanceof HTMLElement && event.target.closest('input, select, [role=menu]') !== null;
    if (event.key === 'Escape' && this.table.openId() !== null && !inField && !event.defaultPrevented) {
      return this.table.compareId() === null ? this.close() : this.drawer()?.endCompare();
    }
    if (!this.keyboard.accepts(event)) return;
    if (event.key === '/') {
      event.preventDefault();
      this.filters()?.focus();
    }
    if (event.key === 'c') this.compare();
    if (event.key === 'j' || event.key === 'ArrowDown') this.move(event, 1);
    if (event.key === 'k' || event.key === 'ArrowUp') this.move(event, -1);
  }

  protected enterList(): void {
    this.links()[0]?.focus();
  }

  private compare(): void {
    if (this.table.openId() !== null) return this.drawer()?.toggleCompare();
    const id = this.links().find((link) => link === document.activeElement)?.dataset['version'];
    if (id === undefined) return;
    this.awaitedId.set(id);
    this.table.open(id);
  }

  private compareAwaited(): void {
    const drawer = this.drawer();
    if (this.awaitedId() === null || this.awaitedId() !== this.table.openId() || !drawer?.canCompare())
      return;
    this.awaitedId.set(null);
    drawer.toggleCompare();
  }

  private links(): HTMLElement[] {
    return [...this.host.nativeElement.querySelectorAll<HTMLElement>('[data-version]')];
  }

  private move(event: KeyboardEvent, by: 1 | -1): void {
    if (this.table.openId() !== null) return this.step(by);
    const links = this.links();
    const at = links.findIndex((link) => link === document.activeElement);
    // Arrows scroll the page until a row has the focus; the letters always mean the list.
    if (at < 0 && event.key.startsWith('Arrow')) return;
    event.preventDefault();
    links[at < 0 ? 0 : at + by]?.focus();
  }
}
