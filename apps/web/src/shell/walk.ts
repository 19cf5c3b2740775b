/**
 * The way to a page behind the first: kept with its entry in the browser's history, so that a reload and Back keep it, while
 * a link, which another person opens another day, knows nothing of it.
 */
export interface Walk {
  /** False where the way began with a link into the middle of the list. */
  fromFirst: boolean;
  /** Cursors of the pages passed, in order, without the first page, which has none. */
  before: readonly string[];
  /** Rows of all pages, which only the first one tells. */
  total: number | null;
}

const NO_WALK: Walk = { fromFirst: false, before: [], total: null };

/** The walk that `Location.getState()` holds. */
export function walkOf(state: unknown): Walk {
  const walk = property(state, 'walk');
  const before = property(walk, 'before');
  const total = property(walk, 'total');
  if (!Array.isArray(before) || !before.every((cursor) => typeof cursor === 'string')) return NO_WALK;
  return {
    fromFirst: property(walk, 'fromFirst') === true,
    before,
    total: typeof total === 'number' ? total : null,
  };
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
