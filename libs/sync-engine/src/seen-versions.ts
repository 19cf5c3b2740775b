/** Slots start at this many; must be a power of two. */
const FIRST_SLOTS = 1 << 12;
/** Words of 32 bits in an id. */
const WORDS = 4;

type Words = readonly [number, number, number, number];

/**
 * The set of version ids seen in a read: 16 bytes an id (twice that with the free slots), where a Set of strings takes over 100. The ids are
 * digests, so their own bits are the hash: the last ones, for the version and variant of a UUID stand at fixed places before them, and a
 * hash with constant bits piles the ids up. Linear probing; grows at seven eighths full.
 */
export class SeenVersions {
  private slots = new Uint32Array(FIRST_SLOTS * WORDS);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** False when the id was in already. */
  add(id: string): boolean {
    const words = wordsOf(id);
    const at = this.find(words);
    if (!this.isFree(at)) return false;
    this.slots.set(words, at);
    this.count += 1;
    if (this.count * WORDS * 8 > this.slots.length * 7) this.grow();
    return true;
  }

  has(id: string): boolean {
    return !this.isFree(this.find(wordsOf(id)));
  }

  /** Where the id is, or the free slot where it belongs. */
  private find([a, b, c, d]: Words): number {
    const { slots } = this;
    for (let at = (d * WORDS) % slots.length; ; at = (at + WORDS) % slots.length) {
      if (this.isFree(at)) return at;
      if (slots[at + 3] === d && slots[at] === a && slots[at + 1] === b && slots[at + 2] === c) return at;
    }
  }

  /** The second word of an id holds its UUID version and is never 0. */
  private isFree(at: number): boolean {
    return this.slots[at + 1] === 0;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += WORDS) {
      const [a = 0, b = 0, c = 0, d = 0] = old.subarray(at, at + WORDS);
      if (b !== 0) this.slots.set([a, b, c, d], this.find([a, b, c, d]));
    }
  }
}

function wordsOf(id: string): Words {
  return [
    parseInt(id.slice(0, 8), 16),
    parseInt(id.slice(9, 13) + id.slice(14, 18), 16),
    parseInt(id.slice(19, 23) + id.slice(24, 28), 16),
    parseInt(id.slice(28), 16),
  ];
}
