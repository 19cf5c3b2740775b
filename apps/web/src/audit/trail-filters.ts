import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { Clock } from '../ui/clock';
import { counted } from '../ui/time-text';
import type { TrailActor } from './audit-client';
import { ACTION_WORDS, actionWords } from './event-words';
import { dayOf, daysBefore } from './period';
import { TrailState } from './trail-state';

const ANY = '';
const CUSTOM = 'custom';
/** Days before today that a period starts with, both included. */
const PERIODS = [
  { value: '0', text: 'Today' },
  { value: '6', text: 'Last 7 days' },
  { value: '29', text: 'Last 30 days' },
] as const;

/** No event is older, and a year half typed is no date yet. */
const EARLIEST_DAY = '2000-01-01';

/** Who, what and when; each choice goes into the URL at once. */
@Component({
  selector: 'vw-trail-filters',
  templateUrl: './trail-filters.html',
  styleUrl: './trail-filters.scss',
})
export class TrailFilters {
  private readonly clock = inject(Clock);

  readonly actors = input.required<readonly TrailActor[]>();
  /** Null while it is not known. */
  readonly total = input.required<number | null>();

  protected readonly trail = inject(TrailState);
  protected readonly periods = PERIODS;
  protected readonly earliest = EARLIEST_DAY;
  protected readonly count = computed(() => {
    const total = this.total();
    return total === null ? '' : counted(total, 'event');
  });
  /** Whatever the URL asks for can be seen as chosen, be it known here or not. */
  protected readonly actorChoices = computed(() => {
    const asked = this.trail.actor();
    const known = this.actors();
    const isKnown = asked === null || asked === 'system' || known.some(({ id }) => id === asked);
    return isKnown ? known : [...known, { id: asked, name: `Unknown ${asked.slice(0, 8)}` }];
  });
  protected readonly actionChoices = computed(() => {
    const asked = this.trail.action();
    return [...new Set([...ACTION_WORDS.keys(), ...(asked === null ? [] : [asked])])]
      .map((action) => ({ action, text: actionWords(action) }))
      .sort((one, other) => one.text.localeCompare(other.text));
  });
  private readonly periodOfUrl = computed<string>(() => {
    const [from, to] = [this.trail.from(), this.trail.to()];
    if (from === null && to === null) return ANY;
    const preset = PERIODS.find(({ value }) => from === daysBefore(this.clock.now(), Number(value)));
    return to === null && preset ? preset.value : CUSTOM;
  });
  /** Dates of one's own are asked for before there are any. */
  protected readonly period = linkedSignal(() => this.periodOfUrl());
  protected readonly isCustom = computed(() => this.period() === CUSTOM);
  protected readonly fromDay = computed(() => dayIn(this.trail.from()));
  protected readonly toDay = computed(() => dayIn(this.trail.to()));

  protected setActor(value: string): void {
    this.trail.setActor(value === ANY ? null : value);
  }

  protected setAction(value: string): void {
    this.trail.setAction(value === ANY ? null : value);
  }

  protected setPeriod(value: string): void {
    this.period.set(value);
    if (value === CUSTOM) return;
    this.trail.setPeriod(value === ANY ? null : daysBefore(this.clock.now(), Number(value)), null);
  }

  protected setFrom(day: string): void {
    if (isWhole(day)) this.trail.setPeriod(day || null, this.trail.to());
  }

  protected setTo(day: string): void {
    if (isWhole(day)) this.trail.setPeriod(this.trail.from(), day || null);
  }
}

function isWhole(day: string): boolean {
  return day === '' || day >= EARLIEST_DAY;
}

function dayIn(text: string | null): string {
  if (text === null) return '';
  return text.length === EARLIEST_DAY.length ? text : dayOf(new Date(text));
}
