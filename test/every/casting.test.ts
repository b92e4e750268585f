import { describe, expect, test } from "vitest";
import type { DType, NDArray } from "../../src/index.js";
import { NDArray as Arrays, canCast, clip, memory, promoteTypes, where, zeros } from "../../src/index.js";
import castingText from "../oracle/casting.json?raw";
import typesText from "../oracle/types.json?raw";
import { difference, Failures, refusalDifference } from "../support/compare.js";
import { fill, layouts } from "../support/layouts.js";
import {
  type Answer,
  arrayOf,
  camel,
  DTYPES,
  decode,
  dtypeOf,
  fn,
  isRefusal,
  itemsize,
  peek,
  pool,
  type Refusal,
  sizes,
} from "../support/oracle.js";

type Shape = readonly number[];
type Kind = "no" | "equiv" | "safe" | "same_kind" | "unsafe";
const casting = JSON.parse(castingText) as {
  values: Record<DType, Record<DType, string>>;
  can_cast: Record<Kind, readonly string[]>;
  same_value: Record<DType, string>;
  into: Record<string, Record<DType, Record<DType, string | Refusal>>>;
  broadcast: readonly (readonly [Shape, Shape, Shape | null, Shape | Refusal])[];
  refused: readonly (readonly [DType, DType, Kind, Refusal])[];
};
type Weak = Record<string, string>;
const types = JSON.parse(typesText) as {
  promote: Record<DType, string>;
  unary: Record<string, string>;
  binary: Record<string, readonly string[]>;
  weak_right: Record<string, Weak>;
  weak_left: Record<string, Weak>;
  where: Weak;
  clip: Weak;
  clip_pair: Record<DType, string>;
  bounds: readonly (readonly [string, DType, string, Answer])[];
};
const { N } = sizes;

function dtypeIs(want: DType, result: unknown): string | null {
  if (!(result instanceof Arrays)) return `is no array but ${String(result)}`;
  return result.dtype === want ? null : `is ${result.dtype}, NumPy says ${want}`;
}

describe("casting rules", () => {
  test.each(Object.entries(casting.can_cast))("canCast(from, to, '%s') is NumPy's for all pairs", (kind, rows) => {
    const got = DTYPES.map((a) => DTYPES.map((b) => Number(canCast(a, b, kind as Kind))).join(""));
    expect(got).toEqual(rows);
  });

  test("astype(dtype, { casting }) refuses what the rule forbids, in NumPy's words", () => {
    const failures = new Failures();
    for (const [from, to, kind, refusal] of casting.refused) {
      const a = arrayOf(from, new Uint8Array(itemsize(from)), [1]);
      failures.try(`${from} to ${to}, ${kind}`, () =>
        refusalDifference(refusal, () => a.astype(to, { casting: kind })),
      );
      a.dispose();
    }
    failures.none();
  });

  test.each(DTYPES)("astype(dtype, { casting: 'same_value' }) of %s refuses what changes a value", (from) => {
    const failures = new Failures();
    memory.scope(() => {
      const a = arrayOf(from, pool(from, "t"), [N]);
      for (const [i, to] of DTYPES.entries()) {
        const cast = () => a.astype(to, { casting: "same_value" });
        const want = { error: "ValueError", message: "" };
        failures.try(to, () =>
          casting.same_value[from][i] === "1" ? dtypeIs(to, cast()) : refusalDifference(want, cast),
        );
      }
    });
    failures.none();
  });
});

describe("astype values", () => {
  // Floats beyond an integer's range saturate (DESIGN, section 4); everything else is NumPy's.
  const pairs = DTYPES.flatMap((from) => DTYPES.map((to) => [from, to] as const));
  test.each(pairs)("astype of %s to %s is NumPy's in every layout", (from, to) => {
    const failures = new Failures(),
      bytes = pool(from, "u"),
      want = decode(casting.values[from][to]);
    memory.scope(() => {
      for (const layout of layouts) failures.try(layout.name, () => castIn(fill(layout, from, bytes), layout.shape));
      const times = 220,
        long = new Uint8Array(times * bytes.length);
      for (let i = 0; i < times; i++) long.set(bytes, i * bytes.length);
      failures.try("beyond 64 Ki elements", () => {
        const result = peek(arrayOf(from, long, [times * N]).astype(to));
        return (
          difference("astype", to, result.slice(-want.length), want) ??
          difference("astype", to, result.slice(0, want.length), want)
        );
      });
    });
    failures.none();

    function castIn(a: NDArray, shape: readonly number[]): string | null {
      const result = a.astype(to) as NDArray;
      if (result.dtype !== to || result.shape.join() !== shape.join())
        return `is ${result.dtype} of shape (${result.shape.join()})`;
      return difference("astype", to, peek(result), want);
    }
  });
});

describe("out of another dtype or shape", () => {
  test.each(Object.entries(casting.into))("%s(x, x, { out }) casts as 'same_kind' allows, or refuses", (op, rows) => {
    const failures = new Failures();
    memory.scope(() => {
      for (const a of DTYPES.filter((d) => d in rows)) {
        for (const b of DTYPES) failures.try(`${a} into ${b}`, () => intoOut(op, a, b, rows[a][b]));
      }
    });
    failures.none();
  });

  function intoOut(op: string, from: DType, to: DType, answer: string | Refusal): string | null {
    const x = arrayOf(from, pool(from, "short"), [sizes.SHORT]);
    const out = arrayOf(to, new Uint8Array(sizes.SHORT * itemsize(to)), [sizes.SHORT]);
    const run = () => fn(op)(x, x, { out });
    if (typeof answer === "string") return run() === out ? difference(op, to, peek(out), decode(answer)) : "is not out";
    return refusalDifference(answer, run) ?? (peek(out).every((byte) => byte === 0) ? null : "wrote before it refused");
  }

  test("add(x, y, { out }) broadcasts x and y to each other, and both to out, as NumPy does", () => {
    const failures = new Failures(),
      of = (shape: Shape): NDArray => zeros(shape);
    for (const [x, y, out, answer] of casting.broadcast) {
      memory.scope(() => {
        const run = () => fn("add")(of(x), of(y), out ? { out: of(out) } : {}) as NDArray;
        failures.try(`(${x}) + (${y}) into ${out && `(${out})`}`, () =>
          isRefusal(answer)
            ? refusalDifference(answer, run)
            : String(run().shape) === String(answer)
              ? null
              : `has shape (${run().shape})`,
        );
      });
    }
    failures.none();
  });
});

const one = Object.fromEntries(
  DTYPES.map((d) => [d, () => arrayOf("bool", new Uint8Array([1]), [1]).astype(d) as NDArray]),
) as Record<DType, () => NDArray>;
const weak: Record<string, unknown> = { int: 2, float: 0.5, bool: true, complex: { re: 0, im: 2 } };

// The dtype of a result against a letter of a table; a refusal against "!".
function typed(letter: string, call: () => unknown): string | null {
  const want = dtypeOf(letter);
  if (want === null) return refusalDifference({ error: "TypeError", message: "" }, call);
  return dtypeIs(want, call());
}

describe("result dtypes", () => {
  test("promoteTypes(a, b) is NumPy's for all pairs", () => {
    for (const a of DTYPES) expect(DTYPES.map((b) => promoteTypes(a, b))).toEqual([...types.promote[a]].map(dtypeOf));
  });

  test.each(Object.entries(types.unary))("%s(x) has NumPy's dtype for every dtype", (op, letters) => {
    const failures = new Failures();
    memory.scope(() => {
      for (const [i, d] of DTYPES.entries()) failures.try(d, () => typed(letters[i], () => fn(op)(one[d]())));
    });
    failures.none();
  });

  test.each(Object.entries(types.binary))("%s(x, y) has NumPy's dtype for every pair", (op, rows) => {
    const failures = new Failures();
    memory.scope(() => {
      for (const [i, a] of DTYPES.entries()) {
        for (const [j, b] of DTYPES.entries()) {
          failures.try(`${a}, ${b}`, () => typed(rows[i][j], () => fn(op)(one[a](), one[b]())));
        }
      }
    });
    failures.none();
  });

  test.each(Object.keys(types.weak_right))("%s(x, value) takes JavaScript values as weak, on either side", (op) => {
    const failures = new Failures();
    memory.scope(() => {
      for (const [kind, value] of Object.entries(weak)) {
        for (const [i, d] of DTYPES.entries()) {
          failures.try(`${d}, ${kind}`, () => typed(types.weak_right[op][kind][i], () => fn(op)(one[d](), value)));
          failures.try(`${kind}, ${d}`, () => typed(types.weak_left[op][kind][i], () => fn(op)(value, one[d]())));
        }
      }
    });
    failures.none();
  });

  test("where(c, x, value) and clip(x, value, value) take them as weak", () => {
    const failures = new Failures();
    memory.scope(() => {
      for (const [kind, value] of Object.entries(weak)) {
        for (const [i, d] of DTYPES.entries()) {
          const chosen = () => where(one.bool(), one[d](), value as number);
          failures.try(`where ${d}, ${kind}`, () => typed(types.where[kind][i], chosen));
          if (kind === "complex") continue;
          const clipped = () => clip(one[d](), value as number, value as number);
          failures.try(`clip ${d}, ${kind}`, () => typed(types.clip[kind][i], clipped));
        }
      }
      for (const a of DTYPES) {
        for (const [j, b] of DTYPES.entries()) {
          failures.try(`clip ${a}, ${b}`, () => typed(types.clip_pair[a][j], () => clip(one[a](), one[b](), one[b]())));
        }
      }
    });
    failures.none();
  });

  test.each(["add", "less", "equal", "bitwise_and"])("%s(x, integer) at and beyond the range of the dtype", (op) => {
    const failures = new Failures();
    for (const [name, dtype, digits, answer] of types.bounds) {
      if (name === op)
        memory.scope(() => failures.try(`${camel(op)}(${dtype}, ${digits})`, () => beside(op, dtype, digits, answer)));
    }
    failures.none();
  });

  function beside(op: string, dtype: DType, digits: string, answer: Answer): string | null {
    const value = Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
    // Python tells of int64 by C's long instead of the dtype.
    if (isRefusal(answer))
      return refusalDifference(answer, () => fn(op)(one[dtype](), value), !answer.message.includes("C long"));
    const result = fn(op)(one[dtype](), value) as NDArray;
    if (result.dtype !== answer[0]) return `is ${result.dtype}, NumPy says ${answer[0]}`;
    return difference(op, answer[0], peek(result), decode(answer[1]));
  }
});
