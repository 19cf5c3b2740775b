import type { AuditEvent } from '@vw/shared-contracts';
import { instantBehind } from './event-search';

const START = Date.parse('2026-01-01T00:00:00.000Z');

const event = (seq: number, at: number): AuditEvent => ({
  seq,
  at: new Date(at).toISOString(),
  actor: { id: null, name: null, via: 'worker' },
  action: 'sync.ended',
  subject: { type: 'sync-run', id: null, name: null },
  before: null,
  after: null,
  runId: null,
  hash: 'ab',
});

describe('the search for an event by its number', () => {
  /** A year, with bursts of several events in one millisecond. */
  const trail = Array.from({ length: 3_000 }, (_, index) =>
    event(index + 1, START + Math.floor(index / 3) * 31_536_000),
  );
  let reads: number;

  const search = async (events: readonly AuditEvent[], seq: number) => {
    reads = 0;
    const newestBefore = async (to: string) => {
      reads += 1;
      return events.findLast(({ at }) => at < to) ?? null;
    };
    const to = await instantBehind(seq, events.at(-1) ?? event(1, START), newestBefore);
    return events.filter(({ at }) => at < to);
  };

  it('ends behind the event and what happened in the same millisecond, wherever it stands', async () => {
    for (const seq of [1, 2, 3, 1_000, 1_499, 2_998, 3_000]) {
      const shown = await search(trail, seq);
      const at = trail[seq - 1]?.at;
      expect(shown.at(-1)?.at).toBe(at);
      expect(shown.some((one) => one.seq === seq)).toBe(true);
      expect(reads).toBeLessThan(60);
    }
  });

  it('ends behind the next event where somebody deleted the one asked for', async () => {
    const torn = trail.filter(({ seq }) => seq < 1_500 || seq > 1_600);
    expect((await search(torn, 1_520)).at(-1)?.seq).toBeGreaterThanOrEqual(1_601);
    expect((await search(torn, 1_520)).at(-1)?.at).toBe(trail[1_600]?.at);
  });

  it('finds the only event', async () => {
    expect(await search([event(1, START)], 1)).toHaveLength(1);
  });
});
