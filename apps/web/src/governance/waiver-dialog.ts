import { Component, inject, signal } from '@angular/core';
import {
  form,
  FormField,
  FormRoot,
  maxLength,
  required,
  type TreeValidationResult,
  validate,
} from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatError, MatFormField, MatHint } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSnackBar } from '@angular/material/snack-bar';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { LongInput } from '../ui/long-input';
import { problemOf } from '../ui/problem';
import { dayIn, endOfDay } from './days';
import { GovernanceClient } from './governance-client';
import { FORM_FIELDS } from '../ui/form-fields';

const SNACK_BAR_MS = 6_000;
/** Longer is refused. */
const MOST_DAYS = 180;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The finding that somebody wants accepted for a while. */
export interface WaivedFinding {
  versionId: string;
  modelName: string;
  version: string;
  rule: string;
  /** What the rule asks, in words. */
  title: string;
}

/** Asks that a finding be accepted for a while. It counts once somebody else approves it. */
@Component({
  selector: 'vw-waiver-dialog',
  imports: [
    Banner,
    FormField,
    FormRoot,
    LongInput,
    MatButton,
    MatDialogContent,
    MatDialogTitle,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
  ],
  providers: [FORM_FIELDS],
  template: `
    <h2 mat-dialog-title>Ask for a waiver</h2>
    <mat-dialog-content>
      <form [formRoot]="fields" novalidate autocomplete="off">
        <p>
          <bdi class="strong">{{ finding.modelName }}</bdi> v{{ finding.version }}: {{ finding.title }}
          <span class="mono muted">{{ finding.rule }}</span>
        </p>
        @if (failure(); as failure) {
          <vw-banner icon="error" tone="error" iconTone="tone-error" role="alert">{{ failure }}</vw-banner>
        }
        <div class="field">
          <label for="waiver-reason">Reason</label>
          <vw-long-input inputId="waiver-reason" [field]="fields.reason" />
        </div>
        <div class="field">
          <label for="waiver-end">Ends</label>
          <mat-form-field>
            <input matInput id="waiver-end" type="date" [formField]="fields.endsAt" />
            <mat-hint>At most {{ mostDays }} days ahead. The finding opens again then.</mat-hint>
            @for (error of fields.endsAt().errors(); track error.kind) {
              <mat-error>{{ error.message }}</mat-error>
            }
          </mat-form-field>
        </div>
        <p class="hint">Someone other than you must approve it.</p>
        <div class="buttons">
          <button matButton="filled" type="submit" [disabled]="fields().submitting()">
            Ask for a waiver
          </button>
          <button matButton type="button" (click)="dialog.close()">Cancel</button>
        </div>
      </form>
    </mat-dialog-content>
  `,
  styleUrl: './form.scss',
})
export class WaiverDialog {
  private readonly client = inject(GovernanceClient);
  private readonly snackBar = inject(MatSnackBar);

  protected readonly finding = inject<WaivedFinding>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<WaiverDialog>>(MatDialogRef);
  protected readonly mostDays = MOST_DAYS;
  protected readonly failure = signal<string | null>(null);

  private readonly values = signal({ reason: '', endsAt: dayIn(30) });
  protected readonly fields = form(
    this.values,
    (path) => {
      validate(path.reason, ({ value }) =>
        value().trim() === '' ? { kind: 'empty', message: 'Say why this is acceptable.' } : undefined,
      );
      maxLength(path.reason, 4000, { message: 'At most 4,000 characters.' });
      required(path.endsAt, { message: 'Enter a date.' });
      validate(path.endsAt, ({ value }) => dayError(value()));
    },
    { submission: { action: () => this.ask() } },
  );

  private async ask(): Promise<TreeValidationResult> {
    this.failure.set(null);
    const { reason, endsAt } = this.values();
    const { versionId, rule } = this.finding;
    try {
      await this.client.requestWaiver({
        ...{ versionId, rule, reason: reason.trim() },
        endsAt: endOf(endsAt),
      });
      this.snackBar.open('Waiver asked for. Someone else must approve it.', undefined, {
        duration: SNACK_BAR_MS,
      });
      this.dialog.close();
      return undefined;
    } catch (error) {
      // Nothing was asked for: shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const fields = { reason: this.fields.reason, endsAt: this.fields.endsAt };
      return placedAt(this.fields, fields, problem.errors);
    }
  }
}

function dayError(day: string): { kind: string; message: string } | undefined {
  if (day === '' || (day >= dayIn(0) && day <= dayIn(MOST_DAYS))) return undefined;
  return day < dayIn(0)
    ? { kind: 'past', message: 'In the future.' }
    : { kind: 'far', message: `At most ${MOST_DAYS} days ahead.` };
}

/** The limit is a time of day: on the last day the waiver ends a minute before it. */
function endOf(day: string): string {
  const last = Date.now() + MOST_DAYS * DAY_MS - MINUTE_MS;
  return new Date(Math.min(endOfDay(day).getTime(), last)).toISOString();
}
