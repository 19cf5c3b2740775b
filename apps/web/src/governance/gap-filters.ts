import {
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  linkedSignal,
  viewChild,
} from '@angular/core';
import type { StageCounts } from '@vw/shared-contracts';
import { STAGE_ORDER } from '../model-inventory/stages';
import { Icon } from '../ui/icon';
import { GapState } from './gap-state';
import { REQUIREMENTS } from './review-words';

/** Typing pauses this long before it is searched, in milliseconds. */
const TYPING_MS = 250;

/** Search by a part of the name, one stage or all, one review or any. */
@Component({
  selector: 'vw-gap-filters',
  imports: [Icon],
  template: `
    <label class="search">
      <vw-icon class="muted" name="search" />
      <span class="visually-hidden">Search models</span>
      <input
        #field
        type="search"
        placeholder="Search models"
        spellcheck="false"
        autocomplete="off"
        maxlength="512"
        [value]="text()"
        (input)="type(field.value)"
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
    <div class="chips" role="group" aria-label="Lifecycle status">
      @for (choice of choices(); track choice.text) {
        <button
          type="button"
          class="filter-chip"
          [class.on]="state.stage() === choice.stage"
          [attr.aria-pressed]="state.stage() === choice.stage"
          (click)="state.setStage(choice.stage)"
        >
          @if (state.stage() === choice.stage) {
            <vw-icon name="check" [size]="16" />
          }
          {{ choice.text }} <span class="num count">{{ choice.count?.toLocaleString('en-US') }}</span>
        </button>
      }
    </div>
    <label class="filter-chip" [class.on]="state.requirement() !== null">
      <span class="visually-hidden">Requirement</span>
      <select #requirement (change)="state.setRequirement(requirement.value)">
        <option value="" [selected]="state.requirement() === null">Any requirement</option>
        @for (choice of requirements; track choice.requirement) {
          <option [value]="choice.requirement" [selected]="choice.requirement === state.requirement()">
            {{ choice.name }}
          </option>
        }
      </select>
    </label>
    <span class="sum muted num" role="status">{{ sum() }}</span>
  `,
  styleUrl: '../ui/list-filters.scss',
})
export class GapFilters {
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private typing: ReturnType<typeof setTimeout> | undefined;

  /** Versions with gaps of each stage; null where that is not known. */
  readonly stages = input.required<StageCounts | null>();
  /** Gaps and versions, in words. */
  readonly sum = input.required<string>();

  protected readonly state = inject(GapState);
  protected readonly requirements = REQUIREMENTS;
  /** Stages without gaps take no room, unless one is chosen. */
  protected readonly choices = computed(() => {
    const stages = this.stages();
    const shown = STAGE_ORDER.filter((stage) => (stages?.[stage] ?? 0) > 0 || this.state.stage() === stage);
    const all = stages && STAGE_ORDER.reduce((sum, stage) => sum + stages[stage], 0);
    return [
      { text: 'All stages', stage: null, count: all },
      ...shown.map((stage) => ({ text: stage, stage, count: stages && stages[stage] })),
    ];
  });
  /** As typed: a space before the next word is not taken back when the search without it reaches the URL. */
  protected readonly text = linkedSignal<string, string>({
    source: this.state.search,
    computation: (search, typed) => (typed?.value.trim() === search ? typed.value : search),
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.typing));
  }

  focus(): void {
    this.field().nativeElement.focus();
  }

  protected type(text: string): void {
    this.text.set(text);
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.state.setSearch(text.trim()), TYPING_MS);
  }
}
