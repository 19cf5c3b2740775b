import { Component, computed, input } from '@angular/core';
import type { SyncRun } from '@vw/shared-contracts';
import { ticking } from '../ui/clock';
import { durationText } from '../ui/time-text';
import { isActive } from './integrations-client';

const SLOT = 11;
const HEIGHT = 34;
/** A run of no measurable length is still seen. */
const SMALLEST = 3;

/** How long the last syncs took, oldest first; a failed one red, the running one solid. */
@Component({
  selector: 'vw-duration-bars',
  template: `
    @if (bars().length > 0) {
      <div class="caption small muted">
        <div>Duration, last {{ bars().length === 1 ? 'sync' : bars().length + ' syncs' }}</div>
        <div class="num">
          <strong>{{ medianText() }}</strong> median
        </div>
      </div>
      <svg [attr.width]="width()" [attr.height]="height" aria-hidden="true">
        @if (medianY(); as y) {
          <line x1="0" [attr.x2]="width()" [attr.y1]="y" [attr.y2]="y" />
        }
        @for (bar of bars(); track bar.id) {
          <rect
            [class]="bar.kind"
            [attr.x]="bar.x"
            [attr.y]="bar.y"
            [attr.height]="bar.height"
            width="8"
            rx="2"
          />
        }
      </svg>
      <ol class="visually-hidden" aria-label="Durations, oldest first">
        @for (bar of bars(); track bar.id) {
          <li>{{ bar.text }}</li>
        }
      </ol>
    }
  `,
  styles: `
    :host {
      position: relative;
      display: flex;
      align-items: center;
      gap: 16px;
    }
    .caption {
      text-align: right;
      white-space: nowrap;
    }
    strong {
      font-weight: 600;
      color: var(--vw-text);
    }
    svg {
      display: block;
      flex: none;
    }
    rect {
      fill: color-mix(in srgb, var(--mat-sys-primary) 46%, var(--vw-card));
    }
    .failed {
      fill: var(--vw-err);
    }
    .active {
      fill: var(--mat-sys-primary);
    }
    line {
      stroke: var(--mat-sys-outline-variant);
      stroke-dasharray: 2 3;
    }
    @media (max-width: 839.98px) {
      .caption {
        display: none;
      }
    }
    @media (max-width: 479.98px) {
      svg {
        max-width: 150px;
      }
    }
  `,
})
export class DurationBars {
  private readonly now = ticking(1_000);

  /** Newest first, as the history lists them. */
  readonly runs = input.required<SyncRun[]>();

  protected readonly height = HEIGHT;
  private readonly started = computed(() =>
    this.runs()
      .filter(({ startedAt }) => startedAt !== null)
      .reverse(),
  );
  private readonly durations = computed(() => this.started().map((run) => durationOf(run, this.now())));
  private readonly longest = computed(() => Math.max(1, ...this.durations()));
  private readonly median = computed(() => {
    const finished = this.started().flatMap((run) => (isActive(run) ? [] : [durationOf(run, 0)]));
    const sorted = finished.sort((a, b) => a - b);
    const upper = sorted[Math.floor(sorted.length / 2)];
    const lower = sorted[Math.ceil(sorted.length / 2) - 1];
    return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
  });

  protected readonly width = computed(() => this.started().length * SLOT);
  protected readonly medianText = computed(() => {
    const median = this.median();
    return median === undefined ? '–' : durationText(median);
  });
  protected readonly medianY = computed(() => {
    const median = this.median();
    return median === undefined ? null : HEIGHT - (median / this.longest()) * HEIGHT;
  });
  protected readonly bars = computed(() =>
    this.started().map((run, index) => {
      const duration = this.durations()[index] ?? 0;
      const height = Math.max(SMALLEST, (duration / this.longest()) * HEIGHT);
      const kind = isActive(run) ? 'active' : run.status === 'failed' ? 'failed' : 'good';
      return {
        id: run.id,
        kind,
        x: index * SLOT + 1.5,
        y: HEIGHT - height,
        height,
        text: `${durationText(duration)}, ${run.status}`,
      };
    }),
  );
}

function durationOf(run: SyncRun, now: number): number {
  if (run.startedAt === null) return 0;
  return Math.max(
    0,
    (run.finishedAt === null ? now : Date.parse(run.finishedAt)) - Date.parse(run.startedAt),
  );
}
