import { Component, computed, inject, input } from '@angular/core';
import { Clock } from './clock';
import { instantText, type InstantFormat } from './time-text';

/** An instant in local time, with UTC on hover. */
@Component({
  selector: 'vw-instant',
  template: `<time [attr.datetime]="at()" [title]="utc()">{{ text() }}</time>`,
})
export class Instant {
  private readonly clock = inject(Clock);

  readonly at = input.required<string>();
  readonly format = input<InstantFormat>('day');

  protected readonly text = computed(() => instantText(this.at(), this.format(), this.clock.now()));
  protected readonly utc = computed(() =>
    new Date(this.at())
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z/, ' UTC'),
  );
}
