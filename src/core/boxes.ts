import { byCode } from "../base/dtype.js";
import { boxAt, core, type Kernel, SCALARS, slots, words } from "./instance.js";

// Boxes of elements copied and cast: what the walk, the reductions and whoever prepares a tile have in common.

/** Bytes of an element, for each dtype's code and for the two loops that compare int64 with uint64. */
export const widths: readonly number[] = [...byCode.map((descr) => descr.itemsize), 8, 8];

/** What a kernel that only moves elements is told for each dtype's code: the width; 0 for bools, which arrive as 0 or 1. */
export const moves: readonly number[] = widths.map((width, code) => (code === 0 ? 0 : width));

/** The address of the slot for operand `k` that is a JavaScript value. */
export function scalarSlot(k: number): number {
  return boxAt + SCALARS + 16 * k;
}

/** The address of a place for a single element. */
export function slot(owner: keyof typeof slots): number {
  return boxAt + slots[owner];
}

/** The kernel that copies elements as they are: an operation that leaves some dtypes unchanged has it for these. */
export function copyKernel(code: number, box: number): void {
  core.copy(moves[code], box);
}

/** The kernel that picks x where its condition z is true, and y elsewhere. */
export function selectKernel(code: number, box: number): void {
  core.where(moves[code], box);
}

/** Copies a box of at most 64 Ki elements, converting them from one dtype's code to another's. */
export function castBox(
  from: number,
  to: number,
  m: number,
  n: number,
  out: number,
  outRow: number,
  outCol: number,
  x: number,
  xRow: number,
  xCol: number,
): void {
  if (from >= 12 && to === 0) return complexToBool(from, m, n, out, outRow, outCol, x, xRow, xCol);
  if (from === to) {
    setBox(m, n, out, outRow, outCol, x, xRow, xCol);
    core.copy(moves[to], boxAt);
    return;
  }
  // Complex numbers are cast as two boxes of real ones: their real and their imaginary parts.
  const source = from < 12 ? from : from - 2,
    target = to < 12 ? to : to - 2;
  castReals(source, target, m, n, out, outRow, outCol, x, xRow, xCol);
  if (to < 12) return;
  const part = widths[target];
  if (from >= 12) return castReals(source, target, m, n, out + part, outRow, outCol, x + widths[source], xRow, xCol);
  setBox(m, n, out + part, outRow, outCol, slot("zero"), 0, 0);
  core.copy(part, boxAt);
}

function castReals(
  from: number,
  to: number,
  m: number,
  n: number,
  out: number,
  outRow: number,
  outCol: number,
  x: number,
  xRow: number,
  xCol: number,
): void {
  setBox(m, n, out, outRow, outCol, x, xRow, xCol);
  if (from === to) core.copy(widths[to], boxAt);
  else core.cast(from, to, boxAt);
}

// A complex number is true if either part is not 0.
function complexToBool(
  code: number,
  m: number,
  n: number,
  out: number,
  outRow: number,
  outCol: number,
  x: number,
  xRow: number,
  xCol: number,
): void {
  setBox(m, n, out, outRow, outCol, x, xRow, xCol);
  words[8] = slot("zero");
  words[9] = words[10] = 0;
  core.notEqual(code, boxAt);
}

function setBox(
  m: number,
  n: number,
  out: number,
  outRow: number,
  outCol: number,
  x: number,
  xRow: number,
  xCol: number,
): void {
  words[0] = m;
  words[1] = n;
  words[2] = out;
  words[3] = outRow;
  words[4] = outCol;
  words[5] = x;
  words[6] = xRow;
  words[7] = xCol;
}

// Elements of one call: WASM code is replaced by its optimised form only between calls.
const CALL = 65536;

/**
 * Runs a kernel over operands that need no walk: each contiguous, or one element that repeats (step 0), all of the
 * dtypes the kernel reads and writes. y is ignored by kernels of one operand.
 */
export function runFlat(
  kernel: Kernel,
  loop: number,
  size: number,
  out: number,
  outStep: number,
  x: number,
  xStep: number,
  y: number,
  yStep: number,
): void {
  words[0] = 1;
  words[4] = outStep;
  words[7] = xStep;
  words[10] = yStep;
  for (let done = 0; done < size; done += CALL) {
    words[1] = size - done < CALL ? size - done : CALL;
    words[2] = out + done * outStep;
    words[5] = x + done * xStep;
    words[8] = y + done * yStep;
    kernel(loop, boxAt);
  }
}
