import { Component, computed, DestroyRef, inject, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { Finding } from '@vw/shared-contracts';
import { ListWaiting } from '../ui/list-waiting';
import { pagedList } from '../shell/paged-list';
import { Session } from '../shell/session';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Pager } from '../ui/pager';
import { rangeText } from '../ui/range-text';
import { FindingState } from './finding-state';
import { GovernanceClient } from './governance-client';
import { ENTRY_FIELDS, FINDING_STATUSES, SEVERITIES } from './review-words';
import { SeverityChip } from './severity-chip';
import { WaiverDialog, type WaivedFinding } from './waiver-dialog';

/** Typing pauses this long before it is searched, in milliseconds. */
const TYPING_MS = 250;

/** What the rules found besides reviews: critical first, and each severity from the oldest on. */
@Component({
  selector: 'vw-findings-tab',
  imports: [EmptyState, Icon, Instant, ListWaiting, LoadFailed, MatButton, Pager, RouterLink, SeverityChip],
  providers: [FindingState],
  templateUrl: './findings-tab.html',
  styleUrls: ['../ui/list-filters.scss', './record-table.scss'],
})
export class FindingsTab {
  private readonly client = inject(GovernanceClient);
  private readonly dialog = inject(MatDialog);
  private typing: ReturnType<typeof setTimeout> | undefined;

  protected readonly state = inject(FindingState);
  protected readonly canReview = inject(Session).canReview;
  protected readonly severities = SEVERITIES;
  protected readonly statuses = FINDING_STATUSES;
  protected readonly entryFields = ENTRY_FIELDS;
  protected readonly summary = this.client.summary;
  protected readonly findings = this.client.findings(this.state.params);
  private readonly list = pagedList(this.state, this.findings);
  protected readonly shown = this.list.shown;
  protected readonly failure = this.list.failure;
  protected readonly rules = computed(
    () => this.client.rules.value()?.items.filter(({ requirement }) => requirement === null) ?? [],
  );
  protected readonly range = computed(() => {
    const shown = this.shown();
    if (shown === undefined) return '';
    const { page, firstRow, total } = shown;
    return rangeText({ count: page.items.length, firstRow, total }, 'finding');
  });
  /** As typed: a space before the next word is not taken back when the search without it reaches the URL. */
  protected readonly text = linkedSignal<string, string>({
    source: this.state.search,
    computation: (search, typed) => (typed?.value.trim() === search ? typed.value : search),
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.typing));
  }

  protected titleOf(rule: string): string {
    return this.client.ruleTitles().get(rule) ?? '';
  }

  protected statusOf(finding: Finding): string {
    return FINDING_STATUSES.find(({ status }) => status === finding.status)?.text ?? 'Satisfied';
  }

  protected type(text: string): void {
    this.text.set(text);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.state.setSearch(text.trim()), TYPING_MS);
  }

  protected askForWaiver(finding: Finding): void {
    const data: WaivedFinding = { ...finding, title: this.titleOf(finding.rule) };
    this.dialog.open(WaiverDialog, { data, width: '480px' });
  }
}
