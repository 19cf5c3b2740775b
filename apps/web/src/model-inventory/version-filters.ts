import {
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import type { StageCounts, VersionSort } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { STAGE_ORDER } from './stages';
import { type GapFilter, TableState } from './table-state';

/** Typing pauses this long before it is searched, in milliseconds. */
const TYPING_MS = 250;

/** What the column heads offer on a wide screen, in one list. */
const SORT_CHOICES: readonly { text: string; sort: VersionSort; order: 'asc' | 'desc' }[] = [
  { text: 'Recently updated', sort: 'updatedAt', order: 'desc' },
  { text: 'Longest unchanged', sort: 'updatedAt', order: 'asc' },
  { text: 'Newest', sort: 'createdAt', order: 'desc' },
  { text: 'Oldest', sort: 'createdAt', order: 'asc' },
  { text: 'Name, A to Z', sort: 'modelName', order: 'asc' },
  { text: 'Name, Z to A', sort: 'modelName', order: 'desc' },
  { text: 'Version, lowest', sort: 'version', order: 'asc' },
  { text: 'Version, highest', sort: 'version', order: 'desc' },
  { text: 'Status, ascending', sort: 'stage', order: 'asc' },
  { text: 'Status, descending', sort: 'stage', order: 'desc' },
];

const GAP_CHOICES: readonly { text: string; gap: GapFilter | '' }[] = [
  { text: 'Any governance', gap: '' },
  { text: 'With governance gaps', gap: 'any' },
  { text: 'No bias assessment', gap: 'bias-assessment' },
  { text: 'No security review', gap: 'security-review' },
  { text: 'No privacy evaluation', gap: 'privacy-evaluation' },
];

/** Search by a part of the name, one stage or all, reviews that lack, removed versions or not; on a phone the order too. */
@Component({
  selector: 'vw-version-filters',
  imports: [Icon],
  templateUrl: './version-filters.html',
  styleUrls: ['../ui/list-filters.scss', './version-filters.scss'],
})
export class VersionFilters {
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly stages = input.required<StageCounts>();
  readonly held = input.required<number>();
  /** The reader goes on to the list. */
  readonly entered = output();

  protected readonly table = inject(TableState);
  protected readonly sortChoices = SORT_CHOICES;
  protected readonly gapChoices = GAP_CHOICES;
  protected readonly choices = computed(() => [
    { text: 'All', stage: null, count: this.held() },
    ...STAGE_ORDER.map((stage) => ({ text: stage, stage, count: this.stages()[stage] })),
  ]);
  /** As typed: a space before the next word is not taken back when the search without it reaches the URL. */
  protected readonly text = linkedSignal<string, string>({
    source: this.table.search,
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
    this.typing = setTimeout(() => this.table.setSearch(text.trim()), TYPING_MS);
  }

  /** Enter and the down arrow go on to the list; Esc empties the field, and leaves it once it is empty. */
  protected leave(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === 'ArrowDown') this.entered.emit();
    else if (event.key !== 'Escape' || this.text() !== '') return;
    else this.field().nativeElement.blur();
    event.preventDefault();
  }

  protected sortBy(text: string): void {
    const choice = SORT_CHOICES.find((choice) => choice.text === text);
    if (choice !== undefined) this.table.setSort(choice.sort, choice.order);
  }
}
