const DAY_MS = 86_400_000;
const date = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** `14:00` · `14:00:12` · `Today, 14:00`, `18 Nov 2026` where older · the same with seconds · `18 Nov 2026` · `18 Nov 2026, 09:41:07`. */
export type InstantFormat = 'date' | 'time' | 'time-seconds' | 'day' | 'day-seconds' | 'full';

/** An instant in the reader's own time zone. `now` decides what "Today" is. */
export function instantText(iso: string, format: InstantFormat, now: number): string {
  const at = new Date(iso);
  if (format === 'date') return date.format(at);
  const time = (format.endsWith('seconds') || format === 'full' ? clockWithSeconds : clock).format(at);
  if (format === 'time' || format === 'time-seconds') return time;
  if (format === 'full') return `${date.format(at)}, ${time}`;

  const day = daysBefore(at, now);
  if (day === 0) return `Today, ${time}`;
  if (day === 1) return `Yesterday, ${time}`;
  if (day === -1) return `Tomorrow, ${time}`;
  return format === 'day-seconds' ? `${date.format(at)}, ${time}` : date.format(at);
}

/** `just now`, `37 minutes ago`, `in 23 minutes`. */
export function relativeText(iso: string, now: number): string {
  const difference = Date.parse(iso) - now;
  const length = roughLength(Math.abs(difference));
  if (length === null) return difference > 0 ? 'in less than a minute' : 'just now';
  return difference > 0 ? `in ${length}` : `${length} ago`;
}

/** `3 hours`, `37 minutes`; null under one minute. */
export function roughLength(milliseconds: number): string | null {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return null;
  if (minutes < 60) return counted(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? counted(hours, 'hour') : counted(Math.floor(hours / 24), 'day');
}

/** `0.4 s`, `18.4 s`, `3 min 12 s`, `1 h 4 min`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 version`, `2 versions`, `1,204 versions`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

function daysBefore(at: Date, now: number): number {
  const today = new Date(now);
  const midnight = (day: Date) => Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
  return (midnight(today) - midnight(at)) / DAY_MS;
}
