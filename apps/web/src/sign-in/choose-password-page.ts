import { Component, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { Session } from '../shell/session';
import { safeReturnUrl } from '../shell/sign-in-again';
import { AuthFrame } from './auth-frame';
import { PasswordForm } from './password-form';

/** Where a one-time password leads, and nowhere else: whoever made it knows it until another is chosen. */
@Component({
  selector: 'vw-choose-password-page',
  imports: [AuthFrame, PasswordForm],
  template: `
    <vw-auth-frame>
      <h1>Choose your password</h1>
      <p class="muted">Whoever gave you the one-time password knows it. Choose one that only you know.</p>
      <vw-password-form [isOneTime]="true" (changed)="goOn()" />
      <ng-container ngProjectAs="[below]">
        Signed in as {{ me()?.email }}.
        <button class="link" type="button" (click)="signOut()">Sign out</button>
      </ng-container>
    </vw-auth-frame>
  `,
  styles: `
    h1 + p {
      margin: 2px 0 18px;
    }
  `,
})
export class ChoosePasswordPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where the person wanted to go, from the URL. */
  readonly return = input<string>();

  protected readonly me = this.session.me;

  protected async goOn(): Promise<void> {
    await this.router.navigateByUrl(safeReturnUrl(this.return()));
  }

  protected async signOut(): Promise<void> {
    await this.session.signOut();
    await this.router.navigateByUrl('/sign-in');
  }
}
