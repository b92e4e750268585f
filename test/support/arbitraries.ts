import fc from "fast-check";
import type { DType, NDArray } from "../../src/index.js";
import { broadcastTo, slice, transpose, zeros } from "../../src/index.js";
import { DTYPES, itemsize, poke } from "./oracle.js";

// Random arrays and views. Values are small whole numbers, so that sums are exact in any order.

/** Any dtype. */
export const dtype = fc.constantFrom(...DTYPES);
/** Up to four axes of up to seven elements. */
export const shape = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 4 });
/** Steps that make a view of whatever comes; the numbers are taken modulo what there is. */
export const step = fc.record({
  kind: fc.constantFrom("slice", "slice", "flip", "transpose", "newaxis", "integer", "broadcast"),
  axis: fc.nat(7),
  from: fc.nat(7),
  to: fc.nat(7),
  by: fc.integer({ min: 1, max: 3 }),
});
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** A view of some steps. */
export const steps = fc.array(step, { maxLength: 4 });

/** The view that a step makes. */
export function apply(a: NDArray, { kind, axis, from, to, by }: Step): NDArray {
  const k = a.ndim ? axis % a.ndim : 0,
    before = Array.from({ length: k }, () => slice());
  if (kind === "newaxis" && a.ndim < 6) return a.at(...before, null);
  if (kind === "broadcast" && a.ndim < 6) return broadcastTo(a, [(from % 3) + 1, ...a.shape]);
  if (a.ndim === 0) return a;
  if (kind === "transpose")
    return transpose(
      a,
      a.shape.map((_, i) => (i + axis) % a.ndim),
    );
  if (kind === "flip") return a.at(...before, slice(null, null, -by));
  if (kind === "integer" && a.shape[k] > 0) return a.at(...before, from % a.shape[k]);
  return a.at(...before, slice(Math.min(from, to), Math.max(from, to) + 1, by));
}

/** Whole numbers from -9 to 9 by position; no negative ones in unsigned dtypes. */
export function counting(shape: readonly number[], dtype: DType, seed: number): NDArray {
  const a: NDArray = zeros(shape, { dtype }),
    lowest = /^(bool|uint)/.test(dtype) ? 0 : -9;
  const data = Array.from({ length: a.size }, (_, i) => ((i * 7 + seed) % (10 - lowest)) + lowest);
  poke(a, valuesAs(dtype, data));
  return a;
}

const HALVES = new Map(Array.from({ length: 19 }, (_, i) => [i - 9, halfBits(i - 9)]));
function halfBits(value: number): number {
  if (value === 0) return 0;
  const e = Math.floor(Math.log2(Math.abs(value)));
  return (value < 0 ? 0x8000 : 0) | ((e + 15) << 10) | ((Math.abs(value) / 2 ** e - 1) * 1024);
}
function valuesAs(dtype: DType, data: readonly number[]): Uint8Array {
  if (data.length === 0) return new Uint8Array(itemsize(dtype));
  switch (dtype) {
    case "bool":
      return Uint8Array.from(data, (v) => v & 1);
    case "int8":
    case "uint8":
      return Uint8Array.from(data);
    case "int16":
    case "uint16":
      return new Uint8Array(Uint16Array.from(data).buffer);
    case "int32":
    case "uint32":
      return new Uint8Array(Uint32Array.from(data).buffer);
    case "int64":
    case "uint64":
      return new Uint8Array(BigInt64Array.from(data, BigInt).buffer);
    case "float16":
      return new Uint8Array(Uint16Array.from(data, (v) => HALVES.get(v) as number).buffer);
    case "float32":
      return new Uint8Array(Float32Array.from(data).buffer);
    case "float64":
      return new Uint8Array(Float64Array.from(data).buffer);
    case "complex64":
      return new Uint8Array(Float32Array.from(data.flatMap((v) => [v, -v])).buffer);
    default:
      return new Uint8Array(Float64Array.from(data.flatMap((v) => [v, -v])).buffer);
  }
}
