import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ModelVersionPage, ModelVersionRow, VersionSort } from '@vw/shared-contracts';
import { Clipped } from '../ui/clipped';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { Pager } from '../ui/pager';
import { counted } from '../ui/time-text';
import { StageMark } from './stage-mark';
import { ROW_CHOICES, TableState } from './table-state';

/** One page and its place among all. */
export interface ShownPage {
  page: ModelVersionPage;
  /** From 1; null where it is not known. */
  firstRow: number | null;
  /** Rows of all pages; null where it is not known. */
  total: number | null;
}

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
  imports: [Clipped, Icon, Instant, Pager, RouterLink, StageMark],
  templateUrl: './version-table.html',
  styleUrl: './version-table.scss',
})
export class VersionTable {
  readonly shown = input.required<ShownPage>();

  protected readonly table = inject(TableState);
  protected readonly columns = COLUMNS;
  protected readonly rowChoices = ROW_CHOICES;
  protected readonly range = computed(() => rangeText(this.shown()));

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

/** Says no more than is known: the place is lost in a link, and a total older than the rows may be too small for them. */
function rangeText({ page: { items }, firstRow, total }: ShownPage): string {
  if (items.length === 0) return firstRow === 1 ? '0 versions' : 'No versions on this page';
  if (firstRow === null) return `${counted(items.length, 'version')} on this page`;
  const last = firstRow + items.length - 1;
  const range = [...new Set([firstRow, last])].map((row) => row.toLocaleString('en-US')).join('–');
  if (total === null || total < last) return `Versions ${range}`;
  return `${range} of ${counted(total, 'version')}`;
}
