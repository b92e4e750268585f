import * as np from "nbytes";
import { words } from "../../src/core/instance.js";
import type { Item } from "./choosing.js";
import type { Tree } from "./computing.js";
import { Random } from "./random.js";
import type { Step } from "./steps.js";
import { type Base, isView, type Operand, type View } from "./views.js";

// Runs the steps of programs, on views or on copies of them.

export type Result = np.NDArray | number | bigint | boolean | np.Complex | null | readonly np.NDArray[];

/** The bytes of a buffer: small whole numbers, exact in every dtype; of bools any byte. */
export function bytesOf({ dtype, length, seed }: Base): np.NDArray {
  const random = new Random(seed);
  if (dtype === "bool") {
    const bytes = Uint8Array.from({ length }, () =>
      random.chance(0.4) ? 0 : random.of([1, 1, 2, 255, random.int(0, 256)]),
    );
    return np.array(bytes).view("bool") as unknown as np.NDArray;
  }
  const low = /^u/.test(dtype) ? 0 : -5,
    float = /float|complex/.test(dtype),
    special = float && random.chance(0.3),
    fractions = float && random.chance(0.2);
  const value = (): number =>
    special && random.chance(0.05)
      ? random.of([Number.NaN, Infinity, -Infinity, -0])
      : fractions
        ? random.int(-40, 60) / 8
        : random.int(low, 8);
  const reals = np.array(Float64Array.from({ length }, value));
  if (!dtype.startsWith("complex")) return reals.astype(dtype) as unknown as np.NDArray;
  return np
    .array(Float64Array.from({ length: 2 * length }, value))
    .view("complex128")
    .astype(dtype) as unknown as np.NDArray;
}

export function viewOf(bases: readonly np.NDArray[], { base, offset, shape, strides }: View): np.NDArray {
  const a = bases[base];
  return np.asStrided(a, shape, { strides: strides.map((s) => s * a.itemsize), offset: offset * a.itemsize });
}

type Fn = (...args: unknown[]) => unknown;
const fn = (name: string): Fn => (np as unknown as Record<string, Fn>)[name]; // looked up by name

/** Leaves nothing in the box that a kernel could read by chance. */
function poison(): void {
  for (let k = 0; k < words.length; k++) words[k] = [2, 5, 8, 11].includes(k) ? -16 : 0x3ffffff1;
}

/** Takes all the memory that is free, so that what is allocated next makes it grow. */
function fill(): np.NDArray[] {
  const taken: np.NDArray[] = [];
  for (let free = np.memory.usage().largestFree; free > 0 && taken.length < 200; free = np.memory.usage().largestFree)
    taken.push(np.empty([free], { dtype: "uint8" }) as unknown as np.NDArray);
  return taken;
}

/** More than this is not grown to. */
const GROWN = 1 << 28;

/** Runs one step on views of `bases`; `copied` reads copies instead. */
export function execute(bases: readonly np.NDArray[], step: Step, copied = false): Result {
  const view = (x: View): np.NDArray => viewOf(bases, x),
    read = (x: Operand): np.NDArray | number | null => {
      if (!isView(x)) return x;
      return copied ? (view(x).copy() as np.NDArray) : view(x);
    };
  const args = step.args.map((x, k) => (step.kind === "write" && k === 0 ? view(x as View) : read(x))),
    out = step.out && view(step.out),
    where = step.where && (read(step.where) as np.NDArray);
  const full = step.grow && !copied && np.memory.usage().reserved < GROWN ? fill() : [];
  poison();
  try {
    return runs[step.kind](step, args, out, where, read);
  } finally {
    for (const array of full) array.dispose();
  }
}

/** Those of two results: of the first one `out` may be asked. */
const PAIRS = new Set(["divmod", "modf", "frexp"]);

type Read = (x: Operand) => np.NDArray | number | null;
type Run = (step: Step, args: readonly unknown[], out: unknown, where: unknown, read: Read) => Result;

const runs: Record<Step["kind"], Run> = {
  ufunc: ({ f, options }, args, out, where) => {
    const into = out !== undefined && PAIRS.has(f) ? [out, null] : out;
    return fn(f)(...args, given({ ...options, out: into, where })) as Result;
  },
  fold: ({ f, axis, options }, [x], out, where) => fn(f)(x, axis, given({ ...options, out, where })) as Result,
  lazy: ({ more }, _, out, __, read) => {
    const built = grown(more![0] as Tree, read) as np.Lazy;
    return built.evaluate(given({ out }) as object);
  },
  arrange: ({ f, more }, [x]) => fn(f)(x, ...more!) as Result,
  join: ({ f, axis, options, more }, args, out) => {
    if (f === "append") return fn(f)(args[0], args[1], axis) as Result;
    if (f === "insert") return fn(f)(args[0], more![0], args[1], axis) as Result;
    const rest = given({ ...options, out });
    return (axis === undefined ? fn(f)(args, rest) : fn(f)(args, axis, rest)) as Result;
  },
  choose: ({ f, axis, options, more }, args, out, where) => {
    const x = args[0] as np.NDArray;
    if (f === "take") return fn(f)(x, more![0], axis, given({ ...options, out })) as Result;
    if (f === "at") return x.at(...indexOf(more as Item[]));
    if (f === "atMask") return x.at(where as np.NDArray);
    if (f === "compress") return fn(f)(where, x, axis) as Result;
    if (f === "extract") return fn(f)(where, x) as Result;
    if (f === "astype") return x.astype(more![0] as np.DType) as Result;
    if (f === "twice") return x.astype(more![0] as np.DType).astype(more![1] as np.DType) as Result;
    return fn(f)(...args, ...(more ?? [])) as Result;
  },
  write: ({ f, options, more }, args, _, where) => {
    const [to, value] = args as [np.NDArray, np.NDArray | number];
    if (f === "copyto") np.copyto(to, value, given({ ...options, where }) as object);
    else if (f === "set") np.set(to, "...", value);
    else if (f === "setAt") np.set(to, ...indexOf(more as Item[]), value);
    else if (f === "putMask") np.set(to, where as np.NDArray, value);
    else if (f === "place") np.place(to, where as np.NDArray, value);
    else if (f === "put") np.put(to, more![0] as number[], value, options as object);
    else np.nanToNum(to, { copy: false, nan: 1, posinf: 2, neginf: 3 });
    return null;
  },
};

function given(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function indexOf(items: readonly Item[]): np.IndexItem[] {
  return items.map((item) =>
    typeof item === "object" && item !== null && "cut" in item ? np.slice(...item.cut) : (item as np.IndexItem),
  );
}

// Operands are lazy where they are arrays; two numbers make an array of their own.
function grown(tree: Tree, read: Read): unknown {
  if ("operand" in tree) {
    const value = read(tree.operand);
    return value instanceof np.NDArray ? np.lazy(value) : value;
  }
  return fn(tree.f)(...tree.args.map((x) => grown(x, read)));
}

/** What the result is as an array of its own, for comparing. */
export function asArrays(result: Result): np.NDArray[] {
  if (result === null) return [];
  if (Array.isArray(result)) return result as np.NDArray[];
  return [(result instanceof np.NDArray ? result : np.array(result as number)) as np.NDArray];
}

/** The bytes of an array, zeros without a sign and all NaNs alike: no standard says which NaN a sum is. */
export function plain(a: np.NDArray): Uint8Array {
  const { dtype } = a;
  const values = np.toTypedArray((dtype === "float16" ? a.astype("float32") : a.copy()) as np.NDArray);
  if (!/float|complex/.test(dtype)) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const floats = values as Float64Array; // or a Float32Array
  for (let i = 0; i < floats.length; i++) floats[i] = Number.isNaN(floats[i]) ? Number.NaN : floats[i] + 0;
  // Of complex numbers with a NaN in them the first that is met is the largest.
  if (dtype.startsWith("complex"))
    for (let i = 0; i < floats.length; i += 2)
      if (Number.isNaN(floats[i]) || Number.isNaN(floats[i + 1])) floats[i] = floats[i + 1] = Number.NaN;
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}
