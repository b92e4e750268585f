import "../../src/core/inlined.js";
import { describe, expect, test } from "vitest";
import { make, type NDArray, viewOf } from "../../src/array/ndarray.js";
import { byCode, type DType } from "../../src/base/dtype.js";
import { DTypeError, OverflowError, ReadOnlyError, ValueError } from "../../src/base/errors.js";
import { view } from "../../src/core/instance.js";
import { defaultRng, type Generator } from "../../src/creating/random.js";
import { type Call, expectAnswer, streams, title, toSeed } from "../support/streams.js";

const descr = (dtype: DType) => byCode.find((row) => row.name === dtype)!;

function bytesOf(array: NDArray<DType>): Uint8Array<ArrayBuffer> {
  const address = array.address;
  return new Uint8Array(view.buffer as ArrayBuffer).slice(address, address + array.nbytes);
}

/** A call of the oracle's, made on a generator. */
function draw(rng: Generator, call: Call): Uint8Array<ArrayBuffer> {
  const options = { dtype: call.dtype as "float64" };
  if (call.method !== "integers") {
    using values = rng[call.method](call.count, options);
    return bytesOf(values);
  }
  const bounded = { dtype: call.dtype as "int64", endpoint: call.endpoint };
  using values = rng.integers(BigInt(call.low!), BigInt(call.high!), call.count, bounded);
  return bytesOf(values);
}

describe("defaultRng(seed) gives NumPy's stream", () => {
  for (const { seed, calls } of [...streams.fills, ...streams.bounded]) {
    test(`${title(calls[0])} from seed ${seed}`, () => {
      const rng = defaultRng(toSeed(seed));
      for (const call of calls) expectAnswer(draw(rng, call), call, call.dtype, call.method);
    });
  }

  for (const { seed, calls } of streams.mixed) {
    test(`${calls.length} calls in a row from seed ${seed}`, () => {
      const rng = defaultRng(toSeed(seed));
      for (const call of calls) expectAnswer(draw(rng, call), call, call.dtype, call.method);
    });
  }

  for (const answer of streams.scaled) {
    const [a, b] = answer.arguments;
    test(`${answer.method}(${a}, ${b}, 1001) from seed 42`, () => {
      using values = defaultRng(42)[answer.method](a, b, 1001);
      expectAnswer(bytesOf(values), answer, "float64", "random");
    });
  }
});

describe("without a shape a method gives one item", () => {
  test("random(), standardNormal(), normal(loc, scale), uniform(low, high) give what an array would hold", () => {
    const [one, other] = [defaultRng(7), defaultRng(7)];
    using uniform = other.random(2);
    expect([one.random(), one.random()]).toEqual([...uniform.data]);
    using normal = other.standardNormal(1, { dtype: "float32" });
    expect(one.standardNormal(undefined, { dtype: "float32" })).toBe(normal.data[0]);
    using scaled = other.normal(10, 3, 1);
    expect(one.normal(10, 3)).toBe(scaled.data[0]);
    using between = other.uniform(-1, 1, 1);
    expect(one.uniform(-1, 1)).toBe(between.data[0]);
  });

  test("integers(low, high) is a bigint, a number or a boolean, as the dtype says", () => {
    const rng = defaultRng(7);
    expect(typeof rng.integers(10)).toBe("bigint");
    expect(typeof rng.integers(0, 10, undefined, { dtype: "uint32" })).toBe("number");
    expect(typeof rng.integers(0, 2, undefined, { dtype: "bool" })).toBe("boolean");
  });

  test("integers(high) starts at 0, and with endpoint high may be drawn", () => {
    const rng = defaultRng(7);
    expect(rng.integers(1)).toBe(0n);
    expect(rng.integers(5, 5, undefined, { endpoint: true })).toBe(5n);
  });
});

test("random(shape) has the shape, and random([]) no axes", () => {
  const rng = defaultRng(0);
  using cube = rng.random([2, 3, 4]);
  using point = rng.random([]);
  using empty = rng.integers(0, 9, [3, 0]);
  expect([cube.shape, point.shape, empty.shape]).toEqual([[2, 3, 4], [], [3, 0]]);
  expect([cube.dtype, empty.dtype]).toEqual(["float64", "int64"]);
});

test("random(shape, { out }) writes into out and returns it", () => {
  using out = make([4], descr("float32"), "test") as NDArray<"float32">;
  expect(defaultRng(3).random(4, { dtype: "float32", out })).toBe(out);
  using fresh = defaultRng(3).random(4, { dtype: "float32" });
  expect([...out.data]).toEqual([...fresh.data]);
});

test("random(undefined, { out }) fills Fortran order as it lies in memory, as NumPy does", () => {
  using out = make([6], descr("float64"), "test") as NDArray<"float64">;
  using transposed = viewOf(out, out.descr, [2, 3], [8, 16], 0);
  defaultRng(3).random(undefined, { out: transposed });
  using fresh = defaultRng(3).random(6);
  expect([...out.data]).toEqual([...fresh.data]);
});

test("defaultRng() without a seed starts elsewhere each time", () => {
  expect(defaultRng().random()).not.toBe(defaultRng().random());
});

describe("a bad call is refused, and the stream goes on as if it had not been made", () => {
  const int32 = make([3], descr("int32"), "test") as unknown as NDArray<"float64">;
  const apart = viewOf(make([6], descr("float64"), "test"), descr("float64"), [3], [16], 0) as NDArray<"float64">;
  const three = make([3], descr("float64"), "test") as NDArray<"float64">;
  const locked = viewOf(
    make([1], descr("float64"), "test"),
    descr("float64"),
    [3],
    [0],
    0,
    false,
  ) as NDArray<"float64">;
  const float16 = "float16" as "float64";
  const refused: [string, (rng: Generator) => unknown, Error][] = [
    [
      "random(3, float16)",
      (rng) => rng.random(3, { dtype: float16 }),
      new DTypeError("Unsupported dtype dtype('float16') for random"),
    ],
    ["random(-1)", (rng) => rng.random(-1), new ValueError("negative dimensions are not allowed")],
    [
      "random(out of int32)",
      (rng) => rng.random(3, { out: int32 }),
      new DTypeError("Supplied output array has the wrong type. Expected float64, got int32"),
    ],
    [
      "random(out with gaps)",
      (rng) => rng.random(undefined, { out: apart }),
      new ValueError("Supplied output array must be contiguous, writable, aligned, and in machine byte-order."),
    ],
    [
      "random(out read-only)",
      (rng) => rng.random(undefined, { out: locked }),
      new ReadOnlyError("output array is read-only: 3 elements share one element; call .copy()"),
    ],
    [
      "random(4, out of 3)",
      (rng) => rng.random(4, { out: three }),
      new ValueError("size must match out.shape when used together"),
    ],
    ["normal(0, -1)", (rng) => rng.normal(0, -1), new ValueError("scale < 0")],
    ["uniform(5, 1)", (rng) => rng.uniform(5, 1), new ValueError("high - low < 0")],
    [
      "uniform(0, Infinity)",
      (rng) => rng.uniform(0, Number.POSITIVE_INFINITY),
      new OverflowError("high - low range exceeds valid bounds"),
    ],
    ["integers(5, 5)", (rng) => rng.integers(5, 5), new ValueError("low >= high")],
    ["integers(5, 4, endpoint)", (rng) => rng.integers(5, 4, 3, { endpoint: true }), new ValueError("low > high")],
    ["integers(0)", (rng) => rng.integers(0), new ValueError("high <= 0")],
    [
      "integers(-200, 5, int8)",
      (rng) => rng.integers(-200, 5, 3, { dtype: "int8" }),
      new ValueError("low is out of bounds for int8"),
    ],
    [
      "integers(0, 129, int8)",
      (rng) => rng.integers(0, 129, 3, { dtype: "int8" }),
      new ValueError("high is out of bounds for int8"),
    ],
    [
      "integers(0, 3, bool)",
      (rng) => rng.integers(0, 3, 3, { dtype: "bool" }),
      new ValueError("high is out of bounds for bool"),
    ],
    ["integers(0, NaN)", (rng) => rng.integers(0, Number.NaN), new ValueError("cannot convert float NaN to integer")],
    [
      "integers(0, Infinity)",
      (rng) => rng.integers(0, Number.POSITIVE_INFINITY),
      new OverflowError("cannot convert float infinity to integer"),
    ],
    [
      "integers(3, float64)",
      (rng) => rng.integers(3, null, 3, { dtype: "float64" as "int64" }),
      new DTypeError("Unsupported dtype dtype('float64') for integers"),
    ],
  ];
  for (const [name, call, error] of refused) {
    test(name, () => {
      const rng = defaultRng(11);
      expect(() => call(rng)).toThrow(error);
      expect(rng.random()).toBe(defaultRng(11).random());
    });
  }
});
