import { Component } from '@angular/core';
import { PasswordForm } from '../sign-in/password-form';

/** One's own password. */
@Component({
  selector: 'vw-password-tab',
  imports: [PasswordForm],
  template: `
    <section class="card">
      <h2>Change password</h2>
      <vw-password-form><p class="hint">Your sessions in other browsers end.</p></vw-password-form>
    </section>
  `,
  styles: `
    .card {
      display: flex;
      flex-direction: column;
      gap: 16px;
      padding: 16px 20px 20px;
    }
    @media (max-width: 839.98px) {
      .card {
        padding: 16px;
      }
    }
  `,
})
export class PasswordTab {}
