// Values one by one, arrays block by block, and never all at once.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;

function* squares(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i ** 2;
}

test("lesson 49: an array of a generator's values is one array if their number is known", () => {
  const t = memory.trace(() => memory.fromIter(squares(1e6), "float64", { count: 1e6 }));
  using a = t.result;
  expect([t.allocs, t.allocated, t.peak, a.item(-1)]).toEqual([1, 8_000_000, 8_000_000, 999_999 ** 2]);
});

test("lesson 49: if it is not known, the array grows as a growable does, and is cut to size in the end", () => {
  const t = memory.trace(() => memory.fromIter(squares(10_000)));
  using a = t.result;
  expect([a.size, t.allocs, t.retained]).toEqual([10_000, 47 + 1, 80_000]);
  expect(t.events.filter((e) => e.kind === "alloc").at(-1)).toMatchObject({ nbytes: 80_000, reason: "growth" });
});

test("lesson 49: a sum of squares in blocks: one block of scratch, where the copying form takes an array", () => {
  using x = np.arange(1e7);
  // Small enough that sums of squares are exact in any order.
  np.remainder(x, 1000, { out: x });
  const copying = memory.trace(() => {
    using s = np.multiply(x, x);
    return np.sum(s);
  });
  const blocked = memory.trace(() => {
    using scratch = np.empty(65_536);
    let sum = 0;
    for (const block of memory.blocks(x, 65_536)) {
      using out = scratch.at(np.slice(0, block.size));
      sum += np.sum(np.multiply(block, block, { out }));
    }
    return sum;
  });
  expect([copying.allocs, copying.peak]).toEqual([1, 80_000_000]);
  expect([blocked.allocs, blocked.peak]).toEqual([1, 524_288]);
  expect([copying.result, blocked.result]).toEqual([3_328_335_000_000, 3_328_335_000_000]);
});

test("lesson 49: a lazy sum of squares: no array, one block of scratch, and the value of the copying form", () => {
  using x = np.random.defaultRng(49).random(1e7);
  const lazily = memory.trace(() => {
    const a = np.lazy(x);
    return np.sum(np.multiply(a, a));
  });
  expect([lazily.allocs, lazily.allocated, lazily.peak, lazily.retained]).toEqual([1, 524_288, 524_288, 0]);
  expect([lazily.scratchPeak, lazily.copied]).toEqual([524_288, 0]);
  using s = np.multiply(x, x);
  expect(lazily.result).toBe(np.sum(s));
});

test("lesson 49: a lazy sqrt(x * x + y * y) has no temporaries: 8 n bytes where the plain form has 32 n", () => {
  using x = np.full([1e6], 3);
  using y = np.full([1e6], 4);
  const plain = memory.trace(() => memory.scope(() => np.sqrt(np.add(np.multiply(x, x), np.multiply(y, y)))));
  const lazily = memory.trace(() => {
    const [a, b] = [np.lazy(x), np.lazy(y)];
    return np.sqrt(np.add(np.multiply(a, a), np.multiply(b, b))).evaluate();
  });
  expect([plain.allocated, plain.peak]).toEqual([32_000_000, 32_000_000]);
  expect([lazily.allocated, lazily.peak, lazily.retained]).toEqual([8_262_144, 8_262_144, 8_000_000]);
  expect([plain.result.item(-1), lazily.result.item(-1)]).toEqual([5, 5]);
  for (const { result } of [plain, lazily]) result.dispose();
});

test("lesson 49: blocks allocate nothing", () => {
  using x = np.arange(1e6);
  const t = memory.trace(() => {
    let sum = 0;
    for (const block of memory.blocks(x, 65_536)) sum += np.sum(block);
    return sum;
  });
  expect([t.result, t.allocs, t.allocated, x.buffer.refcount]).toEqual([499_999_500_000, 0, 0, 1]);
});
