import type { HarnessLoader } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { Component, inject, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { ModelVersionPage, ModelVersionRow } from '@vw/shared-contracts';
import type { Shown } from '../shell/paged-list';
import { TableState } from './table-state';
import { VersionTable } from './version-table';

type ShownPage = Shown<ModelVersionPage>;

const ROW: ModelVersionRow = {
  id: 'v1',
  modelName: 'credit-risk-pd',
  version: '7',
  stage: 'Production',
  aliases: ['champion'],
  createdAt: '2026-11-18T08:41:07Z',
  updatedAt: '2026-11-24T13:00:00Z',
  description: '',
  removedAt: null,
  openGaps: null,
  live: true,
};

const shownOf = (
  count: number,
  rest: Partial<ShownPage> & { nextCursor?: string | null } = {},
): ShownPage => ({
  page: {
    items: Array.from({ length: count }, (_, row) => ({ ...ROW, id: `v${row}` })),
    nextCursor: rest.nextCursor ?? null,
    total: null,
  },
  firstRow: rest.firstRow === undefined ? 1 : rest.firstRow,
  total: rest.total ?? null,
});

const shown = signal(shownOf(1));

@Component({
  imports: [VersionTable],
  template: '<vw-version-table [shown]="shown()" />',
  providers: [TableState],
})
class List {
  readonly table = inject(TableState);
  readonly shown = shown;
}

describe('the table of versions', () => {
  let harness: RouterTestingHarness;
  let loader: HarnessLoader;
  let list: List;
  let page: HTMLElement;

  const open = async (url: string, content: ShownPage) => {
    shown.set(content);
    list = await harness.navigateByUrl(url, List);
    await harness.fixture.whenStable();
    loader = TestbedHarnessEnvironment.loader(harness.fixture);
    page = harness.fixture.nativeElement;
  };
  const heads = () => Array.from(page.querySelectorAll('th'));
  const range = () => page.querySelector('vw-pager')?.textContent ?? '';
  const button = (name: string) =>
    loader.getHarness(MatButtonHarness.with({ selector: `[aria-label="${name}"]` }));
  const query = () => {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([{ path: 'list', component: List }])] });
    harness = await RouterTestingHarness.create();
  });

  it('has the seven columns of the guide in its order', async () => {
    await open('/list', shownOf(1));
    expect(heads().map((head) => head.textContent?.trim())).toEqual([
      'Model name',
      'Version',
      'Lifecycle status',
      'Created date',
      'Last updated',
      'Description',
      'Actions',
    ]);
  });

  it('tells which column orders the rows, and which cannot', async () => {
    await open('/list?sort=version&order=asc', shownOf(1));
    expect(heads().map((head) => head.getAttribute('aria-sort'))).toEqual([
      'none',
      'ascending',
      'none',
      'none',
      'none',
      null,
      null,
    ]);
  });

  it('orders by a column that is pressed, and the other way round when it is pressed again', async () => {
    await open('/list', shownOf(1));
    const press = async () => {
      heads()[0]?.querySelector('button')?.click();
      await harness.fixture.whenStable();
      return heads()[0]?.getAttribute('aria-sort');
    };
    expect(await press()).toBe('ascending');
    expect(await press()).toBe('descending');
  });

  it('marks a removed version with the word, and in the name of its link', async () => {
    const content = shownOf(2);
    content.page.items[1] = { ...ROW, id: 'gone', removedAt: '2026-11-24T13:00:00Z' };
    await open('/list?removed=true', content);
    const rows = Array.from(page.querySelectorAll('tbody tr'));
    expect(rows.map((row) => row.textContent?.includes('Removed'))).toEqual([false, true]);
    expect(rows[1]?.querySelector('a')?.getAttribute('aria-label')).toBe(
      'View details of credit-risk-pd version 7, removed',
    );
  });

  it('says that MLflow holds no description instead of leaving the cell empty', async () => {
    await open('/list', shownOf(1));
    expect(page.querySelector('td.description')?.textContent?.trim()).toBe('No description in MLflow');
  });

  it.each<[string, ShownPage, string]>([
    ['the first page', shownOf(10, { total: 1347 }), '1–10 of 1,347 versions'],
    ['a later page', shownOf(10, { firstRow: 1021, total: 1347 }), '1,021–1,030 of 1,347 versions'],
    ['a last page of one row', shownOf(1, { firstRow: 11, total: 11 }), '11 of 11 versions'],
    ['a page of unknown total', shownOf(10, { firstRow: 11 }), 'Versions 11–20'],
    ['more rows than the total that was told', shownOf(10, { firstRow: 11, total: 15 }), 'Versions 11–20'],
    ['a page that a link led to', shownOf(10, { firstRow: null }), '10 versions on this page'],
    ['an empty page behind the first', shownOf(0, { firstRow: 11, total: 10 }), 'No versions on this page'],
    ['an empty list', shownOf(0, { total: 0 }), '0 versions'],
  ])('says no more than it knows of %s', async (_, content, text) => {
    await open('/list?cursor=c', content);
    expect(range()).toContain(text);
  });

  it('stops at both ends of the list', async () => {
    await open('/list', shownOf(1));
    expect(await (await button('Previous page')).isDisabled()).toBe(true);
    expect(await (await button('Next page')).isDisabled()).toBe(true);
    await (await button('Next page')).click();
    expect(query()).toEqual({});
  });

  it('goes to the next page and back', async () => {
    await open('/list', shownOf(10, { nextCursor: 'two', total: 12 }));
    await (await button('Next page')).click();
    expect(query()).toEqual({ cursor: 'two' });
    await (await button('Previous page')).click();
    expect(query()).toEqual({});
  });

  it('offers the first page where a link led into the middle', async () => {
    await open('/list?cursor=deep', shownOf(10, { firstRow: null }));
    await (await button('First page')).click();
    expect(query()).toEqual({});
  });

  it('opens a version without leaving its page or forgetting its place', async () => {
    await open('/list', shownOf(10, { nextCursor: 'two', total: 12 }));
    await (await button('Next page')).click();
    page.querySelector<HTMLElement>('[data-version]')?.click();
    await harness.fixture.whenStable();
    expect(query()).toEqual({ cursor: 'two', version: 'v0' });
    expect(list.table.firstRow()).toBe(11);
  });
});
