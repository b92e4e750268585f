import * as np from "../../src/index.js";

// Values that no function should be given, and some that look harmless and lie. Each is made anew for each call.

/** What a getter, a trap or an iterator of ours throws: it passes through the library untouched. */
export class Mine extends Error {}

const throws = (): never => {
  throw new Mine("thrown by the caller's own code");
};

/** A list that contains itself. */
function endless(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

function deep(levels: number): unknown {
  let list: unknown = 1;
  for (let i = 0; i < levels; i++) list = [list];
  return list;
}

/** A list whose iterator gives much more than its length says. */
function lyingIterator(): number[] {
  const list = [1, 2, 3];
  list[Symbol.iterator] = function* (): Generator<number, undefined> {
    for (let i = 0; i < 1000; i++) yield i;
    return undefined;
  };
  return list;
}

/** A typed array with a length, a class and an iterator that are not its own. */
function lyingTyped(): Float64Array {
  const typed = new Float64Array([1, 2, 3]);
  for (const name of ["length", "byteLength"]) Object.defineProperty(typed, name, { value: 1e5 });
  Object.defineProperty(typed, "constructor", { value: Uint8Array });
  Object.defineProperty(typed, Symbol.iterator, { value: lyingIterator()[Symbol.iterator] });
  return typed;
}

function detached(): Float64Array {
  const typed = new Float64Array(4);
  structuredClone(typed, { transfer: [typed.buffer] });
  return typed;
}

/** A typed array over a buffer that became too short for it. */
function shrunk(): unknown {
  type Resizable = ArrayBuffer & { resize?(bytes: number): void };
  const Make = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => Resizable;
  const buffer = new Make(64, { maxByteLength: 128 }),
    typed = new Float64Array(buffer, 8, 4);
  buffer.resize?.(16);
  return typed;
}

/** What an array of another copy of the package looks like from here. */
function stranger(): unknown {
  class NDArray {
    readonly id = 3;
    readonly generation = 0;
    readonly descr = { name: "float64", code: 11, itemsize: 8, kind: "f", array: Float64Array };
    readonly buffer = { pointer: 4096, generation: 0, nbytes: 8000, copyOnWrite: null, refcount: 1, version: 0 };
    readonly shape = [1000];
    readonly strides = [8];
    readonly offset = 0;
    readonly size = 1000;
    readonly contiguous = true;
    readonly writeable = true;
  }
  Object.defineProperty(NDArray.prototype, Symbol.for("nbytes.array"), { value: true });
  return new NDArray();
}

function disposed(): np.NDArray {
  const array = np.arange(6);
  array.dispose();
  return array as unknown as np.NDArray; // dtypes do not matter here
}

/** A list that disposes an array it holds while it is read. */
function disposing(): unknown[] {
  const array = np.arange(3);
  return Object.defineProperty([array, 0], 1, {
    get: () => {
      array.dispose();
      return [1, 2, 3];
    },
  });
}

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/** Nonsense by name. */
export const nonsense: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  undefined: () => undefined,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  "-Infinity": () => Number.NEGATIVE_INFINITY,
  "-1": () => -1,
  "-0": () => -0,
  "1.5": () => 1.5,
  "2**31": () => 2 ** 31,
  "2**53": () => 2 ** 53,
  "1n": () => 1n,
  "2n**70n": () => 2n ** 70n,
  true: () => true,
  "''": () => "",
  "'int32'": () => "int32",
  "'nonsense'": () => "nonsense",
  "'::-1'": () => "::-1",
  "'__proto__'": () => "__proto__",
  symbol: () => Symbol("x"),
  "{}": () => ({}),
  "{ nonsense: 1 }": () => ({ nonsense: 1 }),
  "{ keepDims: true }": () => ({ keepDims: true }),
  "{ re, im } of strings": () => ({ re: "1", im: 2 }),
  "{ re: 1, im: 2 }": () => ({ re: 1, im: 2 }),
  "an object without prototype": () => Object.create(null),
  "() => 1": () => () => 1,
  "a function that throws": () => throws,
  "a date": () => new Date(0),
  "a regular expression": () => /x/,
  "an error": () => new Error("x"),
  "a map": () => new Map([["out", 1]]),
  "a set": () => new Set([1, 2]),
  "a generator": () => lyingIterator()[Symbol.iterator](),
  "[]": () => [],
  "[[]]": () => [[]],
  "[0, 1]": () => [0, 1],
  "[1.5]": () => [1.5],
  "[NaN]": () => [Number.NaN],
  "[null]": () => [null],
  "['a']": () => ["a"],
  "[2**31]": () => [2 ** 31],
  "[-1, -1]": () => [-1, -1],
  "[true, false]": () => [true, false],
  "a ragged list": () => [[1], [2, 3]],
  "a list with holes": () => new Array(3),
  "a list of 2**32 - 1 holes": () => new Array(2 ** 32 - 1),
  "a list in itself": endless,
  "a list 70 deep": () => deep(70),
  "a frozen list": () => Object.freeze([1, 2, 3]),
  "a list whose iterator lies": lyingIterator,
  "a list whose getter throws": () => Object.defineProperty([1, 2], 1, { get: throws }),
  "a list that disposes": disposing,
  "an object whose getters throw": () =>
    Object.defineProperty({}, "out", { get: throws, enumerable: true, configurable: true }),
  "a proxy that throws": () => new Proxy({}, { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws }),
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of a list": () => revoked([]),
  "a typed array": () => new Float32Array([1, 2, 3]),
  "a typed array that lies": lyingTyped,
  "an object that claims to be a typed array": () => Object.create(Float64Array.prototype, { length: { value: 9 } }),
  "a detached typed array": detached,
  "a typed array out of its buffer": shrunk,
  "an ArrayBuffer": () => new ArrayBuffer(8),
  "a DataView": () => new DataView(new ArrayBuffer(8)),
  "an array of another copy": stranger,
  "a list of arrays of another copy": () => [stranger(), stranger()],
  "a proxy of an array": () => new Proxy(np.arange(6), {}),
  "Object.create(an array)": () => Object.create(np.arange(6)),
  "Object.create(NDArray.prototype)": () => Object.create(np.NDArray.prototype),
  "a disposed array": disposed,
  "a list of a disposed array": () => [disposed()],
  "an empty array": () => np.zeros(0),
  "a 0-d array": () => np.array(3),
  "a read-only array": () => np.broadcastTo(np.arange(3), [2, 3]),
  "an array of float16": () => np.ones([2, 3], { dtype: "float16" }),
  "an array of complex": () => np.ones(6, { dtype: "complex128" }),
  "an array of 64 axes": () => np.ones(new Array<number>(64).fill(1)),
  "a lazy expression": () => np.add(np.lazy(np.arange(6)), 1),
};
