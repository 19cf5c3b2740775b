/** A day of the reader's own calendar, or an instant with its offset. */
const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/;

/** The first instant of a period, ISO-8601 UTC; null where the text is neither a day nor an instant. */
export function startOf(text: string | null): string | null {
  const at = read(text);
  return at === null ? null : at.toISOString();
}

/** The first instant that is too late: a day belongs to its period as a whole. */
export function endOf(text: string | null): string | null {
  const at = read(text);
  if (at === null) return null;
  if (text !== null && DAY.test(text)) at.setDate(at.getDate() + 1);
  return at.toISOString();
}

/** `2026-11-24`, in the reader's own time zone. */
export function dayOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function daysBefore(now: number, days: number): string {
  const day = new Date(now);
  day.setDate(day.getDate() - days);
  return dayOf(day);
}

function read(text: string | null): Date | null {
  if (text === null) return null;
  const at = DAY.test(text) ? new Date(`${text}T00:00:00`) : INSTANT.test(text) ? new Date(text) : null;
  return at === null || Number.isNaN(at.getTime()) ? null : at;
}
