import { Component, computed, type ElementRef, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { Attestation, Review, ReviewedVersion } from '@vw/shared-contracts';
import { IntegrationsClient } from '../integrations/integrations-client';
import { ConnectionActions } from '../integrations/connection-actions';
import { FreshnessBanner, isInDoubt } from '../model-inventory/freshness-banner';
import { InventoryClient } from '../model-inventory/inventory-client';
import { ListWaiting } from '../ui/list-waiting';
import { Keyboard } from '../shell/keyboard';
import { pagedList } from '../shell/paged-list';
import { Session } from '../shell/session';
import { Clock } from '../ui/clock';
import { ConnectMlflow } from '../ui/connect-mlflow';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { LoadFailed } from '../ui/load-failed';
import { problemOf } from '../ui/problem';
import { counted, instantText } from '../ui/time-text';
import { AttestDialog } from './attest-dialog';
import { CoverageCards } from './coverage-cards';
import { csvOf, download } from './csv';
import { GapFilters } from './gap-filters';
import { recordsOf } from './gap-records';
import { GapState } from './gap-state';
import { GapTable } from './gap-table';
import { GovernanceClient } from './governance-client';
import { isGap, nameOf } from './review-words';

const SNACK_BAR_MS = 6_000;
const DAY_MS = 86_400_000;

/** How many live versions have each review, and the versions that lack one. */
@Component({
  selector: 'vw-gaps-tab',
  imports: [
    ConnectMlflow,
    CoverageCards,
    EmptyState,
    FreshnessBanner,
    GapFilters,
    GapTable,
    Icon,
    ListWaiting,
    LoadFailed,
    MatButton,
  ],
  providers: [GapState],
  templateUrl: './gaps-tab.html',
  styleUrl: './gaps-tab.scss',
  host: { '(document:keydown)': 'onKey($event)' },
})
export class GapsTab {
  private readonly client = inject(GovernanceClient);
  private readonly dialog = inject(MatDialog);
  private readonly snackBar = inject(MatSnackBar);
  private readonly keyboard = inject(Keyboard);
  private readonly clock = inject(Clock);
  private readonly filters = viewChild(GapFilters);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  protected readonly state = inject(GapState);
  protected readonly actions = inject(ConnectionActions);
  protected readonly isAdmin = inject(Session).isAdmin;
  protected readonly inventory = inject(InventoryClient).summary;
  protected readonly summary = this.client.summary;
  protected readonly gaps = this.client.gaps(this.state.params);
  private readonly list = pagedList(this.state, this.gaps);
  protected readonly shown = this.list.shown;
  protected readonly failure = this.list.failure;
  protected readonly exporting = signal(false);

  private readonly connection = inject(IntegrationsClient).connection;
  protected readonly upcomingSyncAt = computed(() => this.connection.value()?.upcomingSyncAt ?? null);
  protected readonly isInDoubt = computed(() => {
    const inventory = this.inventory.value();
    return inventory !== undefined && isInDoubt(inventory, this.clock.now());
  });
  protected readonly isNotConnected = computed(
    () => this.inventory.value()?.configured === false && this.summary.value()?.live === 0,
  );
  protected readonly asOf = computed(() => {
    const summary = this.summary.value();
    if (summary === undefined) return '';
    return summary.evaluatedAt === null ? 'Not evaluated yet.' : this.asOfText(summary.evaluatedAt);
  });
  protected readonly unknown = computed(() =>
    Math.max(0, ...(this.summary.value()?.requirements.map((one) => one.unknown) ?? [])),
  );
  protected readonly stages = computed(() => this.firstPage()?.stages ?? null);
  protected readonly sum = computed(() => {
    const page = this.firstPage();
    if (page === undefined || page.total === null || page.gaps === null) return '';
    return `${counted(page.gaps, 'gap')} in ${counted(page.total, 'version')}`;
  });
  protected readonly noMatch = computed(() => {
    const { search, stage, requirement } = this.state;
    const review = requirement();
    const searched = search() === '' ? '' : ` match “${search()}”`;
    const verb = search() === '' && review === null ? ' match' : '';
    const of = review === null ? '' : ` without a ${nameOf(review).toLowerCase()}`;
    return `No versions${verb}${searched}${stage() === null ? '' : ` in ${stage()}`}${of}`;
  });
  /** Counts stand on the first page only; behind it, on the way from there, they are those of the way. */
  private readonly firstPage = computed(() => {
    const page = this.shown()?.page;
    return page?.total === null ? undefined : page;
  });

  protected attest(version: ReviewedVersion): void {
    this.dialog
      .open<AttestDialog, ReviewedVersion, Attestation>(AttestDialog, {
        ...{ data: version, width: '520px', autoFocus: '#attest-evidence' },
      })
      .afterClosed()
      .subscribe((signed) => setTimeout(() => this.returnFocus(version, signed)));
  }

  protected async exportCsv(): Promise<void> {
    this.exporting.set(true);
    try {
      const versions = await this.client.everyGap(this.state.filters());
      download(`governance-gaps-${new Date().toISOString().slice(0, 10)}.csv`, csvOf(recordsOf(versions)));
    } catch (error) {
      // No file was made; the person learns why.
      this.snackBar.open(`Nothing was exported. ${problemOf(error).detail}`, undefined, {
        duration: SNACK_BAR_MS,
      });
    } finally {
      this.exporting.set(false);
    }
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key !== '/' || !this.keyboard.accepts(event) || this.dialog.openDialogs.length > 0) return;
    event.preventDefault();
    this.filters()?.focus();
  }

  private asOfText(at: string): string {
    const now = this.clock.now();
    return `Data as of ${instantText(at, now - Date.parse(at) < DAY_MS ? 'time' : 'day', now)}.`;
  }

  /** A row without any further gap goes with the next reading: then the heading of the list is the nearest place. */
  private returnFocus({ versionId, reviews }: ReviewedVersion, signed: Attestation | undefined): void {
    const asked = this.state.requirement();
    const closes = (review: Review) =>
      signed?.requirement === review.requirement && signed.result === 'passed' && signed.independent;
    const stays = reviews.some(
      (review) => isGap(review.state) && !closes(review) && (asked === null || asked === review.requirement),
    );
    const row = document.querySelector<HTMLElement>(`[data-attest="${versionId}"]`);
    (stays ? row : this.heading()?.nativeElement)?.focus();
  }
}
