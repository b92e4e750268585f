/** Mulberry32, with the draws that programs need. */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed;
  }
  /** 32 bits, as a number. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }
  next(): number {
    return this.bits() / 4294967296;
  }
  /** A whole number from `low` up to, without, `high`. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }
  chance(p: number): boolean {
    return this.next() < p;
  }
  of<T>(list: readonly T[]): T {
    return list[this.int(0, list.length)];
  }
  maybe<T>(p: number, make: () => T): T | undefined {
    return this.chance(p) ? make() : undefined;
  }
  list<T>(length: number, make: () => T): T[] {
    return Array.from({ length }, make);
  }
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.int(0, rest.length), 1)[0]);
  }
}

/** Whole numbers from a seed, each below what is asked for. */
export function numbersFrom(seed: number): (below: number) => number {
  const random = new Random(seed);
  return (below) => random.bits() % below;
}
