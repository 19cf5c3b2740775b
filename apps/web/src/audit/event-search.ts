import type { AuditEvent } from '@vw/shared-contracts';

const DAY_MS = 86_400_000;

/**
 * The earliest instant, ISO-8601, before which event `seq` is the newest or close behind it; where that event is gone, the next one.
 * The wire tells no event by its number, so this halves the time between two: some thirty small reads for years of events.
 */
export async function instantBehind(
  seq: number,
  newest: AuditEvent,
  newestBefore: (to: string) => Promise<AuditEvent | null>,
): Promise<string> {
  const reaches = async (at: number): Promise<AuditEvent | null> => {
    const event = await newestBefore(new Date(at).toISOString());
    return event !== null && event.seq >= seq ? event : null;
  };
  let late = behind(newest);
  let early = late - DAY_MS;
  for (let step = DAY_MS; early > 0; step *= 2) {
    const event = await reaches(early);
    if (event === null) break;
    late = Math.min(early, behind(event));
    early = late - 2 * step;
  }
  early = Math.max(0, early);
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    const event = await reaches(middle);
    if (event === null) early = middle;
    else late = Math.min(middle, behind(event));
  }
  return new Date(late).toISOString();
}

/** The database knows microseconds, the wire shows milliseconds. */
function behind(event: AuditEvent): number {
  return Date.parse(event.at) + 1;
}
