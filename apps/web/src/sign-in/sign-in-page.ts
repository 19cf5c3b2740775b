import { Component, inject, input, signal } from '@angular/core';
import { form, FormField, FormRoot, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatError, MatFormField } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { Session } from '../shell/session';
import { safeReturnUrl } from '../shell/sign-in-again';
import { Banner } from '../ui/banner';
import { FORM_FIELDS } from '../ui/form-fields';
import { PasswordInput } from '../ui/password-input';
import { problemOf } from '../ui/problem';
import { AuthFrame } from './auth-frame';

interface Failure {
  title: string;
  text: string;
}

@Component({
  selector: 'vw-sign-in-page',
  imports: [
    AuthFrame,
    Banner,
    FormField,
    FormRoot,
    MatButton,
    MatError,
    MatFormField,
    MatInput,
    PasswordInput,
  ],
  providers: [FORM_FIELDS],
  templateUrl: './sign-in-page.html',
  styleUrl: './auth-form.scss',
})
export class SignInPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where the person wanted to go, from the URL. */
  readonly return = input<string>();

  protected readonly failure = signal<Failure | null>(null);
  protected readonly credentials = form(
    signal({ email: '', password: '' }),
    (path) => {
      required(path.email, { message: 'Enter your work email.' });
      required(path.password, { message: 'Enter your password.' });
    },
    { submission: { action: () => this.signIn() } },
  );

  private async signIn(): Promise<void> {
    this.failure.set(null);
    try {
      await this.session.signIn(this.credentials().value());
      await this.router.navigateByUrl(safeReturnUrl(this.return()));
    } catch (error) {
      // A refused sign-in is an answer for the person, whatever the reason.
      this.failure.set(failureOf(error));
      this.credentials.password().value.set('');
      this.credentials.password().reset();
    }
  }
}

function failureOf(error: unknown): Failure {
  const problem = problemOf(error);
  if (problem.status === 401)
    return { title: 'Email or password is incorrect', text: 'Check both and try again.' };
  if (problem.code === 'rate-limited') {
    return { title: 'Too many attempts', text: 'Wait 15 minutes, then try again.' };
  }
  return { title: 'Sign-in failed', text: problem.detail };
}
