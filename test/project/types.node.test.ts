import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

// Issue 7.15: what the declarations say is what run time gives. Expressions are written down as text; the compiler tells
// the type of each, and running it tells the dtype of the array or the kind of the value.

const root = fileURLToPath(new URL("../..", import.meta.url));
const names = Object.keys(dtypesOf()) as np.DType[];
function dtypesOf(): Record<np.DType, true> {
  return {
    bool: true,
    int8: true,
    int16: true,
    int32: true,
    int64: true,
    uint8: true,
    uint16: true,
    uint32: true,
    uint64: true,
    float16: true,
    float32: true,
    float64: true,
    complex64: true,
    complex128: true,
  };
}

/** Parameters that the expressions use: each with its type, and the values that it may have. */
const parameters: Record<string, { readonly type: string; readonly values: readonly unknown[] }> = {
  ...Object.fromEntries(names.map((d) => [d, { type: `np.NDArray<"${d}">`, values: [np.ones([2, 2], { dtype: d })] }])),
  out32: { type: 'np.NDArray<"float32">', values: [np.zeros([2, 2], { dtype: "float32" })] },
  row32: { type: 'np.NDArray<"float32">', values: [np.zeros([2], { dtype: "float32" })] },
  n: { type: "number", values: [2, 0.5] },
  axis: { type: "number | null", values: [0, null] },
  perhaps: { type: "number | undefined", values: [0, undefined] },
  keep: { type: "boolean", values: [true, false] },
  either: {
    type: 'np.NDArray<"int8"> | np.NDArray<"float32">',
    values: [np.ones([2, 2], { dtype: "int8" }), np.ones([2, 2], { dtype: "float32" })],
  },
};

/** The kind of a value, as the types name it. */
function kindOf(value: unknown): string {
  if (value instanceof np.NDArray) return `NDArray ${value.dtype}`;
  return typeof value === "object" ? "Complex" : typeof value;
}

/** All kinds that an expression gives for the values of its parameters; none where it refuses. */
function ran(code: string): Set<string> {
  const used = Object.keys(parameters).filter((name) => new RegExp(`\\b${name}\\b(?!")`).test(code));
  const call = new Function("np", ...used, `return ${code};`);
  const kinds = new Set<string>();
  const go = (values: unknown[]): void => {
    if (values.length === used.length) {
      try {
        kinds.add(kindOf(call(np, ...values)));
      } catch (error) {
        if (!np.isNDArrayError(error)) throw error;
      }
    } else for (const value of parameters[used[values.length]].values) go([...values, value]);
  };
  go([]);
  return kinds;
}

// The sources are parsed once for all programs.
const sources = new Map<string, ts.SourceFile | undefined>();

/** The kinds that the declarations give for each expression. */
function declared(codes: readonly string[]): Set<string>[] {
  const head = Object.entries(parameters).map(([name, { type }]) => `declare const ${name}: ${type};`);
  const text = `import * as np from "./src/index.js";\n${head.join("")}\n${codes.map((c) => `(${c});`).join("\n")}\n`;
  const path = `${root}types-of-calls.ts`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
    types: [],
  };
  const host = ts.createCompilerHost(options),
    { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, ...rest) => {
    if (name === path) return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
    if (!sources.has(name)) sources.set(name, getSourceFile(name, ...rest));
    return sources.get(name);
  };
  host.fileExists = (name) => name === path || fileExists(name);
  const program = ts.createProgram([path], options, host),
    source = program.getSourceFile(path)!,
    checker = program.getTypeChecker();
  const wrong = program.getSemanticDiagnostics(source).map(({ messageText, start = 0 }) => {
    const line = source.getLineAndCharacterOfPosition(start).line - 2;
    return `${codes[line]}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  expect(wrong).toEqual([]);
  return source.statements
    .filter(ts.isExpressionStatement)
    .map(({ expression }) =>
      kindsOf(checker, checker.getTypeAtLocation((expression as ts.ParenthesizedExpression).expression)),
    );
}

function kindsOf(checker: ts.TypeChecker, type: ts.Type): Set<string> {
  const kinds = new Set<string>();
  for (const part of type.isUnion() ? type.types : [type]) {
    const text = checker.typeToString(part, undefined, ts.TypeFormatFlags.NoTruncation);
    if (!text.startsWith("NDArray<")) kinds.add(/^(true|false)$/.test(text) ? "boolean" : text);
    else for (const [, dtype] of text.matchAll(/"(\w+)"/g)) kinds.add(`NDArray ${dtype}`);
  }
  return kinds;
}

/** Holds what is declared to what runs; returns how many expressions ran. */
function compare(codes: readonly string[]): number {
  const types = declared(codes),
    differences: string[] = [];
  let count = 0;
  codes.forEach((code, i) => {
    const kinds = ran(code);
    if (kinds.size === 0) return;
    count++;
    const [said, gave] = [[...types[i]].sort().join(" | "), [...kinds].sort().join(" | ")];
    if (said !== gave) differences.push(`${code}: declared ${said}, gives ${gave}`);
  });
  expect(differences).toEqual([]);
  return count;
}

const unary = ["sqrt", "negative", "square", "floor", "isnan", "fabs", "invert", "absolute", "conjugate", "logicalNot"];
const binary = ["add", "subtract", "divide", "floorDivide", "power", "hypot", "less", "bitwiseAnd", "floatPower"];
const reductions = ["sum", "prod", "min", "mean", "std", "any", "countNonzero"];
const unaryMethods = ["negative", "invert", "conj"];
const binaryMethods = ["add", "divide", "power", "less", "bitwiseAnd"];

test("issue 7.15: functions and methods of one array are declared as they run", () => {
  const codes = names.flatMap((d) => [
    ...unary.flatMap((f) => [`np.${f}(${d})`, `np.${f}(${d}, { out: out32 })`, `np.${f}(${d}, { dtype: "float64" })`]),
    ...unaryMethods.flatMap((f) => [`${d}.${f}()`, `${d}.${f}({ out: out32 })`]),
    `${d}.astype("int8")`,
    `np.nanToNum(${d})`,
    `np.zerosLike(${d})`,
    `${d}.real`,
    `${d}.item(0, 0)`,
    `${d}.copy()`,
  ]);
  expect(compare([...codes, "np.sqrt(either)", "np.absolute(3)", "np.sqrt([1, 2])"])).toBeGreaterThan(300);
});

test("issue 7.15: functions and methods of two arrays are declared as they run", () => {
  const pairs = names.flatMap((a) => names.flatMap((b) => [[a, b] as const]));
  const codes = pairs.flatMap(([a, b], i) => [
    `np.add(${a}, ${b})`,
    `np.hypot(${a}, ${b})`,
    `np.${binary[i % binary.length]}(${a}, ${b})`,
    `${a}.${binaryMethods[i % binaryMethods.length]}(${b})`,
    `np.where(bool, ${a}, ${b})`,
  ]);
  const beside = names.flatMap((d) =>
    ["2", "0.5", "true", "1n", "n", "{ re: 1, im: 0 }", "[1, 2]", "either"].flatMap((y) => [
      `np.add(${d}, ${y})`,
      `np.multiply(${y}, ${d})`,
      `np.hypot(${d}, ${y})`,
      `np.less(${d}, ${y})`,
      `${d}.multiply(${y})`,
    ]),
  );
  const options = names.flatMap((d) => [
    `np.add(${d}, 1, { out: out32, casting: "unsafe" })`,
    `${d}.add(1, { out: out32, casting: "unsafe" })`,
    `np.add(${d}, ${d}, { dtype: "float64" })`,
    `${d}.add(${d}, { dtype: "float64" })`,
    `${d}.less(${d}, { where: bool })`,
  ]);
  expect(compare([...codes, ...beside, ...options])).toBeGreaterThan(1200);
});

test("issue 7.15: clip promotes all three operands, as a function and as a method", () => {
  const some = ["int8", "uint8", "int32", "float16", "float32", "float64", "int64"];
  const codes = some.flatMap((x) =>
    some.flatMap((y) => [
      `np.clip(${x}, 0, ${y})`,
      `np.clip(${x}, ${y}, null)`,
      `${x}.clip(${y}, 1)`,
      `${x}.clip(0.5, ${y})`,
      `np.clip(${x}, ${y}, n)`,
    ]),
  );
  // Every third triple: all dtypes meet, in every place.
  const triples = names.flatMap((x, i) =>
    names.flatMap((y, j) => names.filter((_, k) => (i + j + k) % 3 === 0).map((z) => `np.clip(${x}, ${y}, ${z})`)),
  );
  const more = ["np.clip(int32, 0, 5, { out: out32, casting: 'unsafe' })", "int32.clip(0, 5)", "int32.clip(0, 0.5)"];
  expect(compare([...codes, ...more, ...triples])).toBeGreaterThan(1000);
});

test("issue 7.15: reductions are declared as they run, whatever axis, keepdims, out and dtype are", () => {
  const codes = names.flatMap((d) =>
    reductions.flatMap((f) => {
      const forms = [
        "",
        "null",
        "0",
        "[0, 1]",
        "axis",
        "perhaps",
        "null, { keepdims: true }",
        "axis, { keepdims: keep }",
      ];
      const calls = forms.map((form) => `np.${f}(${d}${form === "" ? "" : `, ${form}`})`);
      if (f === "countNonzero") return calls;
      return [...calls, ...forms.map((form) => `${d}.${f}(${form})`), `np.${f}(${d}, 0, { out: row32 })`];
    }),
  );
  const asked = names.flatMap((d) =>
    ["sum", "mean", "std"].flatMap((f) => [
      `np.${f}(${d}, null, { dtype: "float32" })`,
      `${d}.${f}(axis, { dtype: "float32" })`,
      `${d}.${f}(0, { dtype: "float64" })`,
    ]),
  );
  expect(compare([...codes, ...asked])).toBeGreaterThan(1000);
});

test("issue 7.15: functions that make arrays are declared as they run", () => {
  const codes = [
    "np.array([])",
    "np.array([[]])",
    "np.array([1, 2])",
    "np.array([true])",
    "np.array([1n])",
    "np.array(3)",
    'np.array([], { dtype: "int8" })',
    'np.array([1], "int8")',
    "np.array(new Int16Array(2))",
    "np.array(int8)",
    "np.array([[1, 2], [3, 4]])",
    "np.zeros(3)",
    'np.zeros(3, "int32")',
    'np.zeros([2, 2], { dtype: "int32" })',
    "np.full(3, 7)",
    "np.full(3, true)",
    'np.full(3, 7, "int32")',
    'np.ones(3, "bool")',
    "np.arange(3)",
    "np.arange(3n)",
    "np.eye(2)",
    "np.linspace(0, 1, 5)",
    "np.asarray([1, 2])",
    "np.asarray(float32)",
    "np.zerosLike(float32)",
    'np.zerosLike(float32, { dtype: "int8" })',
  ];
  expect(compare(codes)).toBe(codes.length);
});
