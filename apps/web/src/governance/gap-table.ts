import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { GapPage, ReviewedVersion } from '@vw/shared-contracts';
import { StageMark } from '../model-inventory/stage-mark';
import type { Shown } from '../shell/paged-list';
import { Session } from '../shell/session';
import { Clipped } from '../ui/clipped';
import { Clock } from '../ui/clock';
import { Icon } from '../ui/icon';
import { Pager } from '../ui/pager';
import { rangeText } from '../ui/range-text';
import { counted } from '../ui/time-text';
import { GapState } from './gap-state';
import { ReviewMark } from './review-mark';
import { isGap, nameOf } from './review-words';

const DAY_MS = 86_400_000;

/** Versions that lack a review, the longest lacking first; list rows on a phone. */
@Component({
  selector: 'vw-gap-table',
  imports: [Clipped, Icon, Pager, ReviewMark, RouterLink, StageMark],
  templateUrl: './gap-table.html',
  styleUrl: './gap-table.scss',
})
export class GapTable {
  private readonly clock = inject(Clock);

  readonly shown = input.required<Shown<GapPage>>();
  readonly attested = output<ReviewedVersion>();

  protected readonly state = inject(GapState);
  protected readonly canReview = inject(Session).canReview;
  protected readonly nameOf = nameOf;
  protected readonly rows = computed(() =>
    this.shown().page.items.map((version) => ({ version, openFor: this.openFor(version) })),
  );
  protected readonly range = computed(() => {
    const { page, firstRow, total } = this.shown();
    return rangeText({ count: page.items.length, firstRow, total }, 'version');
  });

  /** Of the review that is asked for, where one is; the order of the list is that of the same instants. */
  private openFor({ since, reviews }: ReviewedVersion): { text: string; at: string | null } {
    const asked = reviews.find((one) => one.requirement === this.state.requirement() && isGap(one.state));
    const at = asked?.since ?? since;
    if (at === null) return { text: '', at };
    const days = Math.floor((this.clock.now() - Date.parse(at)) / DAY_MS);
    return { text: days < 1 ? 'Since today' : counted(days, 'day'), at };
  }
}
