import { Component, computed, inject, input } from '@angular/core';
import type { Review, Waiver } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { LongText } from '../ui/long-text';
import { Skeleton } from '../ui/skeleton';
import { GovernanceClient } from './governance-client';
import {
  APPROVALS,
  FINDING_STATUSES,
  GATE_VERDICTS,
  nameOf,
  REQUIREMENTS,
  RISK_TIERS,
  STATES,
  type StateWords,
  waiverState,
} from './review-words';
import { SeverityChip } from './severity-chip';

/** Rules that ask for a review: they stand with it. */
const REVIEW_RULES = REQUIREMENTS.map(({ rule }) => rule);

/** What people and rules had said of a version at an instant. Nothing can be done here: it has been. */
@Component({
  selector: 'vw-governance-as-of',
  imports: [CopyButton, Icon, Instant, LoadFailed, LongText, SeverityChip, Skeleton],
  templateUrl: './governance-as-of.html',
  styleUrl: './governance-as-of.scss',
})
export class GovernanceAsOf {
  private readonly client = inject(GovernanceClient);

  readonly versionId = input.required<string>();
  /** ISO-8601. */
  readonly at = input.required<string>();

  protected readonly isPermitted = inject(Session).canReadGovernance;
  protected readonly then = this.client.versionAsOf(
    computed(() => (this.isPermitted() ? { id: this.versionId(), at: this.at() } : undefined)),
  );
  protected readonly nameOf = nameOf;
  protected readonly states = STATES;
  protected readonly verdicts = GATE_VERDICTS;
  protected readonly waiting = REQUIREMENTS;
  protected readonly findings = computed(
    () =>
      this.then
        .value()
        ?.findings.filter(({ rule, status }) => status !== 'closed' && !REVIEW_RULES.includes(rule)) ?? [],
  );
  protected readonly tier = computed(
    () => RISK_TIERS.find(({ tier }) => tier === this.then.value()?.entry?.riskTier)?.text ?? null,
  );
  protected readonly approval = computed(() =>
    APPROVALS.find(({ status }) => status === this.then.value()?.entry?.approvalStatus),
  );
  private readonly titles = computed(
    () => new Map(this.client.rules.value()?.items.map(({ id, title }) => [id, title])),
  );

  protected titleOf(rule: string): string {
    return this.titles().get(rule) ?? rule;
  }

  protected statusOf(status: string): string {
    return FINDING_STATUSES.find((one) => one.status === status)?.text ?? '';
  }

  /** What was said of a review: its state, and since when or until when. */
  protected wordsOf({ state, attestation }: Review): string {
    if (attestation === null) return STATES[state].text;
    return state === 'attested' ? 'Attested by' : `${STATES[state].text}; signed by`;
  }

  protected waiverStateOf(waiver: Waiver): StateWords {
    return waiverState(waiver, Date.parse(this.at()));
  }
}
