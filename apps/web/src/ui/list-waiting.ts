import { Component, computed, input } from '@angular/core';
import { Skeleton } from './skeleton';

/** Names differ in length. */
const WIDTHS = ['38%', '52%', '30%', '56%', '44%'] as const;

/** Stands for the table while its rows are read, as high as they will be. */
@Component({
  selector: 'vw-list-waiting',
  imports: [Skeleton],
  template: `
    <div class="head"></div>
    @for (width of widths(); track $index) {
      <div class="row">
        <vw-skeleton [width]="width" /><span class="spacer"></span><vw-skeleton width="72px" /><vw-skeleton
          width="64px"
          [height]="20"
        />
      </div>
    }
    <div class="foot"></div>
  `,
  styles: `
    .head {
      height: 36px;
      border-bottom: 1px solid var(--vw-line);
    }
    .row {
      display: flex;
      align-items: center;
      gap: 16px;
      height: var(--vw-row-height, 42px);
      padding: 0 20px;
      border-bottom: 1px solid var(--vw-line);
    }
    .foot {
      height: 44px;
    }
    @media (max-width: 839.98px) {
      .head {
        display: none;
      }
      .row {
        height: 74px;
        padding: 0 16px;
      }
    }
  `,
  host: { 'aria-hidden': 'true' },
})
export class ListWaiting {
  readonly rows = input.required<number>();

  protected readonly widths = computed(() =>
    Array.from({ length: this.rows() }, (_, row) => WIDTHS[row % WIDTHS.length] ?? '40%'),
  );
}
