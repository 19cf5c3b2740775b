import { Component, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { Session } from '../shell/session';
import { safeReturnUrl } from '../shell/sign-in-again';
import { Banner } from '../ui/banner';
import { Icon } from '../ui/icon';
import { problemOf } from '../ui/problem';
import { AuthFrame } from './auth-frame';

interface Failure {
  title: string;
  text: string;
}

/** The page of most first visits: its two fields are the browser's own, for Angular's forms would be a fifth of all that is loaded. */
@Component({
  selector: 'vw-sign-in-page',
  imports: [AuthFrame, Banner, Icon, MatButton, MatIconButton],
  templateUrl: './sign-in-page.html',
  styleUrl: './auth-form.scss',
})
export class SignInPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where the person wanted to go, from the URL. */
  readonly return = input<string>();

  protected readonly failure = signal<Failure | null>(null);
  /** The field that was left empty. */
  protected readonly missing = signal<'email' | 'password' | null>(null);
  protected readonly shown = signal(false);
  protected readonly signingIn = signal(false);

  protected async signIn(email: HTMLInputElement, password: HTMLInputElement): Promise<void> {
    this.failure.set(null);
    this.missing.set(email.value.trim() === '' ? 'email' : password.value === '' ? 'password' : null);
    if (this.missing() !== null) return (this.missing() === 'email' ? email : password).focus();
    this.signingIn.set(true);
    try {
      await this.session.signIn({ email: email.value.trim(), password: password.value });
      await this.router.navigateByUrl(safeReturnUrl(this.return()));
    } catch (error) {
      // A refused sign-in is an answer for the person, whatever the reason.
      this.failure.set(failureOf(error));
      password.value = '';
      password.focus();
    } finally {
      this.signingIn.set(false);
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
