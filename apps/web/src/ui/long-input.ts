import { Component, input } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatError, MatFormField, MatHint } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { FORM_FIELDS } from './form-fields';

/** A text of several lines, in a person's own words. */
@Component({
  selector: 'vw-long-input',
  imports: [FormField, MatError, MatFormField, MatHint, MatInput],
  providers: [FORM_FIELDS],
  template: `
    <mat-form-field>
      <textarea matInput dir="auto" [id]="inputId()" [rows]="rows()" [formField]="field()"></textarea>
      @if (hint() !== '') {
        <mat-hint>{{ hint() }}</mat-hint>
      }
      @for (error of field()().errors(); track error.kind) {
        <mat-error>{{ error.message }}</mat-error>
      }
    </mat-form-field>
  `,
  styles: `
    :host {
      display: block;
    }
    textarea {
      resize: vertical;
    }
    @media (max-width: 839.98px) {
      textarea {
        /* Below 16 px iOS zooms into the field. */
        font-size: 16px;
      }
    }
  `,
})
export class LongInput {
  readonly inputId = input.required<string>();
  readonly field = input.required<FieldTree<string>>();
  readonly rows = input(3);
  readonly hint = input('');
}
