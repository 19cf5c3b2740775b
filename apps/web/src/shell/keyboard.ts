import { Service, signal } from '@angular/core';

const KEY = 'vw-single-keys';

/** Single-key shortcuts: off inside fields, and for those who switched them off (WCAG 2.1.4). */
@Service()
export class Keyboard {
  private readonly on = signal(localStorage.getItem(KEY) !== 'off');

  readonly singleKeys = this.on.asReadonly();

  toggle(): void {
    this.on.update((on) => !on);
    localStorage.setItem(KEY, this.on() ? 'on' : 'off');
  }

  /** True where this key press may act as a shortcut. */
  accepts(event: KeyboardEvent): boolean {
    if (!this.on() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
    const target = event.target;
    return !(
      target instanceof HTMLElement &&
      target.closest('input, textarea, select, [role=menu], [role=alertdialog]')
    );
  }
}
