import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/names.json?raw";

// Nobody widens the surface by accident: every name is NumPy's by one mechanical rule, or stands here with its reason.

const numpy = JSON.parse(text) as Record<"numpy" | "ndarray" | "strides" | "generator", string[]>;

/** Drops each underscore and capitalises the letter after it, nothing else. */
function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const own: Record<string, string> = {
  at: "a[index]; JavaScript has no such operator",
  set: "a[index] = value",
  slice: "Python's slice(…)",
  iterate: "Python's iter(a)",
  ellipsis: "Python's ...",
  toTypedArray: "JavaScript's own arrays",
  arrayStr: "str(a)",
  formatBytes: "bytes as the reports print them",
  isNDArrayError: "instanceof for errors that crossed a realm",
  memory: "the ledger",
  lazy: "an expression that is evaluated later, without temporaries",
  shrink: "smaller dtypes",
  table: "pandas's DataFrame",
  factorize: "pandas's name",
  readCsv: "pandas's read_csv",
  toCsv: "pandas's to_csv",
  loadInto: "load and loadtxt into an array that is there",
};

test("every public function has NumPy's name in camelCase", () => {
  const theirs = new Set([...numpy.numpy, ...numpy.ndarray, ...numpy.strides].map(camelCase));
  const names = Object.keys(np).filter((name) => /^[a-z]/.test(name));
  expect(names.filter((name) => !theirs.has(name) && !(name in own))).toEqual([]);
});

test("a random Generator has NumPy's methods", () => {
  const theirs = new Set(numpy.generator.map(camelCase));
  const methods = Object.getOwnPropertyNames(np.random.Generator.prototype).filter(
    (name) => !/^(constructor|toString)$/.test(name),
  );
  expect(methods.filter((name) => !theirs.has(name))).toEqual([]);
});

test("the methods of an array are NumPy's, Python's operators, or functions of the package", () => {
  const operators = /^i(add|sub|mul|truediv|floordiv|mod|pow|and|or|xor|lshift|rshift)$/;
  const theirs = new Set(numpy.ndarray.map(camelCase));
  const methods = Object.getOwnPropertyNames(np.NDArray.prototype).filter((name) => name !== "constructor");
  const more = ["toJSON", "dispose", "disposed", "address", "bufferInfo", "assign", "toString", "length"];
  // What tells of its memory: accessors without setters (issue 7.3).
  more.push("id", "offset", "buffer", "contiguous", "descr", "generation", "writeable");
  const known = (name: string): boolean =>
    theirs.has(name) || operators.test(name) || name in np || more.includes(name);
  expect(methods.filter((name) => !known(name))).toEqual([]);
});

test("errors and classes are these", () => {
  expect(
    Object.keys(np)
      .filter((name) => /^[A-Z]/.test(name))
      .sort(),
  ).toMatchInlineSnapshot(`
    [
      "ArgumentError",
      "AxisError",
      "Categorical",
      "CopyError",
      "DTypeError",
      "DisposedError",
      "FileError",
      "IndexError",
      "Lazy",
      "MemoryBudgetError",
      "NDArray",
      "NDArrayError",
      "OutOfMemoryError",
      "OverflowError",
      "ParseError",
      "PoolError",
      "ReadOnlyError",
      "ShapeError",
      "Slice",
      "Table",
      "ValueError",
    ]
  `);
});
