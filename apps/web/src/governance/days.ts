/** The local day this many days from now, as a date field holds it. */
export function dayIn(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
}

/** The last second of a local day. */
export function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59`);
}
