import { MatButtonHarness } from '@angular/material/button/testing';
import { DETAIL, DrawerPage, SIX, VERSIONS } from './version-drawer.fixture';

describe('the details of a version', () => {
  beforeEach(() => {
    DrawerPage.prepare();
  });

  it('compares with the version before, until Compare is pressed again', async () => {
    const drawer = await DrawerPage.open();
    const toggle = () => drawer.loader.getHarness(MatButtonHarness.with({ text: /Compar/ }));
    await (await toggle()).click();
    drawer.fixture.componentRef.setInput('compareId', 'v6');
    await drawer.settle();
    drawer.http.expectOne(`${VERSIONS}/v6`).flush({ ...DETAIL, ...SIX });
    await drawer.settle();
    expect(await (await toggle()).getText()).toContain('Comparing');
    await (await toggle()).click();
    expect(drawer.told).toEqual([
      ['compared', 'v6'],
      ['compared', null],
    ]);
  });

  it('compares with another number, where a removed twin has the same one', async () => {
    const siblings = [{ ...SIX, id: 'twin', version: '7' }, SIX];
    const drawer = await DrawerPage.open({ removedAt: '2025-01-17T13:00:00Z' }, {}, siblings);
    drawer.fixture.componentInstance.toggleCompare();
    expect(drawer.told).toEqual([['compared', 'v6']]);
  });

  it('has nothing to compare an only version with', async () => {
    const drawer = DrawerPage.create();
    drawer.http.expectOne(({ url }) => url === `${VERSIONS}/v1`).flush(DETAIL);
    drawer.http.expectOne(`${VERSIONS}/v1/metric-course`).flush({ metrics: {} });
    await drawer.settle();
    drawer.fixture.componentInstance.toggleCompare();
    expect(drawer.told).toEqual([]);
    const compare = Array.from(drawer.page.querySelectorAll('button')).find(({ textContent }) =>
      textContent?.includes('Compare'),
    );
    expect(compare?.getAttribute('aria-disabled')).toBe('true');
  });

  it('compares metadata, metrics, parameters and tags, only where they differ', async () => {
    const drawer = await DrawerPage.open({}, { compareId: 'v6' });
    const cells = () =>
      Array.from(drawer.page.querySelectorAll('vw-compare-table tbody tr'), (row) =>
        Array.from(row.children, (cell) => (cell.querySelector('.mono') ?? cell).textContent?.trim()),
      );
    expect(cells()).toEqual([
      ['Lifecycle stage', 'Archived', 'Production', 'changed'],
      ['Aliases', '–', '@champion', 'added'],
      ['Run ID', 'b81e22d4', '3f9c0c1e', 'changed'],
      ['Datasets', '–', 'pd_2026q3 (9f2c41d7, training)', 'added'],
      ['auc', '0.859', '0.871', '+0.012'],
      ['loss', '–', 'NaN', 'added'],
      ['depth', '6', '–', 'removed'],
      ['__proto__', '–', 'polluted', 'added'],
    ]);
    expect(drawer.page.textContent).toContain('1 of 2 differ');
    drawer.page.querySelector<HTMLElement>('mat-slide-toggle button')?.click();
    await drawer.settle();
    expect(cells()).toContainEqual(['owner', 'risk', 'risk', '']);
    expect(cells()).toContainEqual(['seed', '1', '1', '']);
  });

  it('refuses to compare two models', async () => {
    const drawer = await DrawerPage.open({ modelName: 'another' }, { compareId: 'v6' });
    expect(drawer.page.querySelector('vw-compare-versions [role=alert]')?.textContent).toContain(
      'Only versions of one model',
    );
    expect(drawer.page.querySelector('vw-compare-table')).toBeNull();
  });
});
