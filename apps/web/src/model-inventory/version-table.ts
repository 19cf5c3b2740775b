import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ModelVersionPage, ModelVersionRow, VersionSort } from '@vw/shared-contracts';
import type { Shown } from '../shell/paged-list';
import { Clipped } from '../ui/clipped';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { Pager } from '../ui/pager';
import { rangeText } from '../ui/range-text';
import { GapChip } from './gap-chip';
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
  { text: 'Created date', sort: 'createdAt', name: 'date created' },
  { text: 'Last updated', sort: 'updatedAt', name: 'date' },
  { text: 'Description', sort: null, name: 'description' },
  { text: 'Actions', sort: null, name: 'actions' },
];

/** One page of versions in the guide's seven columns; list rows on a phone. */
@Component({
  selector: 'vw-version-table',
  imports: [Clipped, GapChip, Icon, Instant, Pager, RouterLink, StageMark],
  templateUrl: './version-table.html',
  styleUrl: './version-table.scss',
})
export class VersionTable {
  readonly shown = input.required<Shown<ModelVersionPage>>();

  protected readonly table = inject(TableState);
  protected readonly columns = COLUMNS;
  protected readonly rowChoices = ROW_CHOICES;
  protected readonly range = computed(() => {
    const { page, firstRow, total } = this.shown();
    return rangeText({ count: page.items.length, firstRow, total }, 'version');
  });

  protected ariaSort(column: Column): 'ascending' | 'descending' | 'none' | null {
    if (column.sort === null) return null;
    if (this.table.sort() !== column.sort) return 'none';
    return this.table.order() === 'asc' ? 'ascending' : 'descending';
  }

  protected linkName({ modelName, version, removedAt }: ModelVersionRow): string {
    return `View details of ${modelName} version ${version}${removedAt === null ? '' : ', removed'}`;
  }

  protected setRows(value: string): void {
    this.table.setRows(Number(value));
  }
}
