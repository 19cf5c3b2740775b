import { Component, computed, ElementRef, inject, input, viewChild } from '@angular/core';
import { STAGE_ORDER } from './stages';
import type { StageCounts } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { TableState } from './table-state';

/** Typing pauses this long before it is searched, in milliseconds. */
const TYPING_MS = 250;

/** Search by a part of the name, and one stage or all. */
@Component({
  selector: 'vw-version-filters',
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
        [value]="table.search()"
        (input)="type(field.value)"
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
    <div class="stages" role="group" aria-label="Lifecycle status">
      @for (choice of choices(); track choice.text) {
        <button
          type="button"
          [class.on]="table.stage() === choice.stage"
          [attr.aria-pressed]="table.stage() === choice.stage"
          (click)="table.setStage(choice.stage)"
        >
          @if (table.stage() === choice.stage) {
            <vw-icon name="check" [size]="16" />
          }
          {{ choice.text }} <span class="num count">{{ choice.count }}</span>
        </button>
      }
    </div>
  `,
  styleUrl: './version-filters.scss',
})
export class VersionFilters {
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly stages = input.required<StageCounts>();
  readonly held = input.required<number>();

  protected readonly table = inject(TableState);
  protected readonly choices = computed(() => [
    { text: 'All', stage: null, count: this.held() },
    ...STAGE_ORDER.map((stage) => ({ text: stage, stage, count: this.stages()[stage] })),
  ]);

  focus(): void {
    this.field().nativeElement.focus();
  }

  protected type(text: string): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.table.setSearch(text.trim()), TYPING_MS);
  }
}
