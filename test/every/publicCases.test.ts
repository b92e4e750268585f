import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// What users of other array libraries reported, said anew in this library's words.

const { memory } = np;
const listOf = (make: () => np.NDArray): unknown => memory.scope(() => make().tolist());

describe("issue 7.29: public bug reports of other libraries", () => {
  test.each([7, 64, 300])("a symmetric sum in place: add(h, h.T, { out: h }) at %i", (n) => {
    memory.scope(() => {
      const h = np.arange(n * n).reshape([n, n]),
        expected = np.add(h.copy(), h.T.copy());
      np.add(h, h.T, { out: h });
      expect(np.arrayEqual(h, expected)).toBe(true);
    });
  });

  test("divide(a, a.at('0:1'), { out: a }) divides all by what stood first", () => {
    memory.scope(() => {
      const a = np.full(100_000, 8);
      np.divide(a, a.at("0:1"), { out: a });
      expect([a.min(), a.max()]).toEqual([1, 1]);
    });
  });

  test("nanToNum(view, { copy: false }) writes through a view with steps, and nothing beside it", () => {
    memory.scope(() => {
      const a = np.full([4, 6], Number.NaN);
      np.nanToNum(a.at("::2", "::-3"), { copy: false });
      expect(np.isnan(a).sum()).toBe(24 - 4);
    });
  });

  test("clip(uint8, 0, 4550): a bound beyond the dtype is no bound", () => {
    expect(listOf(() => np.clip(np.array([0, 7, 255], "uint8"), 0, 4550) as unknown as np.NDArray)).toEqual([
      0, 7, 255,
    ]);
  });

  test("arithmetic of pictures wraps around, and refuses integers that do not fit", () => {
    memory.scope(() => {
      const picture = np.array([250, 5], "uint8");
      expect(np.add(picture, picture).tolist()).toEqual([244, 10]);
      expect(() => np.add(picture, 300)).toThrow("out of bounds for uint8");
      expect(np.abs(np.array([-128], "int8")).tolist()).toEqual([-128]);
    });
  });

  test("int64 stands beside plain numbers and bigints", () => {
    memory.scope(() => {
      const ids = np.array([1n, 2n ** 53n + 1n]);
      expect(np.add(ids, 1).tolist()).toEqual([2n, 2n ** 53n + 2n]);
      expect(np.add(ids, 1n).dtype).toBe("int64");
    });
  });

  test("a bad value late in a list writes nothing", () => {
    memory.scope(() => {
      const a = np.zeros(3, "uint8");
      expect(() => np.copyto(a, [1, 2, 300])).toThrow(np.NDArrayError);
      expect(a.tolist()).toEqual([0, 0, 0]);
      const { live } = memory.usage();
      expect(() => np.array([...new Array<number>(5000).fill(1), "x" as unknown as number])).toThrow(np.NDArrayError);
      expect(memory.usage().live).toBe(live);
    });
  });

  test("load(bytes at an odd offset of a larger buffer)", () => {
    memory.scope(() => {
      const saved = np.save(np.array([1.5, -2])),
        pooled = new Uint8Array(saved.length + 3);
      pooled.set(saved, 3);
      expect(np.load(pooled.subarray(3)).tolist()).toEqual([1.5, -2]);
    });
  });

  test("where without out: what is left out is the same in every run", () => {
    const run = (): unknown => listOf(() => np.add(np.ones(4), 1, { where: np.array([true, false, true, false]) }));
    const first = run();
    memory.scope(() => np.full(4, 9));
    expect(run()).toEqual(first);
  });

  test("mean, var and std of float16 whose sums pass 65,504", () => {
    memory.scope(() => {
      const a = np.full(1000, 1000, { dtype: "float16" });
      expect([np.mean(a), np.var(a), np.std(a)]).toEqual([1000, 0, 0]);
    });
  });

  test("zeros(n) is billed once, and std and var need no second array", () => {
    const t = memory.trace(() => np.zeros(1000, "uint8").dispose());
    expect([t.allocs, t.allocated]).toEqual([1, 1000]);
    memory.scope(() => {
      const x = np.arange(1e5);
      expect(memory.trace(() => [np.std(x), np.var(x)]).allocated).toBe(0);
    });
  });

  test("smaller integers are lossless by default: ids beyond 2^53 stay apart", () => {
    memory.scope(() => {
      const report = np.shrink.report({ id: np.array([2n ** 53n + 1n, 2n ** 53n + 3n]) });
      expect(String(report)).toContain("id      int64  int64  16 B     0 %");
    });
  });

  test("mask.sum() / mask.size is the share of what is true", () => {
    memory.scope(() => {
      const mask = np.greater(np.arange(4), 0);
      expect((mask.sum() as number) / mask.size).toBe(0.75);
    });
  });
});
