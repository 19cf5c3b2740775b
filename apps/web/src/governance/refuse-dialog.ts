import { Component, inject, signal } from '@angular/core';
import { form, FormRoot, maxLength, type TreeValidationResult, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { Waiver } from '@vw/shared-contracts';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { LongInput } from '../ui/long-input';
import { problemOf } from '../ui/problem';
import { GovernanceClient } from './governance-client';

/** Says no to a waiver, and why. Closes with `true` once it is said. */
@Component({
  selector: 'vw-refuse-dialog',
  imports: [Banner, FormRoot, LongInput, MatButton, MatDialogContent, MatDialogTitle],
  template: `
    <h2 mat-dialog-title>Refuse this waiver?</h2>
    <mat-dialog-content>
      <form [formRoot]="fields" novalidate autocomplete="off">
        <p>
          <bdi class="strong">{{ waiver.modelName }}</bdi> v{{ waiver.version }}
          <span class="mono muted">{{ waiver.rule }}</span>, asked for by <bdi>{{ waiver.requestedBy }}</bdi>:
          <span dir="auto">{{ waiver.reason }}</span>
        </p>
        @if (failure(); as failure) {
          <vw-banner icon="error" tone="error" iconTone="tone-error" role="alert">{{ failure }}</vw-banner>
        }
        <div class="field">
          <label for="refusal-reason">Why it is refused</label>
          <vw-long-input
            inputId="refusal-reason"
            hint="Shown with the waiver, and kept in the audit trail."
            [field]="fields.reason"
          />
        </div>
        <div class="buttons">
          <button matButton="filled" type="submit" [disabled]="fields().submitting()">Refuse waiver</button>
          <button matButton type="button" (click)="dialog.close()">Cancel</button>
        </div>
      </form>
    </mat-dialog-content>
  `,
  styleUrl: './form.scss',
})
export class RefuseDialog {
  private readonly client = inject(GovernanceClient);

  protected readonly waiver = inject<Waiver>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<RefuseDialog, true>>(MatDialogRef);
  protected readonly failure = signal<string | null>(null);
  protected readonly fields = form(
    signal({ reason: '' }),
    (path) => {
      validate(path.reason, ({ value }) =>
        value().trim() === '' ? { kind: 'empty', message: 'Say why it is refused.' } : undefined,
      );
      maxLength(path.reason, 4000, { message: 'At most 4,000 characters.' });
    },
    { submission: { action: () => this.refuse() } },
  );

  private async refuse(): Promise<TreeValidationResult> {
    this.failure.set(null);
    try {
      await this.client.refuseWaiver(this.waiver.id, this.fields().value().reason.trim());
      this.dialog.close(true);
      return undefined;
    } catch (error) {
      // Nothing was refused: shown beside the field it names, or above it.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      return placedAt(this.fields, { reason: this.fields.reason }, problem.errors);
    }
  }
}
