import { counted } from './time-text';

/** A page of a list and its place among all. */
export interface Place {
  /** Rows on this page. */
  count: number;
  /** From 1; null where it is not known. */
  firstRow: number | null;
  /** Rows of all pages; null where it is not known. */
  total: number | null;
}

/** Says no more than is known: the place is lost in a link, and a total older than the rows may be too small for them. */
export function rangeText({ count, firstRow, total }: Place, noun: string): string {
  if (count === 0) return firstRow === 1 ? `0 ${noun}s` : `No ${noun}s on this page`;
  if (firstRow === null) return `${counted(count, noun)} on this page`;
  const last = firstRow + count - 1;
  const range = [...new Set([firstRow, last])].map((row) => row.toLocaleString('en-US')).join('–');
  if (total === null || total < last) return `${noun.charAt(0).toUpperCase()}${noun.slice(1)}s ${range}`;
  return `${range} of ${counted(total, noun)}`;
}
