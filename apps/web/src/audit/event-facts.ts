/** What stood before or after an event, as lines: objects within become dotted names. */
export interface Fact {
  name: string;
  text: string;
}

export function factsOf(value: unknown): Fact[] {
  if (value === null || value === undefined) return [];
  if (!isObject(value)) return [{ name: '', text: factText(value) }];
  return Object.entries(value).flatMap(([name, inner]) =>
    isObject(inner)
      ? factsOf(inner).map((fact) => ({ name: [name, fact.name].join('.'), text: fact.text }))
      : [{ name, text: factText(inner) }],
  );
}

export function factText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (Array.isArray(value)) {
    return value.length === 0 ? 'none' : value.map((item) => factText(item)).join(', ');
  }
  if (isObject(value)) {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${factText(inner)}`)
      .join(' ');
  }
  return String(value);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
