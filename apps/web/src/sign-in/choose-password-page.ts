import { Component, inject, input, signal } from '@angular/core';
import { form, FormRoot, minLength, required, type TreeValidationResult } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { Session } from '../shell/session';
import { safeReturnUrl } from '../shell/sign-in-again';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { PasswordInput } from '../ui/password-input';
import { problemOf } from '../ui/problem';
import { AuthFrame } from './auth-frame';

/** The server's rule. */
const MIN_PASSWORD_LENGTH = 15;

/** Where a one-time password leads, and nowhere else: whoever made it knows it until another is chosen. */
@Component({
  selector: 'vw-choose-password-page',
  imports: [AuthFrame, Banner, FormRoot, MatButton, PasswordInput],
  templateUrl: './choose-password-page.html',
  styleUrl: './auth-form.scss',
})
export class ChoosePasswordPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where the person wanted to go, from the URL. */
  readonly return = input<string>();

  protected readonly me = this.session.me;
  protected readonly failure = signal<string | null>(null);
  protected readonly passwords = form(
    signal({ currentPassword: '', newPassword: '' }),
    (path) => {
      required(path.currentPassword, { message: 'Enter the one-time password.' });
      required(path.newPassword, { message: 'Choose a password.' });
      minLength(path.newPassword, MIN_PASSWORD_LENGTH, {
        message: `Use at least ${MIN_PASSWORD_LENGTH} characters.`,
      });
    },
    { submission: { action: () => this.choose() } },
  );

  protected async signOut(): Promise<void> {
    await this.session.signOut();
    await this.router.navigateByUrl('/sign-in');
  }

  private async choose(): Promise<TreeValidationResult> {
    this.failure.set(null);
    try {
      await this.session.changePassword(this.passwords().value());
    } catch (error) {
      // Nothing was changed: shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const { currentPassword, newPassword } = this.passwords;
      return placedAt(this.passwords, { currentPassword, newPassword }, problem.errors);
    }
    await this.router.navigateByUrl(safeReturnUrl(this.return()));
    return undefined;
  }
}
