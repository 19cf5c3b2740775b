import { Location } from '@angular/common';
import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { ModelVersionPage } from '@vw/shared-contracts';
import { TableState } from './table-state';

@Component({ template: '', providers: [TableState] })
class Page {
  readonly table = inject(TableState);
}

const page = (nextCursor: string | null, total: number | null = null): ModelVersionPage => ({
  items: [],
  nextCursor,
  total,
});

describe('the state of the table', () => {
  let harness: RouterTestingHarness;
  let location: Location;
  let table: TableState;

  const open = async (url: string) => {
    table = (await harness.navigateByUrl(url, Page)).table;
  };
  const settled = () => new Promise((done) => setTimeout(done));
  const go = async (change: () => void) => {
    change();
    await settled();
  };
  const query = () => TestBed.inject(Router).parseUrl(location.path()).queryParams;

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([{ path: 'list', component: Page }])] });
    // A visit as in a browser: Back and Forward reach the router.
    TestBed.inject(Router).setUpLocationChangeListener();
    harness = await RouterTestingHarness.create();
    location = TestBed.inject(Location);
  });

  it('asks for what a link says: filters, order, rows, removed versions and the page', async () => {
    await open(
      '/list?search=risk&stage=Staging&sort=version&order=asc&rows=25&removed=true&gap=any&cursor=abc&version=v1',
    );
    expect(table.params()).toEqual({
      search: 'risk',
      stage: 'Staging',
      sort: 'version',
      order: 'asc',
      limit: 25,
      removed: 'true',
      gap: 'any',
      cursor: 'abc',
    });
    expect(table.openId()).toBe('v1');
  });

  it('leaves out what a mistyped link holds', async () => {
    await open('/list?stage=Live&sort=name&order=up&rows=7&removed=yes&gap=all&cursor=');
    expect(table.params()).toEqual({ sort: 'updatedAt', order: 'desc', limit: 10 });
  });

  it('keeps the page in the URL, and Back and Forward walk the pages', async () => {
    await open('/list');
    await go(() => table.next(page('two', 35)));
    await go(() => table.next(page('three')));
    expect(query()).toEqual({ cursor: 'three' });
    expect([table.firstRow(), table.total()]).toEqual([21, 35]);

    await go(() => location.back());
    expect([table.cursor(), table.firstRow(), table.total()]).toEqual(['two', 11, 35]);
    await go(() => location.back());
    expect([table.cursor(), table.firstRow()]).toEqual([null, 1]);
    await go(() => location.forward());
    expect([table.cursor(), table.firstRow()]).toEqual(['two', 11]);
  });

  it('knows after a reload where the page stands', async () => {
    await open('/list');
    await go(() => table.next(page('two', 35)));
    const reloaded = TestBed.runInInjectionContext(() => TestBed.createComponent(Page));
    expect(reloaded.componentInstance.table.knowsPrevious()).toBe(true);
    expect(location.getState()).toMatchObject({ walk: { fromFirst: true, before: [], total: 35 } });
  });

  it('goes back to the page before, page by page', async () => {
    await open('/list');
    await go(() => table.next(page('two', 35)));
    await go(() => table.next(page('three')));
    await go(() => table.previous());
    expect([table.cursor(), table.firstRow(), table.total()]).toEqual(['two', 11, 35]);
    await go(() => table.previous());
    expect([table.cursor(), table.firstRow()]).toEqual([null, 1]);
  });

  it('claims no place for a page that a link led to, and leads from it to the first', async () => {
    await open('/list?cursor=deep');
    expect([table.firstRow(), table.total(), table.knowsPrevious()]).toEqual([null, null, false]);
    await go(() => table.next(page('deeper')));
    expect([table.firstRow(), table.knowsPrevious()]).toEqual([null, true]);
    await go(() => table.previous());
    expect(table.cursor()).toBe('deep');
    await go(() => table.previous());
    expect(table.cursor()).toBeNull();
  });

  it('keeps the place while a drawer opens and closes over the page', async () => {
    await open('/list');
    await go(() => table.next(page('two', 35)));
    await go(() => table.open('v1'));
    expect(query()).toEqual({ cursor: 'two', version: 'v1' });
    expect(table.firstRow()).toBe(11);
    await go(() => table.open(null));
    expect([table.firstRow(), table.total()]).toEqual([11, 35]);
  });

  it.each<[string, () => void]>([
    ['a stage', () => table.setStage('Staging')],
    ['a search', () => table.setSearch('risk')],
    ['removed versions', () => table.setRemoved(true)],
    ['another order', () => table.sortBy('version')],
    ['more rows', () => table.setRows(50)],
  ])('begins at the first page for %s', async (_, change) => {
    await open('/list');
    await go(() => table.next(page('two', 35)));
    await go(change);
    expect([table.cursor(), table.firstRow()]).toEqual([null, 1]);
  });

  it('makes one history entry of a search, however it was typed', async () => {
    await open('/list');
    await go(() => table.setStage('Staging'));
    await go(() => table.setSearch('ri'));
    await go(() => table.setSearch('risk'));
    expect(query()).toEqual({ stage: 'Staging', search: 'risk' });
    await go(() => location.back());
    expect(query()).toEqual({});
  });

  it('puts the first page in the place of one that cannot be had', async () => {
    await open('/list?stage=Staging');
    await go(() => void TestBed.inject(Router).navigateByUrl('/list?stage=Staging&cursor=foreign'));
    await go(() => table.replaceByFirst());
    expect(query()).toEqual({ stage: 'Staging' });
    await go(() => location.back());
    expect(query()).toEqual({ stage: 'Staging' });
  });

  it('turns the order of the same column, and starts another one with what people look for', async () => {
    await open('/list');
    await go(() => table.sortBy('updatedAt'));
    expect([table.sort(), table.order()]).toEqual(['updatedAt', 'asc']);
    await go(() => table.sortBy('modelName'));
    expect([table.sort(), table.order()]).toEqual(['modelName', 'asc']);
    await go(() => table.sortBy('createdAt'));
    expect([table.sort(), table.order()]).toEqual(['createdAt', 'desc']);
  });
});
