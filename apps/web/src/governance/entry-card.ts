import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
  output,
  signal,
  untracked,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { form, FormField, FormRoot, maxLength, type TreeValidationResult } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';
import { ActivatedRoute, Router } from '@angular/router';
import type { EntryInput, EntryState } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LongInput } from '../ui/long-input';
import { LongText } from '../ui/long-text';
import { problemOf } from '../ui/problem';
import { Skeleton } from '../ui/skeleton';
import { GovernanceClient } from './governance-client';
import { APPROVALS, ENTRY_FIELDS, RISK_TIERS } from './review-words';
import { FORM_FIELDS } from '../ui/form-fields';

const SNACK_BAR_MS = 6_000;
const LINKED_FIELDS = [...ENTRY_FIELDS.values()];

interface EntryValues {
  owner: string;
  purpose: string;
  riskTier: string;
  approvalStatus: string;
}

/** What people answer for of a version's model: owner, purpose, risk tier, approval. One entry for all its versions. */
@Component({
  selector: 'vw-entry-card',
  imports: [
    Banner,
    FormField,
    FormRoot,
    Icon,
    Instant,
    LongInput,
    LongText,
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    Skeleton,
  ],
  providers: [FORM_FIELDS],
  templateUrl: './entry-card.html',
  styleUrls: ['./form.scss', './entry-card.scss'],
})
export class EntryCard {
  private readonly client = inject(GovernanceClient);
  private readonly snackBar = inject(MatSnackBar);
  private readonly destroyRef = inject(DestroyRef);
  private readonly injector = inject(Injector);
  private readonly router = inject(Router);
  private readonly fragment = toSignal(inject(ActivatedRoute).fragment);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  readonly versionId = input.required<string>();
  /** Undefined while it is not known, null where there is none. */
  readonly entry = input.required<EntryState | null | undefined>();
  /** ISO-8601: the entry as it was then, which nobody can change; null: as it is today. */
  readonly asOf = input<string | null>(null);
  readonly saved = output();

  private readonly canReview = inject(Session).canReview;
  protected readonly canEdit = computed(() => this.canReview() && this.asOf() === null);
  protected readonly tiers = RISK_TIERS;
  protected readonly approvals = APPROVALS;
  protected readonly tier = computed(
    () => RISK_TIERS.find(({ tier }) => tier === this.entry()?.riskTier)?.text ?? null,
  );
  protected readonly approval = computed(() =>
    APPROVALS.find(({ status }) => status === this.entry()?.approvalStatus),
  );
  /** The entry as it was when somebody began to change it: what happens live must not take back what is typed. */
  protected readonly edited = linkedSignal<string, EntryState | null>({
    source: () => `${this.versionId()} ${this.asOf()}`,
    computation: () => null,
  });
  protected readonly failure = signal<string | null>(null);

  private readonly values = linkedSignal<EntryValues>(() => valuesOf(this.edited()));
  protected readonly fields = form(
    this.values,
    (path) => {
      maxLength(path.owner, 320, { message: 'At most 320 characters.' });
      maxLength(path.purpose, 4000, { message: 'At most 4,000 characters.' });
    },
    { submission: { action: () => this.save() } },
  );

  constructor() {
    // A link to a field of the form opens it, once: saved, it would open again.
    effect(() => {
      const field = this.fragment();
      if (!field || !LINKED_FIELDS.includes(field) || !this.entry() || !this.canEdit()) return;
      untracked(() => this.edit(field));
      void this.router.navigate([], { queryParamsHandling: 'preserve', replaceUrl: true });
    });
  }

  protected edit(field = 'entry-owner'): void {
    this.failure.set(null);
    this.edited.set(this.entry() ?? null);
    this.focusNext(`#${field}`);
  }

  protected close(): void {
    this.edited.set(null);
    this.focusNext('h3');
  }

  /** Esc leaves the form first; the drawer stays. */
  protected leaveForm(event: Event): void {
    event.preventDefault();
    this.close();
  }

  /** What had the focus is gone with the next rendering. */
  private focusNext(selector: string): void {
    const focus = () => this.host.nativeElement.querySelector<HTMLElement>(selector)?.focus();
    afterNextRender(focus, { injector: this.injector });
  }

  private async save(): Promise<TreeValidationResult> {
    this.failure.set(null);
    const entry = this.edited();
    if (entry === null) return undefined;
    try {
      await this.client.changeEntry(entry.id, changesOf(entry, this.values()));
    } catch (error) {
      const problem = problemOf(error);
      if (this.tellsWhoLeft(entry, `The entry was not changed. ${problem.detail}`)) return undefined;
      // Nothing was changed: shown beside the fields it names, or above them.
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const { owner, purpose, riskTier, approvalStatus } = this.fields;
      return placedAt(this.fields, { owner, purpose, riskTier, approvalStatus }, problem.errors);
    }
    if (this.tellsWhoLeft(entry, 'The entry is changed.')) return undefined;
    this.close();
    this.saved.emit();
    return undefined;
  }

  /** Whoever left the form before the answer came sees it nowhere else. */
  private tellsWhoLeft(entry: EntryState, text: string): boolean {
    const isLeft = this.destroyRef.destroyed || this.edited() !== entry;
    if (isLeft) this.snackBar.open(text, undefined, { duration: SNACK_BAR_MS });
    return isLeft;
  }
}

function valuesOf(entry: EntryState | null): EntryValues {
  return {
    owner: entry?.owner ?? '',
    purpose: entry?.purpose ?? '',
    riskTier: entry?.riskTier ?? '',
    approvalStatus: entry?.approvalStatus ?? 'pending',
  };
}

/** What was changed only: an approval that is sent again would approve what has changed since. */
function changesOf(entry: EntryState, values: EntryValues): EntryInput {
  const owner = values.owner.trim() || null;
  const purpose = values.purpose.trim() || null;
  const riskTier = RISK_TIERS.find(({ tier }) => tier === values.riskTier)?.tier ?? null;
  const status = APPROVALS.find(({ status }) => status === values.approvalStatus)?.status;
  return {
    ...(owner === entry.owner ? {} : { owner }),
    ...(purpose === entry.purpose ? {} : { purpose }),
    ...(riskTier === entry.riskTier ? {} : { riskTier }),
    ...(status === undefined || status === entry.approvalStatus ? {} : { approvalStatus: status }),
  };
}
