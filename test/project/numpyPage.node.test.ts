// The sixty lines of docs/numpy.md: what stands in the column "here" gives what NumPy's column gives
// (scripts/oracle_page.py asks NumPy).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/page.json?raw";

type Value = number | boolean | null | number[];
type Answer = Value | { dtype: string; shape: number[]; values: Value[] } | Answer[];

const answers = new Map((JSON.parse(text) as { lines: [string, Answer][] }).lines);
const page = readFileSync(fileURLToPath(new URL("../../docs/numpy.md", import.meta.url)), "utf8");
const rows = [...page.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|$/gm)].map(([, theirs, ours]) => [ours, theirs] as const);

const a = np.arange(12).reshape([3, 4]);
const given: Record<string, unknown> = {
  ...np,
  a,
  v: np.array([3, 1, 2]),
  i: np.array([[1, 2], [3, 4]], "int32"), // biome-ignore format: a matrix
  z: np.array([{ re: 1, im: 2 }, { re: 0, im: -1 }]), // biome-ignore format: a list
  mask: np.greater(a, 5),
  gaps: np.array([1, Number.NaN, 3]),
};

/** The result of a line of the page, which may name the arrays and all functions. */
function run(code: string): unknown {
  const names = Object.keys(given).filter((name) => new RegExp(`\\b${name}\\b`).test(code) && name !== "delete");
  return new Function(...names, `return ${code};`)(...names.map((name) => given[name]));
}

function number(x: unknown): Value {
  if (typeof x === "object" && x !== null) return [(x as np.Complex).re, (x as np.Complex).im];
  if (typeof x === "boolean") return x;
  return Number.isNaN(Number(x)) ? null : Number(x);
}

/** Integers of NumPy's index type are int32 here. */
const dtypeOf = (dtype: string): string => (dtype === "int64" ? "int32" : dtype);

function check(got: unknown, expected: Answer): void {
  if (got instanceof np.NDArray) {
    const { dtype, shape, values } = expected as Exclude<Answer, Value | Answer[]>;
    expect([got.dtype, got.shape]).toEqual([dtypeOf(dtype), shape]);
    const ours = [...np.iterate(np.ravel(got))].map(number);
    for (const [k, x] of ours.entries()) check(x, values[k]);
    expect(ours.length).toBe(values.length);
  } else if (Array.isArray(got)) {
    expect(got.length).toBe((expected as Answer[]).length);
    for (const [k, one] of got.entries()) check(one, (expected as Answer[])[k]);
  } else if (typeof expected === "number") expect(Number(got)).toBeCloseTo(expected, 12);
  else expect(got).toBe(expected);
}

test("there are sixty lines", () => {
  expect(rows.length).toBe(60);
});

test.each(rows)("%s gives what %s gives", (ours, theirs) => {
  expect(answers.has(theirs)).toBe(true);
  check(run(ours), answers.get(theirs)!);
});
