/** JSON-escaped: Postgres text holds neither NUL nor half a surrogate pair, and names of models may. */
export function toExactText(text: string): string {
  return JSON.stringify(text);
}

export function fromExactText(stored: string): string {
  return String(JSON.parse(stored));
}
