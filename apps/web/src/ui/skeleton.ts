import { Component, input } from '@angular/core';

/** A grey stand-in of known size. Shows after 200 ms only: quick answers should not flicker. */
@Component({
  selector: 'vw-skeleton',
  template: '',
  styles: `
    :host {
      display: block;
      max-width: 100%;
      border-radius: 5px;
      background: color-mix(in srgb, var(--mat-sys-on-surface) 9%, transparent);
      animation: appear 120ms ease-out 200ms backwards;
    }
    @keyframes appear {
      from {
        opacity: 0;
      }
    }
  `,
  host: { 'aria-hidden': 'true', '[style.width]': 'width()', '[style.height.px]': 'height()' },
})
export class Skeleton {
  readonly width = input('100%');
  readonly height = input(12);
}
