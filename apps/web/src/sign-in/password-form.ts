import { Component, computed, inject, input, output, signal } from '@angular/core';
import { form, FormRoot, minLength, required, type TreeValidationResult } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Session } from '../shell/session';
import { Banner } from '../ui/banner';
import { placedAt } from '../ui/field-errors';
import { MIN_PASSWORD_LENGTH, PasswordInput } from '../ui/password-input';
import { problemOf } from '../ui/problem';

const EMPTY = { currentPassword: '', newPassword: '' };

const OWN = {
  current: { label: 'Current password', missing: 'Enter your current password.', hint: '' },
  next: { label: 'New password', missing: 'Choose a new password.' },
  action: 'Change password',
};
const ONE_TIME = {
  current: {
    label: 'One-time password',
    missing: 'Enter the one-time password.',
    hint: 'The one that you have just signed in with.',
  },
  next: { label: 'Your password', missing: 'Choose a password.' },
  action: 'Choose password',
};

/** Replaces one's own password, or the one-time password that one was given. */
@Component({
  selector: 'vw-password-form',
  imports: [Banner, FormRoot, MatButton, PasswordInput],
  templateUrl: './password-form.html',
  styles: `
    form {
      display: flex;
      flex-direction: column;
      gap: 16px;
    }
    .field {
      max-width: 400px;
    }
    .end {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
    }
    .wide {
      width: 100%;
      height: 40px;
    }
  `,
})
export class PasswordForm {
  private readonly session = inject(Session);

  readonly isOneTime = input(false);
  readonly changed = output();

  protected readonly me = this.session.me;
  protected readonly words = computed(() => (this.isOneTime() ? ONE_TIME : OWN));
  protected readonly isChanged = signal(false);
  protected readonly failure = signal<string | null>(null);
  protected readonly passwords = form(
    signal(EMPTY),
    (path) => {
      required(path.currentPassword, { message: () => this.words().current.missing });
      required(path.newPassword, { message: () => this.words().next.missing });
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
      await this.session.changePassword(this.passwords().value());
    } catch (error) {
      // Nothing was changed: shown beside the fields it names, or above them.
      const problem = problemOf(error);
      if (problem.errors.length === 0) this.failure.set(problem.detail);
      const { currentPassword, newPassword } = this.passwords;
      return placedAt(this.passwords, { currentPassword, newPassword }, problem.errors);
    }
    this.passwords().reset(EMPTY);
    this.isChanged.set(true);
    this.changed.emit();
    return undefined;
  }
}
