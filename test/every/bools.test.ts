import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// A bool is a byte, and any byte but 0 is true: masks of 0 and 255 come from images, files and `a.data`.

const BYTES = [0, 255, 1, 2, 128, 0, 64, 0, 1, 254];

type Bools = np.NDArray<"bool">;
type Call = (x: Bools, y: Bools) => unknown;

/** Bools of these bytes, so often: 13 times is beyond a vector, 300 times beyond a tile. */
const raw = (times: number): Bools => np.tile(np.array(BYTES, { dtype: "uint8" }), times).view("bool");
const clean = (times: number): Bools => np.tile(np.array(BYTES.map((byte) => byte !== 0)), times);

const layouts: readonly (readonly [string, (x: Bools) => Bools])[] = [
  ["as they lie", (x) => x],
  ["every third, backwards", (x) => x.at("::-3")],
  ["transposed", (x) => np.reshape(x, [10, x.size / 10]).T],
  ["rows of a matrix", (x) => np.reshape(x, [10, x.size / 10]).at("1:, ::2")],
];

const calls: Record<string, Call> = {
  sum: (x) => np.sum(x),
  "sum by axis": (x) => np.sum(x, 0),
  "sum where": (x, y) => np.sum(x, 0, { where: y }),
  prod: (x) => np.prod(x),
  min: (x) => np.min(x, 0),
  max: (x) => np.max(x, 0),
  all: (x) => np.all(x, 0),
  any: (x) => np.any(x, -1),
  countNonzero: (x) => np.countNonzero(x),
  "countNonzero by axis": (x) => np.countNonzero(x, 0),
  argmax: (x) => np.argmax(x, 0),
  argmin: (x) => np.argmin(x),
  sort: (x) => np.sort(x, 0),
  "sort in place": (x) => {
    const a = np.emptyLike(x);
    np.copyto(a, x);
    a.sort();
    return a;
  },
  partition: (x) => np.partition(x, -1, 0),
  argsort: (x) => np.argsort(x, 0),
  searchsorted: (x) => np.searchsorted(np.sort(x, null), x),
  vecdot: (x, y) => np.vecdot(x, y),
  "vecdot by axis": (x, y) => np.vecdot(x, y, { axis: 0 }),
  matmul: (x, y) => np.matmul(x, y.T),
  mean: (x) => np.mean(x),
  std: (x) => np.std(x),
  add: (x, y) => np.add(x, y),
  multiply: (x, y) => np.multiply(x, y),
  divide: (x, y) => np.divide(x, y),
  maximum: (x, y) => np.maximum(x, y),
  minimum: (x, y) => np.minimum(x, y),
  fmax: (x, y) => np.fmax(x, y),
  fmin: (x, y) => np.fmin(x, y),
  equal: (x, y) => np.equal(x, y),
  notEqual: (x, y) => np.notEqual(x, y),
  less: (x, y) => np.less(x, y),
  lessEqual: (x, y) => np.lessEqual(x, y),
  greater: (x, y) => np.greater(x, y),
  greaterEqual: (x, y) => np.greaterEqual(x, y),
  "equal to true": (x) => np.equal(x, true),
  "less than 2": (x) => np.less(x, 2),
  bitwiseAnd: (x, y) => np.bitwiseAnd(x, y),
  bitwiseOr: (x, y) => np.bitwiseOr(x, y),
  bitwiseXor: (x, y) => np.bitwiseXor(x, y),
  logicalAnd: (x, y) => np.logicalAnd(x, y),
  logicalOr: (x, y) => np.logicalOr(x, y),
  logicalXor: (x, y) => np.logicalXor(x, y),
  invert: (x) => np.invert(x),
  bitwiseCount: (x) => np.bitwiseCount(x),
  logicalNot: (x) => np.logicalNot(x),
  absolute: (x) => np.absolute(x),
  floor: (x) => np.floor(x),
  clip: (x, y) => np.clip(x, false, y),
  sqrt: (x) => np.sqrt(x),
  power: (x, y) => np.power(x, y),
  isnan: (x) => np.isnan(x),
  lazy: (x, y) => np.add(np.lazy(x), y).evaluate(),
  "lazy sum": (x, y) => np.sum(np.bitwiseXor(np.lazy(x), y)),
  copy: (x) => x.copy(),
  "astype int8": (x) => x.astype("int8"),
  "astype float16": (x) => x.astype("float16"),
  "astype complex64": (x) => x.astype("complex64"),
  where: (x, y) => np.where(x, y, x),
  "at mask": (x) => x.at(x),
  "set mask": (x, y) => {
    const a = np.zerosLike(x);
    np.set(a, x as never, y.at(x));
    return a;
  },
  copyto: (x, y) => {
    const a = np.zeros(x.shape, { dtype: "bool" });
    np.copyto(a, x, { where: y });
    return a;
  },
  nonzero: (x) => np.argwhere(x),
  take: (x) => np.take(x, [1, 3, 0]),
  roll: (x) => np.roll(x, 3),
  repeat: (x) => np.repeat(x, 2),
  concatenate: (x, y) => np.concatenate([x, y]),
  tolist: (x) => x.tolist(),
  printing: (x) => np.arrayRepr(x),
  toTypedArray: (x) => np.toTypedArray(x),
  save: (x) => np.save(x),
};

function told(result: unknown): unknown {
  if (!(result instanceof np.NDArray)) return result;
  // What was computed holds nothing but 0 and 1.
  if (result.dtype === "bool") return [result.shape, [...(result as Bools).copy().data]];
  return [result.dtype, result.shape, result.tolist()];
}

describe("issue 7.8: bools of any byte count as true, and results hold 0 and 1", () => {
  describe.each(Object.entries(calls))("%s", (_, call) => {
    test.each(layouts)("of bools %s", (_, layout) => {
      for (const times of [1, 13, 300]) {
        np.memory.scope(() => {
          const [x, y] = [layout(raw(times)), layout(np.flip(raw(times)))],
            [p, q] = [layout(clean(times)), layout(np.flip(clean(times)))];
          expect(told(call(x, y))).toEqual(told(call(p, q)));
        });
      }
    });
  });

  test("copies of 0 and 255 hold 0 and 1, and leave the bytes that were viewed as they are", () => {
    const bytes = np.array(BYTES, { dtype: "uint8" });
    expect([...bytes.view("bool").copy().data]).toEqual(BYTES.map((byte) => Number(byte !== 0)));
    expect(bytes.tolist()).toEqual(BYTES);
  });

  test("bytes written through `a.data` count as well", () => {
    const a = np.zeros([40], { dtype: "bool" });
    a.data.fill(7);
    expect([np.countNonzero(a), np.countNonzero(np.equal(a, true)), np.sum(a)]).toEqual([
      40,
      40,
      np.sum(np.ones([40], { dtype: "bool" })),
    ]);
  });
});
