import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { ModelVersionPage, VersionSort } from '@vw/shared-contracts';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { StageMark } from './stage-mark';
import { ROW_CHOICES, TableState } from './table-state';

interface Column {
  text: string;
  sort: VersionSort | null;
  name: string;
}

const COLUMNS: readonly Column[] = [
  { text: 'Model name', sort: 'modelName', name: 'model' },
  { text: 'Version', sort: 'version', name: 'version' },
  { text: 'Lifecycle status', sort: 'stage', name: 'stage' },
  { text: 'Created date', sort: 'createdAt', name: 'date' },
  { text: 'Last updated', sort: 'updatedAt', name: 'date' },
  { text: 'Description', sort: null, name: 'description' },
  { text: 'Actions', sort: null, name: 'actions' },
];

/** One page of versions in the guide's seven columns; list rows on a phone. */
@Component({
  selector: 'vw-version-table',
  imports: [Icon, Instant, MatIconButton, RouterLink, StageMark],
  templateUrl: './version-table.html',
  styleUrl: './version-table.scss',
})
export class VersionTable {
  readonly page = input.required<ModelVersionPage>();

  protected readonly table = inject(TableState);
  protected readonly columns = COLUMNS;
  protected readonly rowChoices = ROW_CHOICES;
  /** Told with the first page only. */
  private readonly total = linkedSignal<number | null, number | null>({
    source: () => this.page().total,
    computation: (total, previous) => total ?? previous?.value ?? null,
  });
  protected readonly range = computed(() => {
    const first = this.table.page() * this.table.rows() + 1;
    const last = first + this.page().items.length - 1;
    const total = this.total();
    return `${first}–${last}${total === null ? '' : ` of ${total.toLocaleString('en-US')}`} versions`;
  });

  protected ariaSort(column: Column): 'ascending' | 'descending' | 'none' | null {
    if (column.sort === null) return null;
    if (this.table.sort() !== column.sort) return 'none';
    return this.table.order() === 'asc' ? 'ascending' : 'descending';
  }

  protected next(): void {
    const cursor = this.page().nextCursor;
    if (cursor !== null) this.table.next(cursor);
  }

  protected setRows(value: string): void {
    this.table.setRows(Number(value));
  }
}
