import { TestBed } from '@angular/core/testing';
import { Sparkline } from './sparkline';

function drawn(values: readonly (number | null)[], dotAt = -1): { path: string; dot: Element | null } {
  const fixture = TestBed.createComponent(Sparkline);
  fixture.componentRef.setInput('values', values);
  fixture.componentRef.setInput('dotAt', dotAt);
  TestBed.tick();
  const page: HTMLElement = fixture.nativeElement;
  return { path: page.querySelector('path')?.getAttribute('d') ?? '', dot: page.querySelector('circle') };
}

describe('a small line', () => {
  it('goes through its values, the highest on top, with a dot at one of them', () => {
    const { path, dot } = drawn([0, 1, 0.5], 1);
    expect(path).toBe('M3 19L48 3L93 11');
    expect([dot?.getAttribute('cx'), dot?.getAttribute('cy')]).toEqual(['48', '3']);
  });

  it('has a gap where a version has no number', () => {
    expect(drawn([0, null, 1, 1], 1)).toEqual({ path: 'M3 19M63 3L93 3', dot: null });
  });

  it('is level where nothing changes', () => {
    expect(drawn([7, 7]).path).toBe('M3 11L93 11');
  });

  it('holds the largest doubles', () => {
    expect(drawn([-Number.MAX_VALUE, Number.MAX_VALUE]).path).toBe('M3 19L93 3');
  });

  it('keeps peaks and stays short over ten thousand versions', () => {
    const { path } = drawn(Array.from({ length: 10_000 }, (_, n) => (n === 5_000 ? 100 : n % 2)));
    expect(path.length).toBeLessThan(4_000);
    expect(path).toMatch(/[ML]48 3(?=[ML]|$)/);
  });
});
