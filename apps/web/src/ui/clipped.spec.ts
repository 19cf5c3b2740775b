import { Component } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Clipped } from './clipped';

@Component({
  imports: [Clipped],
  template: `<span vwClipped="a long value">a long value</span><span vwClipped="short">short</span>`,
})
class Values {}

describe('a value that may be cut off', () => {
  let fixture: ComponentFixture<Values>;
  let long: HTMLElement;
  let short: HTMLElement;

  const tooltip = () => document.querySelector('vw-tooltip');

  beforeEach(async () => {
    // jsdom lays nothing out: the long value is given the sizes that a browser would give it.
    Object.defineProperty(HTMLElement.prototype, 'scrollWidth', {
      configurable: true,
      get(this: HTMLElement) {
        return this.textContent === 'short' ? 0 : 200;
      },
    });
    fixture = TestBed.createComponent(Values);
    await fixture.whenStable();
    [long, short] = Array.from(fixture.nativeElement.querySelectorAll('span')) as [HTMLElement, HTMLElement];
  });

  afterEach(() => Reflect.deleteProperty(HTMLElement.prototype, 'scrollWidth'));

  it('takes the focus only where something is cut off', () => {
    expect([long.tabIndex, short.tabIndex]).toEqual([0, -1]);
  });

  it('is shown whole while it has the focus', async () => {
    long.focus();
    await fixture.whenStable();
    expect(tooltip()?.textContent).toBe('a long value');
    long.blur();
    expect(tooltip()).toBeNull();
  });

  it('gives Esc to the tooltip before anything else', () => {
    long.focus();
    const first = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true });
    long.dispatchEvent(first);
    expect(tooltip()).toBeNull();
    const second = new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true });
    long.dispatchEvent(second);
    expect([first.defaultPrevented, second.defaultPrevented]).toEqual([true, false]);
  });
});
