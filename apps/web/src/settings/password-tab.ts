import { Component, inject, signal } from '@angular/core';
import { form, FormRoot, minLength, required, type TreeValidationResult } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { PasswordInput } from '../ui/password-input';
import { problemOf } from '../ui/problem';

/** The server's rule. */
const MIN_PASSWORD_LENGTH = 15;

const EMPTY = { currentPassword: '', newPassword: '' };

/** One's own password. */
@Component({
  selector: 'vw-password-tab',
  imports: [Banner, FormRoot, MatButton, PasswordInput],
  templateUrl: './password-tab.html',
  styleUrl: './settings-form.scss',
})
export class PasswordTab {
  private readonly session = inject(Session);

  protected readonly me = this.session.me;
  protected readonly isChanged = signal(false);
  protected readonly failure = signal<string | null>(null);
  private readonly values = signal(EMPTY);
  protected readonly passwords = form(
    this.values,
    (path) => {
      required(path.currentPassword, { message: 'Enter your current password.' });
      required(path.newPassword, { message: 'Choose a new password.' });
      minLength(path.newPassword, MIN_PASSWORD_LENGTH, {
        message: `Use at least ${MIN_PASSWORD_LENGTH} characters.`,
      });
    },
    { submission: { action: () => this.change() } },
  );

  private async change(): Promise<TreeValidationResult> {
    this.failure.set(null);
    this.isChanged.set(false);
    try {
      await this.session.changePassword(this.values());
    } catch (error) {
      // Nothing was changed: shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const { currentPassword, newPassword } = this.passwords;
      return placedAt(this.passwords, { currentPassword, newPassword }, problem.errors);
    }
    this.passwords().reset(EMPTY);
    this.isChanged.set(true);
    return undefined;
  }
}
