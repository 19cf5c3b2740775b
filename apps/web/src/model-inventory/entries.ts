/** One named value of MLflow's. */
export interface Entry {
  key: string;
  value: string;
  /** Too long for one line: shown folded. */
  isLong: boolean;
}

/** Longer values, in characters, are no use in a tooltip; MLflow takes parameters of 6,000 and tags of 8,000. */
const LONG_VALUE = 160;

/** By name, as people look for them. */
export function entriesOf(object: Record<string, string | number>): Entry[] {
  return Object.entries(object)
    .map(([key, raw]) => ({ key, value: String(raw) }))
    .map(({ key, value }) => ({ key, value, isLong: value.length > LONG_VALUE || value.includes('\n') }))
    .sort((a, b) => a.key.localeCompare(b.key));
}
