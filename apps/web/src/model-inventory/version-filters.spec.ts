import { Location } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { eventually } from '../ui/eventually.fixture';
import { TableState } from './table-state';
import { VersionFilters } from './version-filters';

@Component({
  imports: [VersionFilters],
  template: '<vw-version-filters [stages]="stages" [held]="12010" (entered)="entered = entered + 1" />',
  providers: [TableState],
})
class List {
  readonly stages = { None: 4, Staging: 1, Production: 2, Archived: 12_003 };
  entered = 0;
}

describe('the filters of the table', () => {
  let harness: RouterTestingHarness;
  let location: Location;
  let page: HTMLElement;
  let list: List;

  const buttons = () => Array.from(page.querySelectorAll('button'));
  const pressed = () =>
    buttons()
      .filter((button) => button.getAttribute('aria-pressed') === 'true')
      .map((button) => button.textContent?.trim().split(/\s+/)[0]);
  const press = async (text: string) => {
    buttons()
      .find((button) => button.textContent?.includes(text))
      ?.click();
    await harness.fixture.whenStable();
  };
  const field = () => page.querySelector('input') as HTMLInputElement;
  const type = (text: string) => {
    field().value = text;
    field().dispatchEvent(new Event('input'));
  };
  const query = () => {
    const router = TestBed.inject(Router);
    return router.parseUrl(router.url).queryParams;
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideRouter([{ path: 'list', component: List }])] });
    TestBed.inject(Router).setUpLocationChangeListener();
    location = TestBed.inject(Location);
    harness = await RouterTestingHarness.create();
    list = await harness.navigateByUrl('/list', List);
    page = harness.fixture.nativeElement;
  });

  it('searches after a pause in typing, once for all that was typed', async () => {
    type('ri');
    type('risk');
    expect(query()).toEqual({});
    await eventually(() => expect(query()).toEqual({ search: 'risk' }));
  });

  it('replaces the history entry with each search, so that Back leaves the search', async () => {
    await press('Staging');
    type('ri');
    await eventually(() => expect(query()).toEqual({ stage: 'Staging', search: 'ri' }));
    type('risk');
    await eventually(() => expect(query()).toEqual({ stage: 'Staging', search: 'risk' }));
    location.back();
    await eventually(() => expect(query()).toEqual({}));
    await eventually(() => expect(field().value).toBe(''));
  });

  it('takes back no space that a next word may follow', async () => {
    type('risk ');
    await eventually(() => expect(query()).toEqual({ search: 'risk' }));
    await harness.fixture.whenStable();
    expect(field().value).toBe('risk ');
  });

  it('goes on to the list with Enter and the down arrow, and leaves an empty search with Esc', async () => {
    const pressKey = (key: string) => {
      const event = new KeyboardEvent('keydown', { key, cancelable: true });
      field().dispatchEvent(event);
      return event.defaultPrevented;
    };
    field().focus();
    type('risk');
    expect(pressKey('Escape')).toBe(false);
    expect([pressKey('Enter'), pressKey('ArrowDown')]).toEqual([true, true]);
    expect(list.entered).toBe(2);
    type('');
    expect(pressKey('Escape')).toBe(true);
    expect(document.activeElement).not.toBe(field());
  });

  it('counts each stage and presses the one that is shown', async () => {
    expect(
      buttons()
        .slice(0, 5)
        .map((button) => button.textContent?.trim().replace(/\s+/g, ' ')),
    ).toEqual(['All 12,010', 'Production 2', 'Staging 1', 'None 4', 'Archived 12,003']);
    expect(pressed()).toEqual(['All']);
    await press('Archived');
    expect(pressed()).toEqual(['Archived']);
    expect(query()).toEqual({ stage: 'Archived' });
  });

  it('asks for removed versions and takes that back', async () => {
    await press('Show removed');
    expect(query()).toEqual({ removed: 'true' });
    expect(pressed()).toEqual(['All', 'Show']);
    await press('Show removed');
    expect(query()).toEqual({});
  });

  it('asks for versions that lack a review, any or one, and takes that back', async () => {
    const select = page.querySelector('.gap select') as HTMLSelectElement;
    for (const [value, asked] of [
      ['any', { gap: 'any' }],
      ['privacy-evaluation', { gap: 'privacy-evaluation' }],
      ['', {}],
    ] as const) {
      select.value = value;
      select.dispatchEvent(new Event('change'));
      await harness.fixture.whenStable();
      expect(query()).toEqual(asked);
    }
  });

  it('offers in one list, for narrow screens, the orders of the column heads', async () => {
    const select = page.querySelector('select') as HTMLSelectElement;
    expect(select.value).toBe('Recently updated');
    select.value = 'Version, highest';
    select.dispatchEvent(new Event('change'));
    await harness.fixture.whenStable();
    expect(query()).toEqual({ sort: 'version', order: 'desc' });
  });
});
