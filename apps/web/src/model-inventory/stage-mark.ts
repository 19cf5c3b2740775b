import { Component, input } from '@angular/core';
import type { Stage } from '@vw/shared-contracts';

/** A lifecycle stage as shape and word: Production full, Staging half, None dashed, Archived barred. */
@Component({
  selector: 'vw-stage-mark',
  template: `
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      @switch (stage()) {
        @case ('Production') {
          <circle cx="6" cy="6" r="5.5" fill="currentColor" />
        }
        @case ('Staging') {
          <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.5" />
          <path d="M6 2.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" />
        }
        @case ('None') {
          <circle
            cx="6"
            cy="6"
            r="5"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-dasharray="2 1.9"
          />
        }
        @case ('Archived') {
          <circle cx="6" cy="6" r="5.5" fill="currentColor" />
          <path d="M3.5 6h5" stroke="var(--vw-card)" stroke-width="1.6" />
        }
      }
    </svg>
    {{ stage() }}
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 7px;
      font-weight: 500;
      white-space: nowrap;
    }
    svg {
      flex: none;
      color: var(--vw-muted);
    }
    :host(.production) svg,
    :host(.staging) svg {
      color: var(--mat-sys-primary);
    }
  `,
  host: { '[class.production]': "stage() === 'Production'", '[class.staging]': "stage() === 'Staging'" },
})
export class StageMark {
  readonly stage = input.required<Stage>();
}
