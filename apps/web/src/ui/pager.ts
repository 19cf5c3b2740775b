import { Component, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Icon } from './icon';

/** The foot of a list that comes in pages: what is shown, what else the list lets choose (its content), and the ways on. */
@Component({
  selector: 'vw-pager',
  imports: [Icon, MatIconButton],
  template: `
    <span>{{ range() }}</span>
    <span class="spacer"></span>
    <ng-content />
    <span class="ways">
      <button
        matIconButton
        type="button"
        disabledInteractive
        [attr.aria-label]="backLabel()"
        [disabled]="!hasBack()"
        (click)="goBack()"
      >
        <vw-icon name="chevron-left" [size]="20" />
      </button>
      <button
        matIconButton
        type="button"
        disabledInteractive
        [attr.aria-label]="onLabel()"
        [disabled]="!hasOn()"
        (click)="goOn()"
      >
        <vw-icon name="chevron-right" [size]="20" />
      </button>
    </span>
  `,
  styles: `
    :host {
      flex-wrap: wrap;
    }
    .ways {
      display: inline-flex;
    }
    @media (max-width: 839.98px) {
      :host {
        --mat-icon-button-state-layer-size: 44px;
        --mat-icon-button-touch-target-size: 44px;
      }
    }
  `,
  host: { class: 'table-foot num' },
})
export class Pager {
  readonly range = input.required<string>();
  readonly hasBack = input.required<boolean>();
  readonly hasOn = input.required<boolean>();
  readonly backLabel = input('Previous page');
  readonly onLabel = input('Next page');
  readonly wentBack = output();
  readonly wentOn = output();

  /** A button at its end keeps the focus, so it can still be pressed. */
  protected goBack(): void {
    if (this.hasBack()) this.wentBack.emit();
  }

  protected goOn(): void {
    if (this.hasOn()) this.wentOn.emit();
  }
}
