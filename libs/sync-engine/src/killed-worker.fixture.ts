import { jest } from '@jest/globals';
import type { ModelInventory } from '@vw/model-inventory';

/** Aborts, as a kill would, once the next chunk is written. Until `jest.restoreAllMocks`. */
export function killedAfterOneChunk(inventory: ModelInventory): AbortSignal {
  const dying = new AbortController();
  const apply = inventory.apply.bind(inventory);
  jest.spyOn(inventory, 'apply').mockImplementationOnce(async (...args) => {
    const applied = await apply(...args);
    dying.abort(new Error('killed'));
    return applied;
  });
  return dying.signal;
}
