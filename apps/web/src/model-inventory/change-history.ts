import {
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import type { Change, ChangePage } from '@vw/shared-contracts';
import { changeText } from '../ui/change-text';
import { Instant } from '../ui/instant';
import { LoadFailed } from '../ui/load-failed';
import { LongText } from '../ui/long-text';
import { Skeleton } from '../ui/skeleton';
import { counted } from '../ui/time-text';
import { InventoryClient } from './inventory-client';
import { SyncTriggers } from './sync-triggers';

/** Changes that are looked for together. */
interface Kind {
  text: string;
  holds(field: string): boolean;
}

const ALL: Kind = { text: 'All', holds: () => true };
const KINDS: readonly Kind[] = [
  ALL,
  { text: 'Stage', holds: (field) => field === 'stage' },
  { text: 'Aliases', holds: (field) => field === 'aliases' },
  { text: 'Tags', holds: (field) => field.startsWith('tags.') || field.startsWith('modelTags.') },
];

/** What is shown of one version's log: always a run from the newest change, without gaps. */
interface Shown {
  versionId: string;
  items: readonly Change[];
  nextCursor: string | null;
}

/** What changed in one version, newest first, all of it in steps. */
@Component({
  selector: 'vw-change-history',
  imports: [Instant, LoadFailed, LongText, Skeleton],
  templateUrl: './change-history.html',
  styleUrl: './change-history.scss',
})
export class ChangeHistory {
  private readonly client = inject(InventoryClient);
  private readonly progress = viewChild<ElementRef<HTMLElement>>('progress');

  readonly versionId = input.required<string>();
  /** Only what was known then, ISO-8601; null: all of it. */
  readonly until = input<string | null>(null);

  protected readonly newest = this.client.changes(this.versionId);
  private readonly shown = linkedSignal<{ id: string; page: ChangePage | undefined }, Shown | undefined>({
    source: () => ({ id: this.versionId(), page: this.newest.value() }),
    computation: ({ id, page }, previous) => {
      const before = previous?.value?.versionId === id ? previous.value : undefined;
      return page === undefined ? before : joined(id, page, before);
    },
  });

  protected readonly kinds = KINDS;
  protected readonly kind = linkedSignal<string, Kind>({ source: this.versionId, computation: () => ALL });
  protected readonly triggers = inject(SyncTriggers).words;
  private readonly all = computed(() => this.shown()?.items.map((change) => rowOf(change)));
  protected readonly rows = computed(() =>
    this.all()?.filter(({ field, at }) => this.kind().holds(field) && !this.isLater(at)),
  );
  protected readonly emptyText = computed(() => {
    if (this.all()?.length === 0) return 'No changes yet';
    if (this.hasMore()) return 'None among the changes shown so far';
    return this.until() !== null && this.kind() === ALL ? 'No changes by then' : 'No changes of this kind';
  });
  protected readonly total = computed(() => this.newest.value()?.total ?? null);
  /** All that there ever were; how many an instant had seen is not known. */
  protected readonly heading = computed(() => {
    const total = this.total();
    return total === null || this.until() !== null ? '' : counted(total, 'change');
  });
  protected readonly progressText = computed(() => {
    const count = this.all()?.length ?? 0;
    const total = this.total();
    return total === null ? `${count} shown` : `${count} of ${total.toLocaleString('en-US')} shown`;
  });
  protected readonly hasMore = computed(() => (this.shown()?.nextCursor ?? null) !== null);
  protected readonly showsProgress = computed(
    () => this.hasMore() || (this.all()?.length ?? 0) > (this.newest.value()?.items.length ?? 0),
  );
  protected readonly isLoading = signal(false);
  protected readonly moreFailed = linkedSignal({ source: this.versionId, computation: () => false });

  constructor() {
    const triggers = inject(SyncTriggers);
    effect(() => triggers.learn(new Set(this.shown()?.items.map(({ runId }) => runId))));
  }

  private isLater(at: string): boolean {
    const until = this.until();
    return until !== null && Date.parse(at) > Date.parse(until);
  }

  protected async showMore(): Promise<void> {
    const asked = this.shown();
    if (asked === undefined || asked.nextCursor === null || this.isLoading()) return;
    this.isLoading.set(true);
    this.moreFailed.set(false);
    try {
      const page = await this.client.olderChanges(asked.versionId, asked.nextCursor);
      // Another version, or a log that started anew meanwhile, has no place for these.
      this.shown.update((now) => (now?.nextCursor === asked.nextCursor ? extended(now, page) : now));
      if (!this.hasMore()) this.progress()?.nativeElement.focus();
    } catch {
      // Whatever failed, what is shown stays and can be asked to go on.
      this.moreFailed.set(this.versionId() === asked.versionId);
    } finally {
      this.isLoading.set(false);
    }
  }
}

/** The newest page before what was shown of older ones; alone, where so much is new that the two no longer touch. */
function joined(versionId: string, page: ChangePage, before: Shown | undefined): Shown {
  const fresh = new Set(page.items.map(keyOf));
  const older = before?.items.filter((change) => !fresh.has(keyOf(change))) ?? [];
  const touches = before !== undefined && older.length < before.items.length;
  if (!touches || older.length === 0) return { versionId, items: page.items, nextCursor: page.nextCursor };
  return { versionId, items: [...page.items, ...older], nextCursor: before.nextCursor };
}

function extended({ versionId, items }: Shown, page: ChangePage): Shown {
  return { versionId, items: [...items, ...page.items], nextCursor: page.nextCursor };
}

/** A sync sees one field of a version once at an instant. */
function keyOf({ runId, field, observedAt }: Change): string {
  return JSON.stringify([runId, field, observedAt]);
}

function rowOf(change: Change) {
  const { field, runId, observedAt: at } = change;
  return { key: keyOf(change), field, text: changeText(change), at, runId };
}
