import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import {
  form,
  FormField,
  FormRoot,
  maxLength,
  pattern,
  required,
  type TreeValidationResult,
  validate,
} from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { Attestation, AttestationInput, AttestationResult, Requirement } from '@vw/shared-contracts';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { LongInput } from '../ui/long-input';
import { problemOf } from '../ui/problem';
import { dayIn, endOfDay } from './days';
import { GovernanceClient } from './governance-client';
import { nameOf } from './review-words';
import { FORM_FIELDS } from '../ui/form-fields';

const SNACK_BAR_MS = 6_000;
/** An attestation counts this long at most; longer is refused. */
const MOST_DAYS = 365;
const DAY_MS = 86_400_000;

/** The version that is reviewed. */
export interface Reviewed {
  versionId: string;
  modelName: string;
  version: string;
}

/** Signs one review of one version. Nothing is sent without the tick. */
@Component({
  selector: 'vw-attest-form',
  imports: [Banner, FormField, FormRoot, LongInput, MatButton, MatError, MatFormField, MatHint, MatInput],
  providers: [FORM_FIELDS],
  templateUrl: './attest-form.html',
  styleUrl: './form.scss',
})
export class AttestForm {
  private readonly client = inject(GovernanceClient);
  private readonly snackBar = inject(MatSnackBar);
  private readonly destroyRef = inject(DestroyRef);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);

  readonly reviewed = input.required<Reviewed>();
  readonly requirement = input.required<Requirement>();
  /** Where it appears in place of what had the focus; a dialog sees to that itself. */
  readonly takesFocus = input(false);
  readonly signed = output<Attestation>();
  readonly cancelled = output();

  protected readonly name = computed(() => nameOf(this.requirement()));
  protected readonly firstDay = dayIn(0);
  protected readonly lastDay = dayIn(MOST_DAYS);
  protected readonly failure = signal<string | null>(null);

  private readonly values = signal<{
    evidenceUrl: string;
    evidenceSha256: string;
    result: AttestationResult;
    expiresAt: string;
    note: string;
    reviewed: boolean;
  }>({
    ...{ evidenceUrl: '', evidenceSha256: '', result: 'passed', expiresAt: this.lastDay, note: '' },
    reviewed: false,
  });

  protected readonly fields = form(
    this.values,
    (path) => {
      required(path.evidenceUrl, {
        message: 'Enter where the evidence lies.',
        when: ({ valueOf }) => valueOf(path.result) === 'passed',
      });
      pattern(path.evidenceUrl, /^https?:\/\/\S+$/i, { message: 'Begin with http:// or https://.' });
      maxLength(path.evidenceUrl, 2048, { message: 'At most 2,048 characters.' });
      pattern(path.evidenceSha256, /^\s*[0-9a-f]{64}\s*$/i, {
        message: '64 digits 0–9 and a–f, as sha256sum prints them.',
      });
      required(path.expiresAt, { message: 'Enter a date.' });
      validate(path.expiresAt, ({ value }) => this.dayError(value()));
      maxLength(path.note, 4000, { message: 'At most 4,000 characters.' });
      validate(path.reviewed, ({ value }) =>
        value() ? undefined : { kind: 'tick', message: 'Confirm that you reviewed the evidence.' },
      );
    },
    { submission: { action: () => this.sign() } },
  );

  constructor() {
    afterNextRender(() => {
      if (this.takesFocus()) this.host.nativeElement.querySelector('input')?.focus();
    });
  }

  private dayError(day: string): { kind: string; message: string } | undefined {
    if (day === '' || (day >= this.firstDay && day <= this.lastDay)) return undefined;
    return day < this.firstDay
      ? { kind: 'past', message: 'In the future.' }
      : { kind: 'far', message: `At most ${MOST_DAYS} days ahead.` };
  }

  private async sign(): Promise<TreeValidationResult> {
    this.failure.set(null);
    try {
      const attestation = await this.client.attest(this.inputOf());
      this.snackBar.open(this.told(attestation), undefined, { duration: SNACK_BAR_MS });
      if (!this.destroyRef.destroyed) this.signed.emit(attestation);
      return undefined;
    } catch (error) {
      // Nothing was signed: shown beside the fields it names, or above the buttons.
      const problem = problemOf(error);
      if (this.destroyRef.destroyed)
        this.snackBar.open(`Nothing was signed. ${problem.detail}`, undefined, { duration: SNACK_BAR_MS });
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const { evidenceUrl, evidenceSha256, result, expiresAt, note } = this.fields;
      const fields = { evidenceUrl, evidenceSha256, result, expiresAt, note };
      return placedAt(this.fields, fields, problem.errors);
    }
  }

  private inputOf(): AttestationInput {
    const { evidenceUrl, evidenceSha256, result, expiresAt, note } = this.values();
    const end = endOfDay(expiresAt);
    return {
      versionId: this.reviewed().versionId,
      requirement: this.requirement(),
      result,
      evidenceUrl: evidenceUrl.trim() || null,
      evidenceSha256: evidenceSha256.trim() || null,
      // The last day has no end within the limit: null is as long as it goes.
      expiresAt: end.getTime() > Date.now() + MOST_DAYS * DAY_MS ? null : end.toISOString(),
      note: note.trim() || null,
    };
  }

  private told({ independent, result }: Attestation): string {
    const of = `${this.reviewed().modelName} v${this.reviewed().version}`;
    if (!independent) return `Signed, but it does not count: you own ${of}.`;
    return `${this.name()} of ${of} attested: ${result}.`;
  }
}
