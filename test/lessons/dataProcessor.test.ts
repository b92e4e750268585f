// Generator, cache, scope and pool in one program, which ends with nothing left.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;

class DataProcessor implements Disposable {
  readonly #results = memory.lruCache<number>({ maxBytes: "16 MB", label: "results" });
  readonly #buffers = memory.pool({ shape: 65_536, initial: 2, label: "buffers" });
  readonly #recent = memory.weakCache<string>();

  *#doubled(n: number): Generator<number> {
    for (let i = 0; i < n; i++) yield i * 2;
  }

  /** The doubles of 0 … n - 1, kept by the cache. */
  load(n: number): np.NDArray {
    const known = this.#results.get(n);
    if (known !== undefined) return known;
    const made = this.#results.set(n, memory.fromIter(this.#doubled(n), "float64", { count: n }));
    return this.#recent.set("last", made);
  }

  /** Their sum, block by block, each block worked on in an array of the pool. */
  sum(n: number): number {
    let total = 0;
    for (const block of memory.blocks(this.load(n), 65_536)) {
      using work = this.#buffers.take();
      using part = work.at(np.slice(0, block.size));
      total += np.sum(np.add(block, 0, { out: part }));
    }
    return total;
  }

  get last(): np.NDArray | undefined {
    return this.#recent.get("last");
  }

  get stats(): [hits: number, misses: number, taken: number] {
    return [this.#results.stats.hits, this.#buffers.stats.misses, this.#buffers.stats.taken];
  }

  [Symbol.dispose](): void {
    this.#results.dispose();
    this.#buffers.dispose();
  }
}

test("lesson 61: a data processor sums i * 2 for a million i to 999,999,000,000 and ends with nothing live", () => {
  const before = memory.usage().live;
  const t = memory.trace(() => {
    using processor = new DataProcessor();
    const sums = [processor.sum(1_000_000), processor.sum(1_000_000)];
    const last = processor.last;
    expect([last?.size, last?.disposed, processor.stats]).toEqual([1_000_000, false, [1, 0, 0]]);
    return { sums, last };
  });
  expect(t.result.sums).toEqual([999_999_000_000, 999_999_000_000]);
  expect([t.allocs, t.allocated, t.retained]).toEqual([3, 8_000_000 + 2 * 524_288, 0]);
  expect(t.result.last?.disposed).toBe(true);
  expect(memory.usage().live).toBe(before);
});
