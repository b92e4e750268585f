import { describe, expect, test } from "vitest";
import type { DType } from "../../src/index.js";
import { memory } from "../../src/index.js";
import namesText from "../oracle/names.json?raw";
import productsText from "../oracle/products.json?raw";
import text from "../oracle/ufuncs.json?raw";
import { names } from "../support/calls.js";
import { difference, Failures, refusalDifference } from "../support/compare.js";
import { replay } from "../support/elementwise.js";
import {
  type Answer,
  arrayOf,
  camel,
  DTYPES,
  decode,
  fn,
  isRefusal,
  itemsize,
  peek,
  pool,
  sizes,
} from "../support/oracle.js";

type Row = Record<DType, Answer>;
const tables = JSON.parse(text) as {
  unary: Record<string, Row>;
  binary: Record<string, Row>;
  mixed: Record<string, Record<DType, Row>>;
  several: Record<string, Record<DType, readonly [Stored, Stored] | Exclude<Answer, Stored>>>;
  scaled: Record<string, Row>;
  other: Record<string, Partial<Row>>;
};
type Stored = readonly [DType, string];
const { unary, binary, mixed, several, scaled, other } = tables;
const { N, GRID, SHORT } = sizes;
const theirs = JSON.parse(namesText) as { ufuncs: string[] };

test("every public function that is a ufunc of NumPy's has NumPy's answers in test/oracle/ufuncs.json, or products.json", () => {
  const isOurs = (name: string): boolean => names.includes(camel(name)),
    { products } = JSON.parse(productsText) as { products: { f: string }[] },
    rows = [...Object.values(tables).flatMap((table) => Object.keys(table)), ...products.map(({ f }) => f)];
  // Another name of a function, as acos of arccos, has its answers.
  const answered = new Set(rows.filter(isOurs).map(fn)),
    ours = theirs.ufuncs.filter(isOurs);
  expect(ours.filter((name) => !answered.has(fn(name)))).toEqual([]);
  expect(ours.length).toBeGreaterThan(80);
});

// One test for each operation and dtype: NumPy's values in every layout, or its refusal.
function replayed(op: string, dtype: DType, pools: readonly string[], answer: Answer): void {
  memory.scope(() => {
    const inputs = pools.map((name) => ({ dtype, bytes: pool(dtype, name) })),
      failures = new Failures();
    if (isRefusal(answer)) {
      // Of dtypes without a loop NumPy tells in two ways, one of them with Python's class names.
      const sentence = !answer.message.includes("did not contain a loop");
      const refused = (shape: number[]) => () => fn(op)(...inputs.map((x) => arrayOf(dtype, x.bytes, shape)));
      failures.try("refusal", () => refusalDifference(answer, refused([N]), sentence));
      failures.try("refusal when empty", () => refusalDifference(answer, refused([0]), sentence));
    } else {
      replay({ op, call: fn(op), inputs, dtype: answer[0], want: decode(answer[1]), ufunc: true }, failures);
    }
    failures.none();
  });
}

describe.each(Object.entries(unary))("%s(x)", (op, row) => {
  test.each(DTYPES)(`${camel(op)}(x) of %s is NumPy's in every layout`, (dtype) =>
    replayed(op, dtype, ["u"], row[dtype]),
  );
});

describe.each(Object.entries(binary))("%s(x, y)", (op, row) => {
  const inputs = op === "power" || op === "float_power" ? ["b", "e"] : ["x", "y"];
  test.each(DTYPES)(`${camel(op)}(x, y) of %s is NumPy's in every layout`, (dtype) =>
    replayed(op, dtype, inputs, row[dtype]),
  );
});

describe.each(Object.entries(mixed))("%s(x, y) of two dtypes", (op, rows) => {
  test.each(DTYPES)(`${camel(op)} of %s beside every dtype casts as NumPy`, (a) => {
    const failures = new Failures();
    for (const b of DTYPES) memory.scope(() => failures.try(b, () => mixedPair(op, a, b, rows[a][b])));
    failures.none();
  });
});

// Each result of two by itself, in every layout; what it is written into is its own, and the other one is new.
describe.each(Object.entries(several))("%s, of two results", (op, rows) => {
  const pools = op === "divmod" ? ["x", "y"] : ["u"];
  test.each(DTYPES)(`${camel(op)} of %s is NumPy's in every layout`, (dtype) => {
    const answer = rows[dtype];
    if (isRefusal(answer)) return replayed(op, dtype, pools, answer);
    const inputs = pools.map((name) => ({ dtype, bytes: pool(dtype, name) })),
      failures = new Failures();
    for (const k of [0, 1] as const) {
      const call = (...args: readonly unknown[]): unknown => {
        const last = args.at(-1) as { out?: unknown };
        const given = args.length === inputs.length ? [] : [{ ...last, ...intoResult(k, last.out) }];
        return (fn(op)(...args.slice(0, inputs.length), ...given) as readonly unknown[])[k];
      };
      const [gives, data] = answer[k];
      memory.scope(() => replay({ op, call, inputs, dtype: gives, want: decode(data), ufunc: true }, failures));
    }
    failures.none();
  });
});

function intoResult(k: 0 | 1, out: unknown): object {
  return out === undefined ? {} : { out: k === 0 ? [out, null] : [null, out] };
}

describe("ldexp(x, y)", () => {
  const exponents = Int32Array.from({ length: N }, (_, i) => (((i % GRID) * 173) % 2200) - 1100);
  test.each(DTYPES)("ldexp(x, y) of %s and int32 is NumPy's in every layout", (dtype) => {
    const answer = scaled.ldexp[dtype],
      failures = new Failures();
    const inputs = [
      { dtype, bytes: pool(dtype, "x") },
      { dtype: "int32" as const, bytes: new Uint8Array(exponents.buffer) },
    ];
    if (isRefusal(answer)) {
      const call = () => fn("ldexp")(...inputs.map((x) => arrayOf(x.dtype, x.bytes, [N])));
      failures.try("refusal", () =>
        refusalDifference(answer, call, !answer.message.includes("did not contain a loop")),
      );
      return failures.none();
    }
    memory.scope(() =>
      replay(
        { op: "ldexp", call: fn("ldexp"), inputs, dtype: answer[0], want: decode(answer[1]), ufunc: true },
        failures,
      ),
    );
    failures.none();
  });
});

// The short pools repeated over many tiles, in both operands.
function mixedPair(op: string, a: DType, b: DType, answer: Answer): string | null {
  const times = 100,
    [first, second] = op === "power" ? ["base", "exponent"] : ["short", "reversed"],
    x = repeated(a, pool(a, first), times),
    y = repeated(b, pool(b, second), times);
  if (isRefusal(answer))
    return refusalDifference(answer, () => fn(op)(x, y), !answer.message.includes("did not contain a loop"));
  const result = fn(op)(x, y) as ReturnType<typeof arrayOf>,
    [dtype, data] = answer,
    want = decode(data);
  if (result.dtype !== dtype) return `is ${result.dtype}, NumPy says ${dtype}`;
  const bytes = peek(result);
  for (let i = 0; i < times; i++) {
    const wrong = difference(op, dtype, bytes.slice(i * want.length, (i + 1) * want.length), want);
    if (wrong !== null) return wrong;
  }
  return null;
}

function repeated(dtype: DType, bytes: Uint8Array, times: number) {
  const all = new Uint8Array(bytes.length * times);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.length);
  return arrayOf(dtype, all, [SHORT * times]);
}

describe("clip, where, nanToNum", () => {
  const options = { nan: 1, posinf: 2, neginf: -3 };
  const reversed = (dtype: DType) => {
    const bytes = pool(dtype, "x"),
      width = itemsize(dtype),
      out = new Uint8Array(bytes.length);
    for (let i = 0; i < N; i++) out.set(bytes.subarray((N - 1 - i) * width, (N - i) * width), i * width);
    return out;
  };
  const condition = (dtype: DType) => {
    const bytes = pool(dtype, "t"),
      width = itemsize(dtype);
    return Uint8Array.from({ length: N }, (_, i) =>
      Number(i % 3 > 0 && bytes.subarray(i * width, (i + 1) * width).some((b) => b > 0)),
    );
  };
  const run = (
    op: string,
    dtype: DType,
    call: (...a: readonly unknown[]) => unknown,
    inputs: { dtype: DType; bytes: Uint8Array }[],
    ufunc: boolean,
  ) => {
    const answer = other[op][dtype] as readonly [DType, string],
      failures = new Failures();
    memory.scope(() => replay({ op, call, inputs, dtype: answer[0], want: decode(answer[1]), ufunc }, failures));
    failures.none();
  };
  test.each(DTYPES.filter((d) => d !== "bool"))("clip(%s, lo, hi) is NumPy's in every layout", (dtype) => {
    run(
      "clip",
      dtype,
      fn("clip"),
      [pool(dtype, "x"), pool(dtype, "y"), reversed(dtype)].map((bytes) => ({ dtype, bytes })),
      true,
    );
  });
  test.each(DTYPES)("where(c, x, y) of %s is NumPy's in every layout", (dtype) => {
    const inputs = [
      { dtype: "bool" as const, bytes: condition(dtype) },
      { dtype, bytes: pool(dtype, "x") },
      { dtype, bytes: pool(dtype, "y") },
    ];
    run("where", dtype, fn("where"), inputs, false);
  });
  test.each(DTYPES)("nanToNum(%s) is NumPy's in every layout", (dtype) => {
    const inputs = [{ dtype, bytes: pool(dtype, "u") }];
    run("nan_to_num", dtype, fn("nan_to_num"), inputs, false);
    run("nan_to_num_filled", dtype, (x) => fn("nan_to_num")(x, options), inputs, false);
    const failures = new Failures();
    memory.scope(() => {
      const x = arrayOf(dtype, pool(dtype, "u"), [N]),
        [, data] = other.nan_to_num[dtype] as readonly [DType, string];
      failures.try("in place", () =>
        fn("nan_to_num")(x, { copy: false }) === x
          ? difference("nan_to_num", dtype, peek(x), decode(data))
          : "is another array",
      );
    });
    failures.none();
  });
});
