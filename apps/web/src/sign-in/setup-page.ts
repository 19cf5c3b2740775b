import { Component, computed, inject, resource, signal } from '@angular/core';
import {
  email,
  form,
  FormField,
  FormRoot,
  minLength,
  required,
  type TreeValidationResult,
} from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField, MatHint } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import type { SetupInput } from '@vw/shared-contracts';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { FORM_FIELDS } from '../ui/form-fields';
import { MIN_PASSWORD_LENGTH, PasswordInput } from '../ui/password-input';
import { problemOf } from '../ui/problem';
import { counted } from '../ui/time-text';
import { AuthFrame } from './auth-frame';

@Component({
  selector: 'vw-setup-page',
  imports: [
    AuthFrame,
    Banner,
    FormField,
    FormRoot,
    MatButton,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    PasswordInput,
  ],
  providers: [FORM_FIELDS],
  templateUrl: './setup-page.html',
  styleUrl: './auth-form.scss',
})
export class SetupPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly state = resource({ loader: () => this.session.setupState() });

  protected readonly tokenRequired = computed(
    () => this.state.hasValue() && this.state.value().tokenRequired,
  );
  protected readonly failure = signal<string | null>(null);
  protected readonly organization = form(
    signal({ organizationName: '', name: '', email: '', password: '', setupToken: '' }),
    (path) => {
      required(path.organizationName, { message: 'Enter the name of your organization.' });
      required(path.name, { message: 'Enter your name.' });
      required(path.email, { message: 'Enter your work email.' });
      email(path.email, { message: 'This is not an email address.' });
      required(path.password, { message: 'Choose a password.' });
      minLength(path.password, MIN_PASSWORD_LENGTH, {
        message: `Use at least ${MIN_PASSWORD_LENGTH} characters.`,
      });
      required(path.setupToken, {
        message: 'Enter the token from the log of the server.',
        when: () => this.tokenRequired(),
      });
    },
    { submission: { action: () => this.create() } },
  );

  private readonly passwordLength = computed(() => Array.from(this.organization.password().value()).length);
  protected readonly longEnough = computed(() => this.passwordLength() >= MIN_PASSWORD_LENGTH);
  protected readonly reached = computed(() =>
    Math.min(3, Math.ceil((this.passwordLength() * 3) / MIN_PASSWORD_LENGTH)),
  );
  protected readonly passwordHint = computed(() => {
    const missing = MIN_PASSWORD_LENGTH - this.passwordLength();
    const rule = `Use at least ${MIN_PASSWORD_LENGTH}; a short sentence works well.`;
    if (missing <= 0) return 'Long enough.';
    return this.passwordLength() === 0
      ? `Use at least ${MIN_PASSWORD_LENGTH} characters; a short sentence works well.`
      : `${counted(missing, 'more character')}. ${rule}`;
  });

  private async create(): Promise<TreeValidationResult> {
    this.failure.set(null);
    const { setupToken, ...values } = this.organization().value();
    const input: SetupInput = this.tokenRequired() ? { ...values, setupToken } : values;
    try {
      await this.session.setUp(input);
    } catch (error) {
      // Shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      return placedAt(this.organization, this.fields(), problem.errors);
    }
    await this.router.navigateByUrl('/integrations/mlflow/configuration');
    return undefined;
  }

  private fields() {
    const { organizationName, name, email, password, setupToken } = this.organization;
    return { organizationName, name, email, password, setupToken };
  }
}
