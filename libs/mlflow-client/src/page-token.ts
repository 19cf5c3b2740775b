/** How MLflow's own stores count: their page token is base64 of `{"offset": N}`. */
export function offsetOf(token: string): number | null {
  const text = Buffer.from(token, 'base64').toString('utf8');
  const digits = /^\{"offset": (\d{1,15})\}$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const offset = Number(digits);
  // Only a token that we would write the same way: anything else is not ours to rewrite.
  return tokenAt(offset) === token ? offset : null;
}

/** The token of the page that starts at this row; '' for the first. */
export function tokenAt(offset: number): string {
  return offset <= 0 ? '' : Buffer.from(`{"offset": ${offset}}`, 'utf8').toString('base64');
}
