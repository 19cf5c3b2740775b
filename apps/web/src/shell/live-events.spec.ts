import { Injector, runInInjectionContext } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { LiveEvents, OPEN_EVENT_SOURCE } from './live-events';

class FakeEventSource {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 0;
  close(): void {
    this.readyState = 2;
  }
}

describe('live events', () => {
  let sources: FakeEventSource[];
  let live: LiveEvents;
  let reads: number;

  beforeEach(() => {
    jest.useFakeTimers();
    Object.assign(globalThis, { EventSource: { CLOSED: 2 } });
    sources = [];
    reads = 0;
    TestBed.configureTestingModule({
      providers: [
        {
          provide: OPEN_EVENT_SOURCE,
          useValue: () => {
            const source = new FakeEventSource();
            sources.push(source);
            return source;
          },
        },
      ],
    });
    live = TestBed.inject(LiveEvents);
    runInInjectionContext(TestBed.inject(Injector), () => live.onChange(['sync-run'], () => reads++));
    live.open();
    sources[0]?.onopen?.();
  });

  afterEach(() => {
    live.close();
    jest.useRealTimers();
  });

  it('reads once for many events of a running sync', () => {
    for (let page = 0; page < 20; page++) sources[0]?.onmessage?.({ data: '{"topic":"sync-run","id":"r"}' });
    jest.advanceTimersByTime(1_000);
    expect(reads).toBe(1);
  });

  it('leaves parts alone that show something else', () => {
    sources[0]?.onmessage?.({ data: '{"topic":"inventory","id":"v"}' });
    jest.advanceTimersByTime(1_000);
    expect(reads).toBe(0);
  });

  it('reads every ten seconds while the stream is lost, and again at once when it is back', () => {
    sources[0]?.onerror?.();
    expect(live.paused()).toBe(true);
    jest.advanceTimersByTime(20_500);
    expect(reads).toBe(2);

    sources[0]?.onopen?.();
    jest.advanceTimersByTime(500);
    expect(reads).toBe(3);
    expect(live.paused()).toBe(false);
  });

  it('opens a new stream where the server refused the old one', () => {
    sources[0]?.close();
    sources[0]?.onerror?.();
    jest.advanceTimersByTime(10_000);
    expect(sources).toHaveLength(2);
  });
});
