import * as np from "nbytes";
import { words } from "../../src/core.js";
import { isView, type Operand, type Program, Random, type Step, type View } from "./steps.js";

// Runs programs, and judges them where no NumPy is: what a step gives for views it gives for their copies, and `out`
// receives what the plain form gives.

export type Result = np.NDArray | number | bigint | boolean | np.Complex | null | readonly np.NDArray[];

/** The bytes of a buffer: small whole numbers, exact in every dtype; of bools any byte. */
export function bytesOf({ dtype, length, seed }: Program["bases"][number]): np.NDArray {
  const random = new Random(seed);
  if (dtype === "bool") {
    const bytes = Uint8Array.from({ length }, () =>
      random.chance(0.4) ? 0 : random.of([1, 1, 2, 255, random.int(0, 256)]),
    );
    return np.array(bytes).view("bool") as unknown as np.NDArray;
  }
  const low = /^u/.test(dtype) ? 0 : -5,
    special = /float|complex/.test(dtype) && random.chance(0.3);
  const value = (): number =>
    special && random.chance(0.05) ? random.of([Number.NaN, Infinity, -Infinity, -0]) : random.int(low, 8);
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
const fn = (name: string): Fn => (np as unknown as Record<string, Fn>)[name];

/** Leaves nothing in the box that a kernel could read by chance. */
function poison(): void {
  for (let k = 0; k < words.length; k++) words[k] = [2, 5, 8, 11].includes(k) ? -16 : 0x3ffffff1;
}

/** Runs one step on views of `bases`; `copied` reads copies instead, and takes no detour through `out`. */
export function execute(bases: readonly np.NDArray[], step: Step, copied = false): Result {
  const read = (x: Operand): np.NDArray | number => {
    if (!isView(x)) return x;
    const a = viewOf(bases, x);
    return copied ? (a.copy() as np.NDArray) : a;
  };
  const [first, ...rest] = step.args,
    where = step.where === undefined ? undefined : (read(step.where) as np.NDArray);
  const { f, axis, indices, mode } = step;
  poison();
  if (f === "copyto")
    return np.copyto(viewOf(bases, first as View), read(rest[0]), { where, casting: "unsafe" } as never) ?? null;
  if (f === "set") return np.set(viewOf(bases, first as View), "...", read(rest[0])) ?? null;
  if (f === "putMask") return np.set(viewOf(bases, first as View), where as never, rest[0] as number) ?? null;
  if (f === "put") return np.put(viewOf(bases, first as View), [...indices!], read(rest[0]), { mode: mode! }) ?? null;
  if (f === "nanToNum") {
    np.nanToNum(viewOf(bases, first as View), { copy: false, nan: 1, posinf: 2, neginf: 3 });
    return null;
  }
  if (f === "astype") return (read(first) as np.NDArray).astype(step.dtype!) as np.NDArray;
  if (f === "take") return np.take(read(first) as np.NDArray, [...indices!], axis as number | null, { mode: mode! });
  if (f === "roll" || f === "repeat") return fn(f)(read(first), indices![0], axis) as Result;
  if (f === "concatenate") return np.concatenate(step.args.map(read) as np.NDArray[], axis as number | null) as Result;
  if (f === "compress" || f === "atMask") return (read(first) as np.NDArray).at(where as never) as Result;
  if (f === "where") return np.where(...(step.args.map(read) as [np.NDArray, np.NDArray, np.NDArray])) as Result;
  if (f === "nonzero") return np.nonzero(read(first));
  const options = Object.fromEntries(
    Object.entries({
      out: step.out && viewOf(bases, step.out),
      where,
      keepdims: step.keepdims,
      initial: step.initial,
    }).filter(([, value]) => value !== undefined),
  );
  if (axis !== undefined) return fn(f)(read(first), axis, options) as Result;
  return fn(f)(...step.args.map(read), options) as Result;
}

/** What the result is as an array of its own, for comparing. */
export function asArrays(result: Result): np.NDArray[] {
  if (result === null) return [];
  if (Array.isArray(result)) return result as np.NDArray[];
  return [(result instanceof np.NDArray ? result : np.array(result as number)) as np.NDArray];
}

/** The bytes of an array, zeros without a sign and all NaNs alike. */
export function plain(a: np.NDArray): Uint8Array {
  const { dtype } = a;
  const values = np.toTypedArray(a.copy());
  if (!/float|complex/.test(dtype) || dtype === "float16")
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const floats = values as Float64Array;
  for (let i = 0; i < floats.length; i++) floats[i] = Number.isNaN(floats[i]) ? Number.NaN : floats[i] + 0;
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}
