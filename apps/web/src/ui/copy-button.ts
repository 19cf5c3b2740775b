import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, input, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Icon } from './icon';

/** Copies one value; says so for a moment. */
@Component({
  selector: 'vw-copy-button',
  imports: [Icon, MatIconButton],
  template: `
    <button matIconButton type="button" [attr.aria-label]="'Copy ' + what()" (click)="copy()">
      <vw-icon [name]="copied() ? 'check' : 'copy'" [size]="14" />
    </button>
    <span class="visually-hidden" role="status">{{ copied() ? 'Copied' : '' }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      color: var(--vw-muted);
      --mat-icon-button-state-layer-size: 24px;
      --mat-icon-button-touch-target-size: 24px;
      --mat-icon-button-icon-size: 14px;
    }
    button {
      padding: 0;
      color: inherit;
    }
    @media (max-width: 839.98px) {
      :host {
        --mat-icon-button-touch-target-size: 44px;
        --mat-icon-button-touch-target-display: block;
      }
    }
  `,
})
export class CopyButton {
  private readonly clipboard = inject(Clipboard);

  readonly what = input.required<string>();
  readonly value = input.required<string>();

  protected readonly copied = signal(false);

  protected copy(): void {
    this.copied.set(this.clipboard.copy(this.value()));
    setTimeout(() => this.copied.set(false), 2_000);
  }
}
