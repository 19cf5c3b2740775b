import { Component, input, signal } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatIconButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint, MatSuffix } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Icon } from './icon';
import { FORM_FIELDS } from './form-fields';

/** The server's rule for a person's own; length beats composition (OWASP ASVS 6.2). */
export const MIN_PASSWORD_LENGTH = 15;

/** A secret that can be shown while it is typed. */
@Component({
  selector: 'vw-password-input',
  imports: [FormField, Icon, MatError, MatFormField, MatHint, MatIconButton, MatInput, MatSuffix],
  providers: [FORM_FIELDS],
  template: `
    <mat-form-field>
      <input
        matInput
        [id]="inputId()"
        [type]="shown() ? 'text' : 'password'"
        [formField]="field()"
        [placeholder]="placeholder()"
        [autocomplete]="autocomplete()"
        spellcheck="false"
        autocapitalize="off"
      />
      <button
        matSuffix
        matIconButton
        type="button"
        [attr.aria-label]="'Show ' + what()"
        [attr.aria-pressed]="shown()"
        (click)="shown.set(!shown())"
      >
        <vw-icon name="eye" [size]="20" />
      </button>
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
      --mat-icon-button-state-layer-size: 32px;
      --mat-icon-button-touch-target-size: 32px;
    }
    button {
      padding: 6px;
    }
  `,
})
export class PasswordInput {
  readonly inputId = input.required<string>();
  readonly field = input.required<FieldTree<string>>();
  readonly what = input('password');
  readonly placeholder = input('');
  readonly hint = input('');
  readonly autocomplete = input<'current-password' | 'new-password' | 'off'>('off');

  protected readonly shown = signal(false);
}
