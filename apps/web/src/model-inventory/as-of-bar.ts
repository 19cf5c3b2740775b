import { Component, computed, inject, input, output, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Clock } from '../ui/clock';
import { instantText } from '../ui/time-text';

/** Chooses the instant at which a version is shown, and says which one it is. */
@Component({
  selector: 'vw-as-of-bar',
  imports: [MatButton],
  template: `
    @if (asOf(); as at) {
      <strong class="strong num" role="status">As of {{ text() }}</strong>
      <span class="muted">Read-only: what was known then.</span>
      <span class="spacer"></span>
    } @else {
      <label for="as-of">As it was on</label>
    }
    <input
      #field
      id="as-of"
      type="datetime-local"
      aria-label="As it was on"
      [max]="latest()"
      [value]="local()"
      [attr.aria-invalid]="isInvalid()"
      (keydown.enter)="show(field.value)"
    />
    <button matButton="outlined" class="outlined small-button" type="button" (click)="show(field.value)">
      Show
    </button>
    <button matButton class="small-button" type="button" (click)="chosen.emit(null)">
      {{ asOf() === null ? 'Cancel' : 'Back to now' }}
    </button>
    @if (isInvalid()) {
      <span class="small tone-error" role="alert">Choose a day and a time that have been.</span>
    }
    <ng-content />
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 8px;
      padding: 8px 24px;
      border-bottom: 1px solid var(--vw-line);
      background: var(--vw-info-bg);
      color: var(--vw-on-info);
    }
    .muted {
      color: inherit;
    }
    input {
      height: 28px;
      padding: 0 8px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 8px;
      background: var(--vw-card);
      color: var(--vw-text);
      font: 400 13px / 20px var(--vw-sans);
    }
    @media (max-width: 839.98px) {
      :host {
        padding: 8px 16px;
      }
      input {
        height: 44px;
        font-size: 16px;
      }
      .small-button {
        height: 44px;
      }
    }
  `,
})
export class AsOfBar {
  private readonly clock = inject(Clock);

  /** ISO-8601; null while none is chosen. */
  readonly asOf = input.required<string | null>();
  /** ISO-8601 UTC; null leads back to now. */
  readonly chosen = output<string | null>();

  protected readonly isInvalid = signal(false);
  protected readonly latest = computed(() => localText(new Date(this.clock.now())));
  /** Not moved by the clock: the reader may be typing. */
  protected readonly local = computed(() => localText(new Date(this.asOf() ?? untracked(this.clock.now))));
  protected readonly text = computed(() => {
    const at = this.asOf();
    if (at === null || Number.isNaN(Date.parse(at))) return 'an unknown instant';
    return instantText(at, 'full', this.clock.now()).replace(/:00$/, '');
  });

  /** What the browser's field holds is in the reader's own time zone. */
  protected show(value: string): void {
    const at = new Date(value);
    const isPast = at.getTime() <= this.clock.now();
    this.isInvalid.set(!isPast);
    if (isPast) this.chosen.emit(at.toISOString());
  }
}

/** `2026-11-18T14:00` in local time, as `datetime-local` takes it; empty for no instant. */
function localText(at: Date): string {
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
