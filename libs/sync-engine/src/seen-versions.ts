/** Slots start at this many; must be a power of two. */
const FIRST_SLOTS = 1 << 12;

/**
 * The set of version ids seen in a read: 16 bytes an id (twice that with the free slots), where a Set of strings takes over 100. The ids are
 * digests, so their own bits are the hash. Linear probing; grows at three quarters full.
 */
export class SeenVersions {
  private slots = new BigUint64Array(FIRST_SLOTS * 2);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** False when the id was in already. */
  add(id: string): boolean {
    const [high, low] = halves(id);
    const at = this.find(high, low);
    if (this.slots[at] !== 0n || this.slots[at + 1] !== 0n) return false;
    this.slots[at] = high;
    this.slots[at + 1] = low;
    this.count += 1;
    if (this.count * 8 > this.slots.length * 3) this.grow();
    return true;
  }

  has(id: string): boolean {
    const [high, low] = halves(id);
    const at = this.find(high, low);
    return this.slots[at] === high && this.slots[at + 1] === low;
  }

  /** Where the id is, or the free slot where it belongs. */
  private find(high: bigint, low: bigint): number {
    const mask = this.slots.length / 2 - 1;
    let slot = Number(high & BigInt(mask));
    for (;;) {
      const at = slot * 2;
      const free = this.slots[at] === 0n && this.slots[at + 1] === 0n;
      if (free || (this.slots[at] === high && this.slots[at + 1] === low)) return at;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new BigUint64Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0n;
      const low = old[at + 1] ?? 0n;
      if (high === 0n && low === 0n) continue;
      const to = this.find(high, low);
      this.slots[to] = high;
      this.slots[to + 1] = low;
    }
  }
}

function halves(id: string): [bigint, bigint] {
  const hex = id.replaceAll('-', '');
  return [BigInt(`0x${hex.slice(0, 16)}`), BigInt(`0x${hex.slice(16)}`)];
}
