import { Component } from '@angular/core';
import { Icon } from '../ui/icon';

/** The page around set-up and sign-in: product mark, one card, one line below. */
@Component({
  selector: 'vw-auth-frame',
  imports: [Icon],
  template: `
    <div class="brand">
      <span class="logo"><vw-icon name="verified" [size]="20" /></span><span class="name">VerifyWise</span>
    </div>
    <main class="card"><ng-content /></main>
    <p class="muted small below"><ng-content select="[below]" /></p>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      gap: 24px;
      min-height: 100dvh;
      padding: 24px 16px;
    }
    .brand {
      display: flex;
      align-items: center;
      gap: 10px;
    }
    .logo {
      display: grid;
      place-items: center;
      width: 28px;
      height: 28px;
      border-radius: 8px;
      background: var(--mat-sys-primary);
      color: var(--mat-sys-on-primary);
    }
    .name {
      font: 600 16px / 24px var(--vw-sans);
    }
    main {
      width: min(440px, 100%);
      padding: 28px 32px;
    }
    @media (max-width: 480px) {
      main {
        padding: 20px;
      }
    }
  `,
})
export class AuthFrame {}
