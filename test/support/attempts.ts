import * as np from "../../src/index.js";

// Every public function with arguments it takes, for tests that hold of all of them.

/** Arguments made anew for each call, so that what a call writes or disposes does not matter to the next. */
export interface Call {
  readonly name: string;
  run(): unknown;
  /** Runs it with other arrays in place of those it would be given. */
  runWith(change: (array: np.NDArray) => np.NDArray): unknown;
}

const floats = (): np.NDArray<"float64"> => np.array([3, 1, 2, 5, 4, 6]);
const square = (): np.NDArray<"float64"> =>
  np.array([
    [2, 1],
    [1, 3],
  ]) as np.NDArray<"float64">;
const integers = (): np.NDArray<"int32"> => np.array([3, 1, 2, 5, 4, 6], { dtype: "int32" });
const small = (): np.NDArray<"int32"> => np.array([1, 0, 2], { dtype: "int32" });
const mask = (): np.NDArray<"bool"> => np.array([true, false, true, false, true, true]);
const halves = (): np.NDArray<"float16"> => np.array([1, 2, 3, 4, 5, 6], { dtype: "float16" });
const complexes = (): np.NDArray<"complex128"> =>
  np.array([
    { re: 1, im: 2 },
    { re: 3, im: 4 },
  ]);

/** Arguments to try, in this order; a function is called with all that it takes. */
export const attempts: (() => unknown[])[] = [
  () => [floats()],
  () => [floats(), floats()],
  () => [floats(), [6, 5, 4, 3, 2, 1]],
  () => [floats().at("::-1"), integers()],
  () => [integers(), integers()],
  () => [mask(), mask()],
  () => [halves(), floats()],
  () => [complexes(), complexes()],
  () => [square()],
  () => [square().transpose(), 0],
  () => [square(), 1, 0],
  () => [square(), square()],
  () => [floats(), 1],
  () => [floats(), 2, 3],
  () => [floats(), [2, 3]],
  () => [floats(), [2, 6]],
  () => [floats(), small()],
  () => [floats(), small(), 7],
  () => [floats(), mask(), 7],
  () => [floats(), mask(), [9, 9, 9, 9]],
  () => [mask(), floats(), floats()],
  () => [floats(), null, 3],
  () => [[floats(), floats()]],
  () => [[square(), square()], 1],
  () => [[2, 3]],
  () => [[2, 3], 7],
  () => [5],
  () => [0, 1, 5],
  () => [[1, 2, 3]],
  () => [new Float64Array(5)],
  () => [floats(), "float32"],
  () => ["int8", "float32"],
  () => ["int8"],
  () => ["float64"],
  () => [floats(), square()],
  () => [square(), [0, 1]],
  () => [np.zeros([1, 3, 1])],
  () => [np.zeros([1, 3, 1]), 0],
  () => [np.zeros([2, 3]), [0, 1], [1, 0]],
  () => [np.save([1, 2, 3])],
  () => [floats(), { out: np.zeros(6) }],
  () => [floats(), floats(), { out: np.zeros(6), where: [true, false, true, false, true, false] }],
  () => [square(), { axis: 0 }],
  () => [floats(), np.shrink.report(np.arange(1, 7))],
  () => [floats(), (column: np.NDArray) => column.sum()],
  () => [square(), 0, { keepdims: true }],
  () => [],
];

/** Whether a value is a plain function, not a class. */
function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
}

function callsOf(name: string, f: (...args: unknown[]) => unknown): Call[] {
  return attempts.flatMap((args) => {
    const run = (): unknown => f(...args());
    try {
      np.memory.scope(() => void finished(run()));
      return [{ name, run, runWith: (change) => f(...(changed(args(), change) as unknown[])) }];
    } catch {
      return [];
    }
  });
}

// Arguments with each of their arrays changed, those in lists and options too.
function changed(value: unknown, change: (array: np.NDArray) => np.NDArray): unknown {
  if (value instanceof np.NDArray) return change(value as np.NDArray);
  if (Array.isArray(value)) return value.map((member) => changed(member, change));
  // An instance of a class, as a report, is what its functions know.
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, changed(member, change)]));
}

/** Takes the values of a generator, so that it has run. */
export function finished(value: unknown): unknown {
  return typeof (value as Iterator<unknown> | null)?.next === "function" ? [...(value as Iterable<unknown>)] : value;
}

/** All public functions by their names. */
const functions = [
  ...Object.entries(np),
  ...Object.entries(np.shrink).map(([name, value]) => [`shrink.${name}`, value] as const),
].flatMap(([name, value]) => (isFunction(value) ? [[name, value] as const] : []));

/** The names of all public functions. */
export const names: readonly string[] = functions.map(([name]) => name);

/** The methods of arrays that are no accessors. */
const methods = Object.entries(Object.getOwnPropertyDescriptors(np.NDArray.prototype)).flatMap(([name, { value }]) =>
  isFunction(value) && name !== "constructor" ? [[name, value] as const] : [],
);

/** All calls that succeed: of functions, and of methods as `a.name`. */
export function allCalls(): Call[] {
  const ofMethods = methods.flatMap(([name, method]) =>
    callsOf(`a.${name}`, (self: unknown, ...args: unknown[]) => {
      if (!(self instanceof np.NDArray)) throw new TypeError("not an array");
      return method.apply(self, args);
    }),
  );
  return [...functions.flatMap(([name, f]) => callsOf(name, f)), ...ofMethods];
}
