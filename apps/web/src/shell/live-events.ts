import { DestroyRef, inject, InjectionToken, Service, signal } from '@angular/core';
import type { LiveTopic } from '@vw/shared-contracts';

/** A running sync reports often; one read per this many milliseconds looks live and is cheap. */
const COALESCE_MS = 250;
/** How often pages are read again while the event stream is down. */
const POLL_MS = 10_000;

const TOPICS: readonly LiveTopic[] = ['sync-run', 'connection', 'inventory', 'governance'];

export const OPEN_EVENT_SOURCE = new InjectionToken<(url: string) => EventSource>('OPEN_EVENT_SOURCE', {
  factory: () => (url) => new EventSource(url),
});

/** Tells parts of the page when to read again: on the server's events, or on a clock while those cannot be had. */
@Service()
export class LiveEvents {
  private readonly openSource = inject(OPEN_EVENT_SOURCE);
  private readonly listeners = new Set<{ topics: readonly LiveTopic[]; changed: () => void }>();
  private readonly pending = new Set<LiveTopic>();
  private readonly lost = signal(false);
  private source: EventSource | null = null;
  private poll: ReturnType<typeof setInterval> | undefined;

  /** True while events cannot be had. */
  readonly paused = this.lost.asReadonly();

  /** Calls `changed` whenever something of these topics changed, as long as its injection context lives. */
  onChange(topics: readonly LiveTopic[], changed: () => void): void {
    const listener = { topics, changed };
    this.listeners.add(listener);
    inject(DestroyRef).onDestroy(() => this.listeners.delete(listener));
  }

  open(): void {
    this.close();
    this.connect();
    this.poll = setInterval(() => this.pollWhileLost(), POLL_MS);
  }

  close(): void {
    clearInterval(this.poll);
    this.source?.close();
    this.source = null;
    this.lost.set(false);
  }

  private connect(): void {
    const source = this.openSource('/api/v1/live');
    let opened = false;
    source.onopen = () => {
      // Whatever happened between two connections was missed.
      if (opened || this.lost()) this.announce(TOPICS);
      opened = true;
      this.lost.set(false);
    };
    source.onmessage = (event: MessageEvent<string>) => this.announce(topicsOf(event.data));
    source.onerror = () => this.lost.set(true);
    this.source = source;
  }

  private pollWhileLost(): void {
    if (!this.lost()) return;
    this.announce(TOPICS);
    // The browser reconnects by itself, except after an answer that was no event stream.
    if (this.source?.readyState === EventSource.CLOSED) this.connect();
  }

  private announce(topics: readonly LiveTopic[]): void {
    if (topics.length === 0) return;
    const scheduled = this.pending.size > 0;
    for (const topic of topics) this.pending.add(topic);
    if (!scheduled) setTimeout(() => this.deliver(), COALESCE_MS);
  }

  private deliver(): void {
    const topics = new Set(this.pending);
    this.pending.clear();
    for (const listener of this.listeners) {
      if (listener.topics.some((topic) => topics.has(topic))) listener.changed();
    }
  }
}

function topicsOf(data: string): readonly LiveTopic[] {
  const event: unknown = JSON.parse(data);
  const topic: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'topic') : null;
  return TOPICS.filter((known) => known === topic);
}
