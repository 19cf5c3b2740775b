import { Component, computed, type ElementRef, inject, input, linkedSignal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { Finding, ModelVersionDetail, Requirement, Review } from '@vw/shared-contracts';
import { AttestForm, type Reviewed } from '../governance/attest-form';
import { EntryCard } from '../governance/entry-card';
import { GovernanceClient } from '../governance/governance-client';
import { isGap, nameOf, REQUIREMENTS, STATES } from '../governance/review-words';
import { SeverityChip } from '../governance/severity-chip';
import { WaiverDialog, type WaivedFinding } from '../governance/waiver-dialog';
import { Session } from '../shell/session';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { Skeleton } from '../ui/skeleton';
import { GapChip } from './gap-chip';

/** What people answer for of one version: its reviews, what else the rules found, the entry of its model. */
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
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');

  readonly version = input.required<ModelVersionDetail>();

  protected readonly isSignedIn = computed(() => this.session.me() !== null);
  protected readonly isPermitted = this.session.canReadGovernance;
  protected readonly canReview = this.session.canReview;
  protected readonly nameOf = nameOf;
  protected readonly states = STATES;
  protected readonly isGap = isGap;
  protected readonly waiting = REQUIREMENTS;

  private readonly id = computed(() => this.version().id);
  private readonly readId = computed(() => (this.isPermitted() ? this.id() : undefined));
  protected readonly reviewed = this.client.reviewsOf(this.readId);
  protected readonly findings = this.client.findingsOf(this.readId);
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
    () => this.findings.value()?.items.filter(({ status }) => status !== 'closed') ?? [],
  );
  private readonly titles = computed(
    () => new Map(this.client.rules.value()?.items.map(({ id, title }) => [id, title])),
  );
  /** The review that is being attested; another version has its own. */
  protected readonly attesting = linkedSignal<string, Requirement | null>({
    source: this.id,
    computation: () => null,
  });

  protected titleOf(rule: string): string {
    return this.titles().get(rule) ?? rule;
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
    this.reviewed.reload();
  }

  /** Esc leaves the form first; the drawer stays. */
  protected leaveForm(event: Event): void {
    event.preventDefault();
    this.closeForm();
  }

  protected waiveReview({ requirement }: Review): void {
    const rule = REQUIREMENTS.find((one) => one.requirement === requirement)?.rule;
    if (rule !== undefined) this.askForWaiver({ ...this.subject(), rule, title: this.titleOf(rule) });
  }

  protected waiveFinding(finding: Finding): void {
    this.askForWaiver({ ...finding, title: this.titleOf(finding.rule) });
  }

  private askForWaiver(data: WaivedFinding): void {
    this.dialog.open(WaiverDialog, { data, width: '480px' });
  }
}
