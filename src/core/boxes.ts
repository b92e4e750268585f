import { byCode, dtypes, partDescr } from "../base/dtype.js";
import { runBox, runCast, setX, shift, slot, slots } from "./box.js";
import { core } from "./instance.js";

// Boxes of elements copied and cast: what the walk, the reductions and whoever prepares a tile have in common.

/** Bytes of an element, for each dtype's code and for the two loops that compare int64 with uint64. */
export const widths: readonly number[] = [...byCode.map((descr) => descr.itemsize), 8, 8];

/** What a kernel that only moves elements is told for each dtype's code: the width; 0 for bools, which arrive as 0 or 1. */
export const moves: readonly number[] = widths.map((width, code) => (code === 0 ? 0 : width));

// The code of the parts of complex numbers, for each dtype's code; of real ones it is their own.
const parts: readonly number[] = byCode.map((descr) => partDescr(descr).code);
const BOOL = dtypes.bool.code;

/** The kernel that copies elements as they are: an operation that leaves some dtypes unchanged has it for these. */
export function copyKernel(code: number, box: number): void {
  core.copy(moves[code], box);
}

/** The kernel that picks x where its condition z is true, and y elsewhere. */
export function selectKernel(code: number, box: number): void {
  core.where(moves[code], box);
}

/** Runs the box as a cast: x of one dtype's code becomes out of another's. Of the same, it copies. */
export function cast(from: number, to: number): void {
  if (from === to) return runBox(copyKernel, to);
  // Complex numbers are cast as two boxes of real ones: their real and their imaginary parts.
  const source = parts[from],
    target = parts[to];
  // A complex number is true if either part is not 0.
  if (from !== source && to === BOOL) return runCast(from, to);
  castReals(source, target);
  if (to === target) return;
  const part = widths[target];
  if (from !== source) {
    shift(part, widths[source]);
    return castReals(source, target);
  }
  shift(part, 0);
  setX(slot(slots.zero), 0, 0);
  runBox(core.copy, part);
}

function castReals(from: number, to: number): void {
  if (from === to) runBox(copyKernel, to);
  else runCast(from, to);
}
