import { DOCUMENT, inject, Service, signal } from '@angular/core';

const KEY = 'vw-theme';

/** Light or dark: the person's choice, kept in this browser; without one, the system's. */
@Service()
export class Theme {
  private readonly document = inject(DOCUMENT);
  private readonly chosen = signal(this.remembered());

  readonly isDark = this.chosen.asReadonly();

  constructor() {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.chosen.set(this.remembered());
      this.apply();
    });
  }

  toggle(): void {
    this.chosen.update((dark) => !dark);
    localStorage.setItem(KEY, this.chosen() ? 'dark' : 'light');
    this.apply();
  }

  apply(): void {
    const classes = this.document.documentElement.classList;
    classes.toggle('dark', this.chosen());
    classes.toggle('light', !this.chosen());
  }

  private remembered(): boolean {
    const stored = localStorage.getItem(KEY);
    return stored === null ? matchMedia('(prefers-color-scheme: dark)').matches : stored === 'dark';
  }
}
