import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";

// Copies of the package that are really loaded side by side: the modules of dist/ twice, from two places, and the
// CommonJS build. Each has an engine of its own; arrays of one are strangers to the others.

type Package = typeof import("../../src/index.js");
type Any = (...args: unknown[]) => unknown;

const dist = fileURLToPath(new URL("../../dist", import.meta.url)),
  elsewhere = mkdtempSync(join(tmpdir(), "nbytes-"));
cpSync(dist, elsewhere, { recursive: true });
afterAll(() => rmSync(elsewhere, { recursive: true }));

const load = (folder: string): Promise<Package> =>
  import(/* @vite-ignore */ pathToFileURL(join(folder, "index.js")).href);
const A = await load(dist),
  copies: readonly (readonly [name: string, copy: Package])[] = [
    ["the modules from another place", await load(elsewhere)],
    ["the CommonJS build", createRequire(import.meta.url)(join(dist, "cjs/index.js")) as Package],
  ];

type Array_ = InstanceType<Package["NDArray"]>;

/** Arguments, made by a copy of its arrays: of one that takes them all, and of another for one of them. */
const calls: readonly ((make: (kind: keyof typeof kinds) => unknown) => unknown[])[] = [
  (x) => [x("floats")],
  (x) => [x("floats"), x("floats")],
  (x) => [x("square"), x("square")],
  (x) => [x("square"), 0],
  (x) => [x("square"), 1, 0],
  (x) => [x("integers"), x("integers")],
  (x) => [x("floats"), x("small")],
  (x) => [x("floats"), x("small"), 7],
  (x) => [x("floats"), x("small"), x("small")],
  (x) => [x("floats"), x("mask"), 7],
  (x) => [x("mask"), x("floats"), x("floats")],
  (x) => [x("floats"), x("floats"), x("floats")],
  (x) => [[x("square"), x("square")], 0],
  (x) => [[[x("floats"), 1]]],
  (x) => [x("floats"), { out: x("floats") }],
  (x) => [x("floats"), x("floats"), { out: x("floats"), where: x("mask") }],
  (x) => ["key", x("floats")],
  (x) => [() => x("floats")],
];

const kinds = {
  floats: (np: Package): Array_ => np.arange(6),
  square: (np: Package): Array_ =>
    np.array([
      [2, 1],
      [1, 3],
    ]),
  integers: (np: Package): Array_ => np.array([3, 1, 2, 5, 4, 6], { dtype: "int32" }) as unknown as Array_,
  small: (np: Package): Array_ => np.array([1, 0, 2], { dtype: "int32" }) as unknown as Array_,
  mask: (np: Package): Array_ => np.array([true, false, true, false, true, true]) as unknown as Array_,
};

/** Functions that look at whatever they are given or hand it back, read whatever can be iterated, or look at `this` alone. */
const ANYTHING = new Set([
  ...["isNDArrayError", "memory.graph", "memory.sizeOf", "memory.trace", "memory.scope", "memory.lines"],
  ...["memory.fromIter", "a.bufferInfo", "a.dispose", "a.toJSON", "isscalar"],
]);
/** What would wait, or last. */
const LASTING = /^memory\.(start|stop|tracing|open|limit|leaks|warnForgotten|collect|hostAsync|traceAsync|estimate)$/;

/** All functions of a copy, and the methods of its arrays, which take the array first. */
function functionsOf(np: Package): [string, Any][] {
  const plain = (prefix: string, of: object): [string, Any][] =>
    Object.entries(of)
      .filter(([name, f]) => typeof f === "function" && /^[a-z]/.test(name))
      .map(([name, f]) => [prefix + name, f as Any]);
  const methods = Object.entries(Object.getOwnPropertyDescriptors(np.NDArray.prototype))
    .filter(([name, { value }]) => typeof value === "function" && name !== "constructor")
    .map(([name, { value }]): [string, Any] => [
      `a.${name}`,
      (self, ...rest) => Reflect.apply(value as Any, self, rest),
    ]);
  const all = [...plain("", np), ...plain("memory.", np.memory), ...plain("shrink.", np.shrink), ...methods];
  return all.filter(([name]) => !ANYTHING.has(name) && !LASTING.test(name));
}

/** Runs a call in a scope; what it throws, or null. */
function thrownBy(np: Package, call: () => unknown): unknown {
  try {
    np.memory.scope(() => {
      const result = call();
      if (typeof (result as Iterator<unknown> | null)?.next === "function")
        for (const _ of result as Iterable<unknown>);
    });
    return null;
  } catch (error) {
    return error;
  }
}

describe.each(copies)("issue 7.1: beside %s", (_, B) => {
  test("every function refuses its arrays, whatever their place, in a sentence that names the cause", () => {
    const guards = [A, B].map((np) => Array.from({ length: 8 }, (_, i) => np.full(16, i + 1))),
      before = [A, B].map((np) => np.memory.usage().live);
    const wrong: string[] = [];
    let refused = 0;
    for (const [name, f] of functionsOf(A)) {
      for (const args of calls) {
        const own = (kind: keyof typeof kinds): unknown => kinds[kind](A);
        if (thrownBy(A, () => f(...args(own))) !== null) continue;
        let places = 0;
        args(() => places++);
        for (let place = 0; place < places; place++) {
          let at = 0;
          B.memory.scope(() => {
            const mixed = (kind: keyof typeof kinds): unknown => kinds[kind](at++ === place ? B : A),
              error = thrownBy(A, () => f(...args(mixed)));
            refused++;
            if (!A.isNDArrayError(error) || !(error as Error).message.includes("belongs to another copy of nbytes"))
              wrong.push(`${name}(${args.toString().slice(7)}), array ${place + 1}: ${String(error)}`);
          });
        }
      }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(refused).toBeGreaterThan(300);
    expect([A, B].map((np) => np.memory.usage().live)).toEqual(before);
    for (const [np, arrays] of [
      [A, guards[0]],
      [B, guards[1]],
    ] as const)
      for (const [i, array] of arrays.entries()) expect(np.all(np.equal(array as never, i + 1))).toBe(true);
    for (const array of guards.flat()) array.dispose();
  }, 120_000);

  test("isNDArrayError knows its errors, of every kind", () => {
    const error = thrownBy(B, () => B.zeros(3).reshape([2, 2]));
    expect(error instanceof A.NDArrayError).toBe(false);
    expect(A.isNDArrayError(error)).toBe(true);
    expect(A.isNDArrayError(error, "ShapeError") || A.isNDArrayError(error, "ValueError")).toBe(true);
    expect(A.isNDArrayError(error, "DTypeError")).toBe(false);
  });

  test("its lazy expressions are refused too", () => {
    B.memory.scope(() => {
      const e = B.lazy(B.ones(3)).add(1);
      for (const call of [() => A.add(e as never, 1), () => A.sum(e as never), () => A.lazy(e as never)])
        expect(call).toThrow(A.NDArrayError);
    });
  });
});

describe("issue 7.1: across realms", () => {
  test("lists, typed arrays and options of another realm are taken", () => {
    A.memory.scope(() => {
      const [list, typed, options, nested] = runInNewContext(
        "[[1, 2, 3], new Float32Array([1, 2]), { dtype: 'int8' }, [[1], [2]]]",
      ) as [number[], Float32Array, { dtype: "int8" }, number[][]];
      expect(A.array(list).tolist()).toEqual([1, 2, 3]);
      expect(A.array(typed).dtype).toBe("float32");
      expect(A.zeros(2, options).dtype).toBe("int8");
      expect(A.sum(nested as never)).toBe(3);
    });
  });

  test("structuredClone(array) is refused, or gives what every function refuses", () => {
    A.memory.scope(() => {
      const x = A.ones(4);
      let clone: unknown;
      try {
        clone = structuredClone(x);
      } catch {
        return;
      }
      for (const f of [A.sum, A.reshape, A.tolist] as unknown as Any[])
        expect(() => f(clone, 4)).toThrow(A.NDArrayError);
      expect(x.sum()).toBe(4);
    });
  });
});
