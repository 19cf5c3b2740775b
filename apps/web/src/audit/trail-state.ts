import { Location } from '@angular/common';
import { computed, inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type NavigationExtras, Router } from '@angular/router';
import type { AuditEventPage } from '@vw/shared-contracts';
import { map } from 'rxjs';
import { type Walk, walkOf } from '../shell/walk';
import type { EventParams } from './audit-client';
import { endOf, startOf } from './period';

export const EVENTS_PER_PAGE = 25;

/** As the wire takes them; anything else in the URL was typed by hand and is left out. */
const ACTOR = /^(system|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const ACTION = /^[\w.-]{1,100}$/;

type Changes = Record<string, string | number | null>;

/** What the trail shows, kept in the URL: a link opens the same events. Every change is a step that Back undoes, but for opening a row. */
@Injectable()
export class TrailState {
  private readonly router = inject(Router);
  private readonly location = inject(Location);
  private readonly entry = toSignal(
    inject(ActivatedRoute).queryParamMap.pipe(
      map((query) => ({ query, walk: walkOf(this.location.getState()) })),
    ),
    { requireSync: true },
  );
  private readonly query = computed(() => this.entry().query);
  private readonly walk = computed(() => this.entry().walk);

  readonly actor = computed(() => this.matching('actor', ACTOR));
  readonly action = computed(() => this.matching('action', ACTION));
  /** Days of the reader's calendar, both included, or instants. */
  readonly from = computed(() =>
    startOf(this.query().get('from')) === null ? null : this.query().get('from'),
  );
  readonly to = computed(() => (endOf(this.query().get('to')) === null ? null : this.query().get('to')));
  /** Number of the event that is open; null where none is. */
  readonly openSeq = computed(() => {
    const text = this.query().get('event') ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  });
  /** Null on the first page. */
  readonly cursor = computed(() => this.query().get('cursor') || null);

  /** Events of all pages as the first one told them on the way here. */
  readonly total = computed(() => this.walk().total);
  readonly knowsPrevious = computed(
    () => this.cursor() === null || this.walk().fromFirst || this.walk().before.length > 0,
  );

  readonly filter = computed<Record<string, string>>(() => ({
    ...given('actor', this.actor()),
    ...given('action', this.action()),
    ...given('from', startOf(this.from())),
    ...given('to', endOf(this.to())),
  }));
  readonly isFiltered = computed(() => Object.keys(this.filter()).length > 0);
  readonly params = computed<EventParams>(() => ({
    ...this.filter(),
    limit: EVENTS_PER_PAGE,
    ...given('cursor', this.cursor()),
  }));

  setActor(actor: string | null): void {
    this.restart({ actor });
  }

  setAction(action: string | null): void {
    this.restart({ action });
  }

  setPeriod(from: string | null, to: string | null): void {
    this.restart({ from, to });
  }

  clearFilters(): void {
    this.restart({ actor: null, action: null, from: null, to: null });
  }

  next({ nextCursor, total }: AuditEventPage): void {
    if (nextCursor === null) return;
    const cursor = this.cursor();
    const { fromFirst, before, total: told } = this.walk();
    const walk: Walk =
      cursor === null
        ? { fromFirst: true, before: [], total }
        : { fromFirst, before: [...before, cursor], total: told };
    this.navigate({ cursor: nextCursor, event: null }, { state: { walk } });
  }

  /** The page before, where the way here is known; else the first one. */
  previous(): void {
    const walk = this.walk();
    const cursor = walk.before.at(-1) ?? null;
    const state = cursor === null ? {} : { walk: { ...walk, before: walk.before.slice(0, -1) } };
    this.navigate({ cursor, event: null }, { state });
  }

  /** In place of a page that cannot be had: Back does not lead to it again. */
  replaceByFirst(): void {
    this.restart({}, { replaceUrl: true });
  }

  open(seq: number | null): void {
    this.navigate({ event: seq }, { replaceUrl: true, state: { walk: this.walk() } });
  }

  /** The events up to an instant, without other filters, with one of them open. */
  showAt(seq: number, to: string): void {
    this.navigate({ actor: null, action: null, from: null, to, cursor: null, event: seq }, {});
  }

  private matching(name: string, pattern: RegExp): string | null {
    const text = this.query().get(name);
    return text !== null && pattern.test(text) ? text : null;
  }

  private restart(changes: Changes, extras: NavigationExtras = {}): void {
    this.navigate({ ...changes, cursor: null, event: null }, extras);
  }

  private navigate(queryParams: Changes, extras: NavigationExtras): void {
    void this.router.navigate([], {
      queryParams,
      queryParamsHandling: 'merge',
      scroll: 'manual',
      ...extras,
    });
  }
}

function given(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
