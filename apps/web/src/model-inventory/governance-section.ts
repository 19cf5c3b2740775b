import { Component, computed, type ElementRef, inject, input, linkedSignal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type {
  Finding,
  FindingStatus,
  ModelVersionDetail,
  Requirement,
  Review,
  ReviewState,
  Waiver,
} from '@vw/shared-contracts';
import { AttestForm, type Reviewed } from '../governance/attest-form';
import { EntryCard } from '../governance/entry-card';
import { GovernanceClient } from '../governance/governance-client';
import {
  FINDING_STATUSES,
  GATE_VERDICTS,
  isGap,
  nameOf,
  REQUIREMENTS,
  REVIEW_RULES,
  STATES,
  type StateWords,
  waiverState,
} from '../governance/review-words';
import { SeverityChip } from '../governance/severity-chip';
import { WaiverDialog, type WaivedFinding } from '../governance/waiver-dialog';
import { Session } from '../shell/session';
import { Clock } from '../ui/clock';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { GapChip } from './gap-chip';

/** What stands before the name of whoever signed. */
const SIGNED: Partial<Record<ReviewState, string>> = {
  attested: 'Attested by',
  failed: 'Failed, says',
  expired: 'Expired; attested by',
};

/**
 * What people answer for of one version, or had answered for at an instant: its reviews, what else the rules found and what was waived,
 * the entry of its model, the gate's newest answer. Of the past nothing can be done.
 */
@Component({
  selector: 'vw-governance-section',
  imports: [
    AttestForm,
    CopyButton,
    EntryCard,
    GapChip,
    Icon,
    Instant,
    LoadFailed,
    MatButton,
    SeverityChip,
    Skeleton,
  ],
  templateUrl: './governance-section.html',
  styleUrl: './governance-section.scss',
})
export class GovernanceSection {
  private readonly client = inject(GovernanceClient);
  private readonly session = inject(Session);
  private readonly dialog = inject(MatDialog);
  private readonly clock = inject(Clock);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  readonly version = input.required<ModelVersionDetail>();
  /** ISO-8601: the version is shown as it was then; null: as it is today. */
  readonly asOf = input<string | null>(null);

  protected readonly isPermitted = this.session.canReadGovernance;
  protected readonly isShown = computed(() =>
    this.asOf() === null ? this.session.me() !== null : this.isPermitted(),
  );
  protected readonly canReview = computed(() => this.session.canReview() && this.asOf() === null);
  protected readonly nameOf = nameOf;
  protected readonly states = STATES;
  protected readonly verdicts = GATE_VERDICTS;
  protected readonly isGap = isGap;
  protected readonly waiting = REQUIREMENTS;

  private readonly id = computed(() => this.version().id);
  protected readonly record = this.client.version(
    computed(() => (this.isPermitted() ? this.id() : undefined)),
    this.asOf,
  );
  /** All that a Viewer may read of it. */
  private readonly entries = this.client.entryOf(
    computed(() => (this.isShown() && !this.isPermitted() ? this.id() : undefined)),
  );
  protected readonly read = computed(() => (this.isPermitted() ? this.record : this.entries));
  protected readonly entry = computed(() => {
    if (this.isPermitted()) return this.record.value()?.entry;
    const page = this.entries.value();
    return page && (page.items[0] ?? null);
  });
  protected readonly isRequired = computed(() => this.version().live && this.version().removedAt === null);
  protected readonly requiredFor = computed(() =>
    this.version().stage === 'Production'
      ? 'Required for Production'
      : 'Required: its alias means production',
  );
  protected readonly subject = computed<Reviewed>(() => ({
    versionId: this.version().id,
    modelName: this.version().modelName,
    version: this.version().version,
  }));
  protected readonly open = computed(
    () =>
      this.record
        .value()
        ?.findings.filter(({ rule, status }) => status !== 'closed' && !REVIEW_RULES.includes(rule)) ?? [],
  );
  /** The review that is being attested; another version has its own. */
  protected readonly attesting = linkedSignal<string, Requirement | null>({
    source: () => `${this.id()} ${this.asOf()}`,
    computation: () => null,
  });

  protected titleOf(rule: string): string {
    return this.client.ruleTitles().get(rule) ?? rule;
  }

  protected statusOf(status: FindingStatus): string {
    return FINDING_STATUSES.find((one) => one.status === status)?.text ?? '';
  }

  protected waiverStateOf(waiver: Waiver): StateWords {
    const asOf = this.asOf();
    return waiverState(waiver, asOf === null ? this.clock.now() : Date.parse(asOf));
  }

  protected signedWords(state: ReviewState): string {
    return SIGNED[state] ?? `${STATES[state].text}; signed by`;
  }

  /** What the words before it do not say: a claim that does not count, why it is waived. */
  protected furtherOf({ state, reason }: Review): string {
    if (state === 'waived') return reason;
    return state === 'missing' ? reason.replace(/^No [a-z ]+ is attested\.\s*/, '') : '';
  }

  protected closeForm(): void {
    this.attesting.set(null);
    this.heading()?.nativeElement.focus();
  }

  protected afterSigning(): void {
    this.closeForm();
    this.record.reload();
  }

  /** Esc leaves the form first; the drawer stays. */
  protected leaveForm(event: Event): void {
    event.preventDefault();
    this.closeForm();
  }

  /** Whether a waiver of its gap waits for somebody's word. */
  protected awaitsAnswer({ requirement }: Review): boolean {
    const rule = ruleOf(requirement);
    const waivers = this.record.value()?.waivers ?? [];
    return waivers.some(
      (one) => one.rule === rule && one.status === 'requested' && Date.parse(one.endsAt) > this.clock.now(),
    );
  }

  protected waiveReview({ requirement }: Review): void {
    const rule = ruleOf(requirement);
    if (rule !== undefined) this.askForWaiver({ ...this.subject(), rule, title: this.titleOf(rule) });
  }

  protected waiveFinding(finding: Finding): void {
    this.askForWaiver({ ...finding, title: this.titleOf(finding.rule) });
  }

  private askForWaiver(data: WaivedFinding): void {
    this.dialog.open(WaiverDialog, { data, width: '480px' });
  }
}

function ruleOf(requirement: Requirement): string | undefined {
  return REQUIREMENTS.find((one) => one.requirement === requirement)?.rule;
}
