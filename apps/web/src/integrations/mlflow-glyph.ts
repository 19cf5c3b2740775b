import { Component, input } from '@angular/core';

@Component({
  selector: 'vw-mlflow-glyph',
  template: `
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 18V9l8 7 8-7v9" />
      <circle cx="4" cy="6" r="1.6" />
      <circle cx="20" cy="6" r="1.6" />
    </svg>
  `,
  styles: `
    :host {
      display: grid;
      place-items: center;
      flex: none;
      border: 1px solid var(--vw-line);
      border-radius: 11px;
      background: var(--vw-card);
    }
    svg {
      width: 56%;
      fill: none;
      stroke: var(--mat-sys-primary);
      stroke-width: 2;
      stroke-linecap: round;
    }
    circle {
      fill: var(--mat-sys-primary);
    }
  `,
  host: { '[style.width.px]': 'size()', '[style.height.px]': 'size()' },
})
export class MlflowGlyph {
  readonly size = input(44);
}
