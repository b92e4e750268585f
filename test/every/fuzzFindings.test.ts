import {
  absolute,
  add,
  allclose,
  arange,
  array,
  arrayEqual,
  arrayEquiv,
  type Complex,
  clip,
  concatenate,
  type DType,
  DTypeError,
  greaterEqual,
  iinfo,
  insert,
  isNDArrayError,
  lazy,
  linspace,
  load,
  mean,
  memory,
  multiply,
  NDArray,
  ones,
  prod,
  subtract,
  sum,
  var as variance,
} from "nbytes";
import { describe, expect, test } from "vitest";

// What npm run fuzz found beside NumPy 2.4.6, each with NumPy's answer.

describe("issue 7.9: ranges of floats are stepped by the difference of the first two values, as they are held", () => {
  test.each([
    ["float16", [-8.140625, -5.64453125, -3.1484375, -0.65234375, 1.84375]],
    ["float32", [-8.142857551574707, -5.642857074737549, -3.1428565979003906, -0.6428561210632324, 1.8571443557739258]],
    ["float64", [-8.142857142857142, -5.642857142857142, -3.1428571428571423, -0.6428571428571423, 1.8571428571428577]],
  ] as const)("arange(-57 / 7, 14, 2.5, { dtype: %j })", (dtype, values) => {
    const a = arange(-57 / 7, 14, 2.5, { dtype });
    expect(a.at([0, 1, 2, 3, 4]).tolist()).toEqual(values);
  });

  test("arange(2n ** 63n, 2n ** 63n + 4n, 1n, { dtype: 'float16' }) is infinite, and no number after two", () => {
    const a = arange(2n ** 63n, 2n ** 63n + 4n, 1n, { dtype: "float16" });
    expect(a.tolist()).toEqual([Infinity, Infinity, NaN, NaN]);
  });

  test("arange(start, stop, Infinity) has the start alone, and nothing where there is no way to go", () => {
    expect(arange(-3.375, 3.125, Infinity).tolist()).toEqual([-3.375]);
    expect(arange(5, 2, -Infinity, { dtype: "int16" }).tolist()).toEqual([5]);
    expect(arange(0.1, 0.1, Infinity, { dtype: "int64" }).tolist()).toEqual([]);
    expect(arange(5, 2, Infinity).tolist()).toEqual([]);
    expect(() => arange(1e10, 1e10 + 5.75, Infinity, { dtype: "int16" })).toThrow(/10000000000/);
  });
});

describe("issue 7.9: several dtypes promote as numpy.result_type promotes them", () => {
  test.each([
    [["int16", "uint16", "float32"], "float32"],
    [["uint16", "int16", "float16"], "float32"],
    [["int16", "uint16", "complex64"], "complex64"],
    [["uint8", "int8", "float16"], "float16"],
    [["int16", "uint16", "int16"], "int32"],
    [["int8", "uint64", "float32"], "float64"],
  ] as const)("concatenate of %j is %s, in any order", (dtypes, expected) => {
    const parts = dtypes.map((dtype: DType) => ones(1, { dtype }));
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ])
      expect(concatenate(order.map((k) => parts[k])).dtype).toBe(expected);
  });

  test("clip(int16, uint16, float32) is float32", () => {
    expect(clip(ones(1, "int16"), ones(1, "uint16"), ones(1, "float32")).dtype).toBe("float32");
  });
});

test("issue 7.9: subtract(float16, 2n ** 62n): a bigint is the float16 nearest to it, infinity", () => {
  expect(subtract(array([Infinity, 0], "float16"), 2n ** 62n).tolist()).toEqual([NaN, -Infinity]);
});

describe("issue 7.9: absolute(complex, { dtype }) has NumPy's loops", () => {
  const z = array([{ re: -3, im: 4 }], "complex128");
  test("a dtype that holds the magnitudes has them; to another the numbers are cast first, if they may be", () => {
    expect(absolute(z, { dtype: "float64" }).tolist()).toEqual([5]);
    expect(absolute(z, { dtype: "float32", casting: "unsafe" }).tolist()).toEqual([3]);
    expect(absolute(z, { dtype: "int8", casting: "unsafe" }).tolist()).toEqual([3]);
    expect(absolute(z.astype("complex64"), { dtype: "float64" }).tolist()).toEqual([5]);
  });

  test("it is refused in NumPy's words, which name absolute", () => {
    expect(() => absolute(z, { dtype: "float32" })).toThrow(
      "Cannot cast ufunc 'absolute' input from dtype('complex128') to dtype('float32') with casting rule 'same_kind'",
    );
    expect(() => absolute(z, { dtype: "complex128" })).toThrow(
      "No loop matching the specified signature and casting was found for ufunc absolute",
    );
  });
});

test("linspace(0, { re, im }, n, { dtype: 'float32' }) is refused", () => {
  expect(() => linspace(0, { re: 1, im: 1 }, 3, { dtype: "float32" })).toThrow(DTypeError);
});

describe("issue 7.9: astype(dtype, { casting: 'same_value' }) keeps what fits, at the ends of every integer dtype", () => {
  const INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const;
  test.each(INTEGERS)("from %s", (from) => {
    const { min, max } = iinfo(from);
    for (const to of INTEGERS) {
      const into = iinfo(to);
      for (const value of [min, min + 1n, max / 2n, max - 1n, max, into.max, into.min, into.max + 1n, 0n]) {
        if (value < min || value > max) continue;
        const cast = (): NDArray => array([value], from).astype(to, { casting: "same_value" });
        if (value < into.min || value > into.max) expect(cast).toThrow(/would change/);
        else expect(BigInt(cast().item(0) as number)).toBe(value);
      }
    }
  });
});

test("issue 7.9: astype('float16', { casting: 'same_value' }) refuses integers that are infinite there, at both ends", () => {
  for (const dtype of ["int32", "int64"] as const)
    for (const end of [iinfo(dtype).min, iinfo(dtype).max])
      expect(() => array([end], dtype).astype("float16", { casting: "same_value" })).toThrow(/would change/);
  expect(array([-32768], "int16").astype("float16", { casting: "same_value" }).tolist()).toEqual([-32768]);
});

test("issue 7.9: linspace between complex ends has its step as one number, however small a part of it is", () => {
  const a = linspace({ re: 1e-310, im: 5e-324 }, 5e-324, 50).tolist() as Complex[];
  expect(a.slice(0, 49).map(({ im }) => im)).toEqual(Array(49).fill(5e-324));
});

test("issue 7.9: comparisons of int8 and uint64 have no loop without casts", () => {
  expect(() => greaterEqual(ones(1, "int8"), ones(1, "uint64"), { casting: "no" })).toThrow(
    "Cannot cast ufunc 'greaterEqual' input 0 from dtype('int8') to dtype('int64') with casting rule 'no'",
  );
  expect(() => greaterEqual(ones(1, "uint64"), ones(1, "int8"), { casting: "equiv" })).toThrow(
    /input 1 from dtype\('int8'\)/,
  );
  expect(greaterEqual(ones(1, "int64"), ones(1, "uint64"), { casting: "no" }).tolist()).toEqual([true]);
});

test("issue 7.9: var(complex, { dtype: real }) is refused, with where= too; mean(0-d, -1, { where, out }) is NaN", () => {
  const z = array([{ re: 1, im: 1 }], "complex64");
  for (const where of [undefined, [true]])
    expect(() => variance(z, null, { dtype: "float32", ...(where && { where }) })).toThrow(
      "the var of complex numbers has no float32",
    );
  const out = array(11);
  mean(array(2), -1, { where: false, out });
  expect(out.item()).toBeNaN();
  expect(() => mean(array(2), -1, { out })).toThrow("axis -1 is out of bounds for array of dimension 0");
});

describe("issue 7.9: { dtype, out }: what is cast into out is what the dtype holds", () => {
  test("prod(int8, { dtype: 'uint8', out: float64 }) wraps around, as NumPy's does", () => {
    const out = array(0);
    prod(array([4, 10, 7], "int8"), null, { dtype: "uint8", out });
    expect(out.item()).toBe(24);
  });
  test("sum(int32, { dtype: 'int32', out: int64 }) wraps around", () => {
    const out = array([0n]);
    sum(array([[2 ** 31 - 1, 1]], "int32"), 1, { dtype: "int32", out });
    expect(out.tolist()).toEqual([-(2n ** 31n)]);
  });
  test("sum(float16, { dtype: 'float16', out: float32 }) is rounded to float16, and overflows as it does", () => {
    const out = ones(2, "float32");
    sum(
      array(
        [
          [60000, 60000],
          [2048, 1],
        ],
        "float16",
      ),
      1,
      { dtype: "float16", out },
    );
    expect(out.tolist()).toEqual([Infinity, 2048]);
  });
});

test("issue 7.9: prod(x, axis, { dtype: 'bool', initial }) begins with the truth of initial", () => {
  for (const [initial, due] of [
    [NaN, true],
    [0.5, true],
    [0, false],
    [-1, true],
  ] as const)
    expect(prod(array([[1, 2]], "uint16"), 1, { dtype: "bool", initial }).tolist()).toEqual([due]);
});

test("issue 7.9: arrayEquiv(float16, 0.1) is false: no float16 is 0.1; isclose is", () => {
  const x = array([0.1], "float16");
  expect([arrayEquiv(x, 0.1), arrayEquiv(0.5, array([0.5], "float16")), allclose(x, 0.1)]).toEqual([false, true, true]);
  expect(arrayEqual(array(2n ** 64n - 1n, "uint64"), 2n ** 64n - 1n)).toBe(true);
  expect(arrayEqual(array(2n ** 64n - 2n, "uint64"), 2n ** 64n - 1n)).toBe(false);
  expect(arrayEquiv(array([-Infinity], "float16"), -(2n ** 62n))).toBe(false);
});

describe("issue 7.3: a revoked proxy anywhere is nothing that can be read, and no error but the library's own", () => {
  const revoked = (): never => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    return proxy as never;
  };
  test("what takes an array, an index or a snapshot refuses it in a typed error", () => {
    const calls: (() => unknown)[] = [
      () => insert(ones(3), revoked(), 1),
      () => ones(3).at(revoked()),
      () => ones(3).set(revoked(), 1 as never),
      () => memory.snapshot().compareTo(revoked(), "line"),
    ];
    for (const call of calls) {
      let error: unknown;
      try {
        call();
      } catch (thrown) {
        error = thrown;
      }
      expect([String(call), isNDArrayError(error)]).toEqual([String(call), true]);
    }
  });

  test("what looks into any value passes it by", () => {
    expect(isNDArrayError(revoked())).toBe(false);
    expect(() => memory.sizeOf({ a: revoked() }, { deep: true })).not.toThrow();
    expect(() => memory.graph({ a: revoked() })).not.toThrow();
    expect(() => memory.scope(() => revoked())).not.toThrow();
    expect(() => memory.scope(() => ({ a: [revoked()] }))).not.toThrow();
    expect(() => memory.trace(() => revoked())).not.toThrow();
  });
});

describe("issue 7.9: { dtype: 'float16' }: operands are float16 first, as NumPy casts them", () => {
  test.each(["int32", "uint64", "float64"] as const)("multiply(%s, %s, { dtype: 'float16' })", (dtype) => {
    const x = array([2049, 99999], dtype as "float64"),
      y = array([3, 0], dtype as "float64"),
      options = { dtype: "float16" } as const;
    const out = ones(2, "float16");
    expect(multiply(x, y, options).tolist()).toEqual([6144, NaN]);
    expect(multiply(x, y, { ...options, out }).tolist()).toEqual([6144, NaN]);
    expect(multiply(lazy(x), y, options).evaluate().tolist()).toEqual([6144, NaN]);
    expect(
      multiply(lazy(add(lazy(x), 0)), y, options)
        .evaluate()
        .tolist(),
    ).toEqual([6144, NaN]);
  });
  test("sum(int32, axis, { dtype: 'float16' })", () => {
    expect(
      sum(
        array(
          [
            [99999, -99999],
            [2049, 2049],
          ],
          "int32",
        ),
        1,
        { dtype: "float16" },
      ).tolist(),
    ).toEqual([NaN, 4096]);
  });
  test("whichever allocation is refused, nothing is left behind", () => {
    const x = ones([10, 10], "int32"),
      y = ones([10, 10], "float64"),
      line = y.at("0"),
      before = memory.usage().live;
    let refused = 0;
    for (let allocs = 0; allocs < 4; allocs++) {
      for (const call of [
        () => multiply(x, y, { dtype: "float16" }),
        () => sum(x, 0, { dtype: "float16" }),
        () => sum(x, 0, { dtype: "uint8", out: line }),
      ]) {
        try {
          using _ = memory.limit({ allocs });
          const made = call();
          if (made instanceof NDArray && made.base === null && made.dtype === "float16") made.dispose();
        } catch (error) {
          expect(isNDArrayError(error)).toBe(true);
          refused++;
        }
        expect(memory.usage().live).toBe(before);
      }
    }
    expect(refused).toBeGreaterThan(5);
  });
  test("what float16 holds anyway is not copied", () => {
    const x = ones(1000, "int8"),
      out = ones(1000, "float16"),
      t = memory.trace(() => void multiply(x, x, { dtype: "float16", out }));
    expect(t.allocated).toBe(0);
  });
});

test("issue 7.26: a header of version 3 that ends with blanks on a line of their own is no literal, as in NumPy", () => {
  const bytes = (version: number, header: string): Uint8Array =>
    Uint8Array.from([
      ...[0x93, ..."NUMPY"].map((x) => (typeof x === "string" ? x.charCodeAt(0) : x)),
      ...[version, 0, header.length, 0, ...(version === 1 ? [] : [0, 0])],
      ...Array.from(header, (letter) => letter.charCodeAt(0)),
      ...new Uint8Array(8),
    ]);
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}\n   ";
  expect(() => load(bytes(3, header))).toThrow("Cannot parse header");
  expect(load(bytes(3, `${header}\n`)).tolist()).toEqual([0]);
  expect(load(bytes(1, header)).tolist()).toEqual([0]);
});

test("issue 7.3: lists with holes are looked into: graph, sizeOf, scope", () => {
  const list = new Array<unknown>(3);
  list[1] = ones(2);
  expect(memory.graph(list).nodes.length).toBeGreaterThan(1);
  expect(memory.sizeOf(list, { deep: true }).payload).toBe(16);
  expect(memory.scope(() => list)).toBe(list);
});
