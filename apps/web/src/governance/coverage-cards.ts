import { Component, computed, input, output } from '@angular/core';
import type { GovernanceSummary, Requirement, RequirementCoverage } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { REQUIREMENTS } from './review-words';

const PARTS: readonly { key: Exclude<keyof RequirementCoverage, 'requirement'>; word: string }[] = [
  { key: 'covered', word: 'attested' },
  { key: 'missing', word: 'missing' },
  { key: 'expired', word: 'expired' },
  { key: 'failed', word: 'failed' },
  { key: 'waived', word: 'waived' },
  { key: 'unknown', word: 'unknown' },
];

/** How many live versions have each review. A card filters the list by its review, and a second click takes that back. */
@Component({
  selector: 'vw-coverage-cards',
  imports: [Icon, Skeleton],
  template: `
    @for (card of cards(); track card.requirement) {
      <section class="card" [class.on]="chosen() === card.requirement">
        <h2>
          <vw-icon [name]="card.icon" [size]="20" />
          <button
            type="button"
            [attr.aria-pressed]="chosen() === card.requirement"
            (click)="picked.emit(chosen() === card.requirement ? null : card.requirement)"
          >
            {{ card.name }}
          </button>
        </h2>
        @if (card.figure !== null) {
          <div class="figure">
            <b class="num">{{ card.figure }}</b> <span class="muted num">{{ card.hint }}</span>
          </div>
          <div class="bar" aria-hidden="true">
            @for (part of card.parts; track part.key) {
              @if (part.count > 0) {
                <i [class]="part.key" [style.flex-grow]="part.count"></i>
              }
            }
          </div>
          <ul class="legend small num">
            @for (part of card.parts; track part.key) {
              <li><i [class]="part.key" aria-hidden="true"></i>{{ part.text }}</li>
            }
          </ul>
        } @else {
          <div class="figure"><vw-skeleton width="96px" [height]="24" /></div>
          <div class="bar"><vw-skeleton [height]="8" /></div>
          <div class="legend"><vw-skeleton width="160px" [height]="16" /></div>
        }
      </section>
    }
  `,
  styleUrl: './coverage-cards.scss',
})
export class CoverageCards {
  /** Undefined while it is read. */
  readonly summary = input.required<GovernanceSummary | undefined>();
  readonly chosen = input.required<Requirement | null>();
  readonly picked = output<Requirement | null>();

  protected readonly cards = computed(() => {
    const summary = this.summary();
    return REQUIREMENTS.map(({ requirement, name, icon }) => {
      const coverage = summary?.requirements.find((one) => one.requirement === requirement);
      const live = summary?.live ?? 0;
      return {
        ...{ requirement, name, icon },
        figure: coverage === undefined ? null : figureOf(coverage, live),
        hint: coverage === undefined ? '' : hintOf(coverage, live),
        parts: coverage === undefined ? [] : partsOf(coverage),
      };
    });
  });
}

/** Rounded down: 100 % is said of all of them only. Nothing known is not nothing attested. */
function figureOf({ covered, unknown }: RequirementCoverage, live: number): string {
  if (live === 0) return '–';
  return unknown === live ? 'Unknown' : `${Math.floor((100 * covered) / live)} %`;
}

function hintOf({ covered, unknown }: RequirementCoverage, live: number): string {
  if (live === 0) return 'No live versions';
  return unknown === live
    ? counted(live, 'live version')
    : `${covered.toLocaleString('en-US')} of ${counted(live, 'live version')}`;
}

function partsOf(coverage: RequirementCoverage) {
  return PARTS.map(({ key, word }) => ({
    ...{ key, count: coverage[key] },
    text: `${coverage[key].toLocaleString('en-US')} ${word}`,
  })).filter(({ key, count }) => count > 0 || key === 'covered');
}
