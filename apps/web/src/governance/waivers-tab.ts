import { Component, computed, inject, signal } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { RouterLink } from '@angular/router';
import type { Waiver } from '@vw/shared-contracts';
import { ListWaiting } from '../ui/list-waiting';
import { pagedList } from '../shell/paged-list';
import { Session } from '../shell/session';
import { Clock } from '../ui/clock';
import { Confirmation } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { problemOf } from '../ui/problem';
import { rangeText } from '../ui/range-text';
import { GovernanceClient } from './governance-client';
import { WaiverState } from './waiver-state';

const SNACK_BAR_MS = 6_000;

interface WaiverRow {
  waiver: Waiver;
  title: string;
  state: { text: string; tone: string; icon: IconName };
  /** Approving is for somebody else than whoever asked. */
  isOwn: boolean;
  isWaiting: boolean;
}

/** Waivers asked for, the newest first, and the word of somebody else that they are granted. */
@Component({
  selector: 'vw-waivers-tab',
  imports: [EmptyState, Icon, Instant, ListWaiting, LoadFailed, Pager, RouterLink],
  providers: [WaiverState],
  templateUrl: './waivers-tab.html',
  styleUrls: ['./record-table.scss'],
})
export class WaiversTab {
  private readonly client = inject(GovernanceClient);
  private readonly session = inject(Session);
  private readonly clock = inject(Clock);
  private readonly confirmation = inject(Confirmation);
  private readonly snackBar = inject(MatSnackBar);

  protected readonly state = inject(WaiverState);
  protected readonly canReview = this.session.canReview;
  protected readonly waivers = this.client.waivers(this.state.params);
  private readonly list = pagedList(this.state, this.waivers);
  protected readonly shown = this.list.shown;
  protected readonly failure = this.list.failure;
  protected readonly approving = signal<string | null>(null);
  private readonly titles = computed(
    () => new Map(this.client.rules.value()?.items.map(({ id, title }) => [id, title])),
  );
  protected readonly rows = computed(
    () => this.shown()?.page.items.map((waiver) => this.rowOf(waiver)) ?? [],
  );
  protected readonly range = computed(() => {
    const shown = this.shown();
    if (shown === undefined) return '';
    const { page, firstRow, total } = shown;
    return rangeText({ count: page.items.length, firstRow, total }, 'waiver');
  });

  protected async approve({ waiver, title }: WaiverRow): Promise<void> {
    const agreed = await this.confirmation.confirm({
      title: 'Approve this waiver?',
      text:
        `${waiver.modelName} v${waiver.version}: ${title} is accepted until ${waiver.endsAt.slice(0, 10)}. ` +
        'Your name and the time go into the audit trail.',
      confirm: 'Approve waiver',
    });
    if (!agreed) return;
    this.approving.set(waiver.id);
    const problem = await this.client.approveWaiver(waiver.id).then(() => null, problemOf);
    this.approving.set(null);
    // Approved or ended meanwhile: the list shows it.
    this.snackBar.open(problem?.detail ?? 'Waiver approved.', undefined, { duration: SNACK_BAR_MS });
    this.waivers.reload();
  }

  private rowOf(waiver: Waiver): WaiverRow {
    const hasEnded = Date.parse(waiver.endsAt) <= this.clock.now();
    return {
      waiver,
      title: this.titles().get(waiver.rule) ?? '',
      state: stateOf(waiver, hasEnded),
      isOwn: waiver.requesterId === (this.session.me()?.id ?? null),
      isWaiting: waiver.approvedAt === null && !hasEnded,
    };
  }
}

function stateOf({ approvedAt }: Waiver, hasEnded: boolean): WaiverRow['state'] {
  if (hasEnded) return { text: approvedAt === null ? 'Never approved' : 'Ended', tone: '', icon: 'clock' };
  return approvedAt === null
    ? { text: 'Waiting', tone: 'warning', icon: 'hourglass' }
    : { text: 'Approved', tone: 'ok', icon: 'check-circle' };
}
