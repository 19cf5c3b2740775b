import type { FieldTree, ValidationError } from '@angular/forms/signals';
import type { FieldError } from '@vw/shared-contracts';

/** The server's complaints, each placed at its own field; those without a field of their own are the form's. */
export function placedAt<Model>(
  root: FieldTree<Model>,
  fields: Record<string, FieldTree<unknown>>,
  errors: readonly FieldError[],
): ValidationError.WithOptionalFieldTree[] {
  const known = new Map(Object.entries(fields));
  return errors.map(({ field, message }) => ({
    kind: `server-${field}`,
    message: known.has(field) ? message : `${field}: ${message}`,
    fieldTree: known.get(field) ?? root,
  }));
}
