import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { MatFormField } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { Attestation, Requirement, ReviewedVersion } from '@vw/shared-contracts';
import { AttestForm } from './attest-form';
import { isGap, nameOf, REQUIREMENTS, STATES } from './review-words';
import { FORM_FIELDS } from '../ui/form-fields';

/** Attests one review of a version in the list of gaps: which one is chosen here, the first that lacks at first. */
@Component({
  selector: 'vw-attest-dialog',
  imports: [AttestForm, MatDialogContent, MatDialogTitle, MatFormField, MatInput],
  providers: [FORM_FIELDS],
  template: `
    <h2 mat-dialog-title dir="auto">{{ title }}</h2>
    <mat-dialog-content>
      <div class="field">
        <label for="attest-requirement">Review</label>
        <mat-form-field>
          <select matNativeControl id="attest-requirement" #choice (change)="choose(choice.value)">
            @for (one of choices; track one.requirement) {
              <option [value]="one.requirement" [selected]="one.requirement === requirement()">
                {{ one.text }}
              </option>
            }
          </select>
        </mat-form-field>
      </div>
      <vw-attest-form
        [reviewed]="version"
        [requirement]="requirement()"
        (signed)="dialog.close($event)"
        (cancelled)="dialog.close()"
      />
    </mat-dialog-content>
  `,
  styles: `
    h2 {
      overflow-wrap: anywhere;
    }
    .field {
      margin-bottom: 12px;
    }
  `,
})
export class AttestDialog {
  protected readonly version = inject<ReviewedVersion>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<AttestDialog, Attestation>>(MatDialogRef);

  protected readonly title = `Attest ${this.version.modelName} v${this.version.version}`;
  private readonly chosen = signal<Requirement | null>(null);
  protected readonly requirement = computed<Requirement>(
    () =>
      this.chosen() ??
      this.version.reviews.find(({ state }) => isGap(state))?.requirement ??
      'bias-assessment',
  );
  protected readonly choices = this.version.reviews.map(({ requirement, state }) => ({
    requirement,
    text: `${nameOf(requirement)}: ${STATES[state].text.toLowerCase()}`,
  }));

  protected choose(text: string): void {
    this.chosen.set(REQUIREMENTS.find(({ requirement }) => requirement === text)?.requirement ?? null);
  }
}
