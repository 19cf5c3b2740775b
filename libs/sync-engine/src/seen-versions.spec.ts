import { versionId } from '@vw/model-inventory';
import { SeenVersions } from './seen-versions';

/** Ids that pile up in one place of the set would take three minutes, which is longer than a test may. */
const VERSIONS = 200_000;
const AT_ONCE = 10_000;

describe('the versions that a read has seen', () => {
  const idOf = (n: number): string => versionId('8c5f0c7e-6f1b-8d2a-9a51-0f4f6f3c2b1a', String(n), n);

  it('are known again, and no others, however many they are', async () => {
    const seen = new SeenVersions();
    for (let first = 0; first < VERSIONS; first += AT_ONCE) {
      const ids = Array.from({ length: AT_ONCE }, (_, n) => idOf(first + n));
      expect(ids.filter((id) => seen.has(id))).toEqual([]);
      expect(ids.filter((id) => !seen.add(id))).toEqual([]);
      expect(ids.filter((id) => !seen.has(id) || seen.add(id))).toEqual([]);
      expect(seen.size).toBe(first + AT_ONCE);
      // A test that takes too long is only ended where it waits.
      await new Promise(setImmediate);
    }
  });
});
