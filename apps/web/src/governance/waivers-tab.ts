import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import { RouterLink } from '@angular/router';
import type { Waiver } from '@vw/shared-contracts';
import { firstValueFrom } from 'rxjs';
import { ListWaiting } from '../ui/list-waiting';
import { pagedList } from '../shell/paged-list';
import { Session } from '../shell/session';
import { Clock } from '../ui/clock';
import { Confirmation } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { problemOf } from '../ui/problem';
import { rangeText } from '../ui/range-text';
import { instantText } from '../ui/time-text';
import { GovernanceClient } from './governance-client';
import { RefuseDialog } from './refuse-dialog';
import { type StateWords, waiverState } from './review-words';
import { WaiverState } from './waiver-state';

const SNACK_BAR_MS = 6_000;

type Answer = 'Approve' | 'Refuse' | 'Withdraw';

interface WaiverRow {
  waiver: Waiver;
  title: string;
  state: StateWords;
  /** `G09 for credit-risk-pd version 7`, for the names of buttons. */
  what: string;
  /** What this person may say to it. */
  answers: readonly Answer[];
  /** Waits for somebody else than this person. */
  waitsForOthers: boolean;
}

/** Waivers asked for, the newest first; the word of somebody else that they are granted or refused; the way to take them back. */
@Component({
  selector: 'vw-waivers-tab',
  imports: [EmptyState, Icon, Instant, ListWaiting, LoadFailed, MatButton, Pager, RouterLink],
  providers: [WaiverState],
  templateUrl: './waivers-tab.html',
  styleUrls: ['./record-table.scss'],
})
export class WaiversTab {
  private readonly client = inject(GovernanceClient);
  private readonly session = inject(Session);
  private readonly clock = inject(Clock);
  private readonly confirmation = inject(Confirmation);
  private readonly dialog = inject(MatDialog);
  private readonly snackBar = inject(MatSnackBar);

  protected readonly state = inject(WaiverState);
  protected readonly waivers = this.client.waivers(this.state.params);
  private readonly list = pagedList(this.state, this.waivers);
  protected readonly shown = this.list.shown;
  protected readonly failure = this.list.failure;
  /** The waiver that is moved just now. */
  protected readonly moving = signal<string | null>(null);
  protected readonly rows = computed(
    () => this.shown()?.page.items.map((waiver) => this.rowOf(waiver)) ?? [],
  );
  protected readonly range = computed(() => {
    const shown = this.shown();
    if (shown === undefined) return '';
    const { page, firstRow, total } = shown;
    return rangeText({ count: page.items.length, firstRow, total }, 'waiver');
  });

  protected give(answer: Answer, row: WaiverRow): Promise<void> {
    switch (answer) {
      case 'Approve':
        return this.approve(row);
      case 'Refuse':
        return this.refuse(row);
      case 'Withdraw':
        return this.withdraw(row);
    }
  }

  private async approve({ waiver, title }: WaiverRow): Promise<void> {
    const agreed = await this.confirmation.confirm({
      title: 'Approve this waiver?',
      text:
        `${waiver.modelName} v${waiver.version}: ${title} is accepted until ${this.dayOf(waiver.endsAt)}. ` +
        'Your name and the time go into the audit trail.',
      confirm: 'Approve waiver',
    });
    if (agreed) await this.move(waiver, () => this.client.approveWaiver(waiver.id), 'Waiver approved.');
  }

  private async refuse({ waiver }: WaiverRow): Promise<void> {
    const dialog = this.dialog.open<RefuseDialog, Waiver, true>(RefuseDialog, {
      data: waiver,
      width: '480px',
    });
    if (await firstValueFrom(dialog.afterClosed())) this.tell('Waiver refused.');
  }

  private async withdraw({ waiver, title }: WaiverRow): Promise<void> {
    const agreed = await this.confirmation.confirm({
      title: 'Withdraw this waiver?',
      text:
        `${waiver.modelName} v${waiver.version}: ${title}. ` +
        (waiver.status === 'approved'
          ? 'The finding is open again at once.'
          : 'Nobody can approve it any more.'),
      confirm: 'Withdraw waiver',
    });
    if (agreed) await this.move(waiver, () => this.client.withdrawWaiver(waiver.id), 'Waiver withdrawn.');
  }

  private async move({ id }: Waiver, act: () => Promise<Waiver>, done: string): Promise<void> {
    this.moving.set(id);
    const problem = await act().then(() => null, problemOf);
    this.moving.set(null);
    // Answered or ended meanwhile: the list shows it.
    this.tell(problem?.detail ?? done);
  }

  private tell(text: string): void {
    this.snackBar.open(text, undefined, { duration: SNACK_BAR_MS });
    this.waivers.reload();
  }

  private dayOf(at: string): string {
    return instantText(at, 'date', this.clock.now());
  }

  private rowOf(waiver: Waiver): WaiverRow {
    const hasEnded = Date.parse(waiver.endsAt) <= this.clock.now();
    const isOwn = waiver.requesterId === (this.session.me()?.id ?? null);
    const isWaiting = waiver.status === 'requested' && !hasEnded && this.session.canReview();
    const isApproved = waiver.status === 'approved' && !hasEnded && this.session.canReview();
    const canWithdraw = (isWaiting && isOwn) || (isApproved && (isOwn || this.session.isAdmin()));
    return {
      waiver,
      title: this.client.ruleTitles().get(waiver.rule) ?? '',
      state: waiverState(waiver, this.clock.now()),
      what: `${waiver.rule} for ${waiver.modelName} version ${waiver.version}`,
      answers: isWaiting && !isOwn ? ['Approve', 'Refuse'] : canWithdraw ? ['Withdraw'] : [],
      waitsForOthers: isWaiting && isOwn,
    };
  }
}
