import { afterNextRender, Component, ElementRef, inject, output, signal } from '@angular/core';
import {
  email,
  form,
  FormField,
  FormRoot,
  maxLength,
  required,
  type TreeValidationResult,
} from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { InvitedUser, Role } from '@vw/shared-contracts';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { problemOf } from '../ui/problem';
import { ROLE_CHOICES } from './role-choices';
import { SettingsClient } from './settings-client';
import { FORM_FIELDS } from '../ui/form-fields';

/** Adds a person to the organization. */
@Component({
  selector: 'vw-invite-form',
  imports: [Banner, FormField, FormRoot, MatButton, MatError, MatFormField, MatInput],
  providers: [FORM_FIELDS],
  templateUrl: './invite-form.html',
  styleUrl: './settings-form.scss',
})
export class InviteForm {
  private readonly client = inject(SettingsClient);

  readonly invited = output<InvitedUser>();
  readonly cancelled = output();

  protected readonly roles = ROLE_CHOICES;
  protected readonly failure = signal<string | null>(null);
  private readonly values = signal<{ name: string; email: string; role: Role }>({
    name: '',
    email: '',
    role: 'reviewer',
  });
  protected readonly person = form(
    this.values,
    (path) => {
      required(path.name, { message: 'Enter a name.' });
      maxLength(path.name, 200, { message: 'Use at most 200 characters.' });
      required(path.email, { message: 'Enter an email address.' });
      email(path.email, { message: 'This is not an email address.' });
    },
    { submission: { action: () => this.invite() } },
  );

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef);
    afterNextRender(() => host.nativeElement.querySelector('input')?.focus());
  }

  private async invite(): Promise<TreeValidationResult> {
    this.failure.set(null);
    try {
      this.invited.emit(await this.client.invite(this.values()));
      return undefined;
    } catch (error) {
      // Nobody was added: shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const { name, email, role } = this.person;
      return placedAt(this.person, { name, email, role }, problem.errors);
    }
  }
}
