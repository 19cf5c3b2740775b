import { Component, computed, input } from '@angular/core';
import type { InventorySummary } from '@vw/shared-contracts';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { heldVersions } from './stages';

/** The four numbers; one strip without hints on a phone. */
@Component({
  selector: 'vw-summary-cards',
  imports: [Skeleton],
  template: `
    @for (card of cards(); track card.label) {
      <section class="card" [attr.aria-label]="card.label">
        <div class="label">{{ card.label }}</div>
        <div class="figure">
          @if (card.value === null) {
            <vw-skeleton width="64px" [height]="24" />
          } @else {
            <b class="num">{{ card.value }}</b> <span class="hint">{{ card.hint }}</span>
          }
        </div>
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(4, minmax(0, 1fr));
      gap: 12px;
    }
    .card {
      min-width: 0;
      padding: 12px 16px;
    }
    .label {
      font: var(--mat-sys-label-medium);
      color: var(--vw-muted);
    }
    .figure {
      display: flex;
      align-items: baseline;
      gap: 6px;
      min-height: 32px;
    }
    b {
      font: var(--mat-sys-headline-small);
    }
    vw-skeleton {
      align-self: center;
    }
    @media (max-width: 1239.98px) {
      .figure {
        flex-direction: column;
        align-items: flex-start;
        gap: 0;
        min-height: 48px;
      }
      vw-skeleton {
        align-self: flex-start;
        margin-top: 4px;
      }
    }
    @media (max-width: 839.98px) {
      :host {
        gap: 0;
        padding: 12px 0;
        border: 1px solid var(--vw-line);
        border-radius: 12px;
        background: var(--vw-card);
        grid-template-columns: repeat(3, minmax(0, 1fr)) auto;
      }
      .card {
        display: flex;
        flex-direction: column-reverse;
        padding: 0 12px;
        border: 0;
        border-left: 1px solid var(--vw-line);
        border-radius: 0;
        background: none;
      }
      .card:first-child {
        border-left-color: transparent;
      }
      .figure {
        min-height: 32px;
      }
      .hint {
        display: none;
      }
    }
  `,
})
export class SummaryCards {
  /** Undefined while it is read. */
  readonly summary = input.required<InventorySummary | undefined>();

  protected readonly cards = computed(() => {
    const summary = this.summary();
    const versions = summary === undefined ? '' : counted(heldVersions(summary), 'version');
    // Nothing was read yet: nobody knows how many there are.
    if (summary !== undefined && !summary.configured && summary.lastSyncedAt === null) return UNKNOWN;
    return [
      { label: 'Models', value: textOf(summary?.models), hint: versions },
      { label: 'Active', value: textOf(summary?.active), hint: 'In Production' },
      { label: 'Staging', value: textOf(summary?.staging), hint: 'Waiting for promotion' },
      { label: 'Experiments', value: textOf(summary?.experiments), hint: 'Linked to these models' },
    ];
  });
}

const UNKNOWN = ['Models', 'Active', 'Staging', 'Experiments'].map((label) => ({
  label,
  value: '–',
  hint: 'Not connected',
}));

function textOf(count: number | undefined): string | null {
  return count?.toLocaleString('en-US') ?? null;
}
