import { byCode } from "../base/dtype.js";
import { area, CALL, packOut, packX, runBox, setBox, setOperand, setOut, setX, TILE } from "../core/box.js";
import { cast, selectKernel, widths } from "../core/boxes.js";
import type { Kernel } from "../core/instance.js";
import { type Axes, arrange, bySteps, eachIndex, longAxes } from "./axes.js";

// From n-d operands to boxes. The walk arranges the axes (axes.ts): it orders them by out's step, turns those on which
// out runs backwards, merges neighbours that are one run in every operand, and calls the kernel for 2-D boxes of at most
// 64 Ki elements. Operands the kernel cannot read as they are (another dtype, half floats, transposed) are copied tile
// by tile into scratch; so no operation needs a whole temporary.

/** Rows of a tile with a transposed operand: the tall tile is never worse and up to 3.6 times better at powers of two. */
const TALL = 128;

// The operands of the walk under way: 0 out, then x, y, z, and the mask of a `where` last. Module-level plain arrays:
// making them anew costs 30 ns. The walk moves the addresses.
const pointer = [0, 0, 0, 0, 0];
const strides: (readonly number[])[] = [[], [], [], [], []];
const codes = [-1, -1, -1, -1];
let shape: readonly number[] = [];
let operands = 0;
// The axes that are gone along: the last two are the box.
let axes: Axes = { lengths: [], steps: [] };
let maskPointer = 0;
let maskStrides: readonly number[] = [];
let masked = false;
let conditionAt = 0;
// The codes of operands that have one of their own, whatever is computed in.
let own: readonly (number | null)[] | null = null;
// The second result: which operand it is, 0 for none; the code the kernel writes, and the one it is rounded to.
let second = 0;
let secondResult = -1;
let secondRounding = -1;
let rounding = -1;
// Elements of out lie on one another: the order in which they are written shows.
let strict = false;
let unanimous = false;
// … and NumPy goes through them as they stand.
let asGiven = false;

/**
 * Begins a walk over a shape, to which each operand's strides were broadcast. `reads` has the code in which the kernel
 * reads x, y and z where that is not the loop's.
 */
export function begin(over: readonly number[], reads: readonly (number | null)[] | null = null): void {
  shape = over;
  own = reads;
  second = 0;
  operands = 0;
  masked = false;
  conditionAt = 0;
}

/** Adds an operand, `out` first: its address, its strides over the whole shape, and its dtype's code. */
export function operand(at: number, steps: readonly number[], code: number): void {
  pointer[operands] = at;
  strides[operands] = steps;
  codes[operands++] = code;
}

/** Adds an operand that the kernel reads as bools, whatever the others are. */
export function condition(at: number, steps: readonly number[], code: number): void {
  conditionAt = operands;
  operand(at, steps, code);
}

/** Adds a second result, after all operands: the kernel writes the code `result`, which is rounded to `rounded`. */
export function secondOut(at: number, steps: readonly number[], code: number, result: number, rounded: number): void {
  second = operands;
  secondResult = result;
  secondRounding = rounded;
  operand(at, steps, code);
}

/** Adds the mask of a `where`: elements where it is false stay as they are. */
export function mask(at: number, steps: readonly number[]): void {
  maskPointer = at;
  maskStrides = steps;
  masked = true;
}

/**
 * Runs a kernel over the walk. `loop` is the code it computes in, `result` the code it writes (bool for comparisons);
 * operands of another code are cast by tiles. Results are rounded to the code `rounded` before they are cast to out's.
 * Where elements of out lie on one another, the last one written stays: as in NumPy `byAll` lets all operands decide the
 * order of the axes (ufuncs), else out alone does (assignments); "as given" turns no axis round.
 */
export function run(
  kernel: Kernel,
  loop: number,
  result: number,
  rounded = result,
  byAll: boolean | "as given" = false,
): void {
  asGiven = byAll === "as given";
  coalesce(byAll !== false);
  rounding = rounded;
  let prepared = masked || (rounded !== result && rounded !== codes[0]) || (second > 0 && roundsSecond());
  for (let k = 0; k < operands; k++) prepared ||= codes[k] !== (k === 0 ? result : codeOf(k, loop));
  const { lengths } = axes,
    n = lengths.length;
  if (n > 1) for (let k = 1; k < operands; k++) prepared ||= transposed(k, lengths[n - 2], lengths[n - 1]);
  if (prepared) everyBox((rows, cols) => tiles(kernel, loop, result, rows, cols));
  else everyBox((rows, cols) => boxes(kernel, loop, rows, cols));
}

/** The loops that are no dtypes: int64 compared with uint64, and the other way round. */
export const INT64_UINT64 = byCode.length,
  UINT64_INT64 = INT64_UINT64 + 1;

/** The code of the dtype in which a kernel reads operand `k`. */
export function wanted(k: number, loop: number): number {
  if (k === conditionAt && k > 0) return 0;
  if (loop < INT64_UINT64) return loop;
  return (loop === INT64_UINT64) === (k === 1) ? 4 : 8;
}

function roundsSecond(): boolean {
  return secondRounding !== secondResult && secondRounding !== codes[second];
}

// The code in which the kernel reads operand `k`, or writes it.
function codeOf(k: number, loop: number): number {
  if (k === second && k > 0) return secondResult;
  return own?.[k - 1] ?? wanted(k, loop);
}

// Calls for every index of the axes but the last two.
function everyBox(box: (rows: number, cols: number) => void): void {
  const { lengths } = axes,
    n = lengths.length;
  for (let i = 0; i < n; i++) if (lengths[i] === 0) return;
  const rows = n > 1 ? lengths[n - 2] : 1,
    cols = n > 0 ? lengths[n - 1] : 1;
  if (n <= 2) box(rows, cols);
  else eachIndex(axes, n - 2, pointer, () => box(rows, cols));
}

function rowStep(k: number): number {
  const steps = axes.steps[k],
    n = steps.length;
  return n > 1 ? steps[n - 2] : 0;
}
function colStep(k: number): number {
  const steps = axes.steps[k],
    n = steps.length;
  return n > 0 ? steps[n - 1] : 0;
}

// A run down the rows that is shorter than the one along the columns: reading it by columns would miss the cache.
function transposed(k: number, rows: number, cols: number): boolean {
  if (rows < 4 || cols < 4) return false;
  const row = Math.abs(rowStep(k));
  return row !== 0 && row < Math.abs(colStep(k));
}

// Axes over which out repeats go outermost, so that an accumulating walk keeps its order.
function coalesce(byAll = false): void {
  let count = operands;
  if (masked) {
    pointer[count] = maskPointer;
    strides[count++] = maskStrides;
  }
  if (shape.length === 1 && strides[0][0] >= widths[codes[0]]) {
    // One axis, written forwards, is a loop as it stands: nothing is to be arranged.
    strict = unanimous = false;
    axes = { lengths: shape, steps: strides };
    return;
  }
  let order = longAxes(shape);
  if (order.length > 1) order = bySteps(order, strides[0], Number.POSITIVE_INFINITY);
  strict = meets(order, shape, strides[0]);
  unanimous = strict && byAll;
  if (strict) {
    order.sort(ascending);
    // NumPy's order where out alone decides: axes over which it repeats go innermost.
    order = byAll ? byPrecedence(order, strides.slice(0, count)) : bySteps(order, strides[0], 0);
  }
  axes = arrange(shape, strides, pointer, order, turned, count);
}

// Where out runs backwards the axis is turned for all; where the order shows in a ufunc, only if all run backwards.
function turned(axis: number): boolean {
  if (!unanimous) return strides[0][axis] < 0;
  if (asGiven) return false;
  let backwards = false;
  for (let k = 0; k < operands + (masked ? 1 : 0); k++) {
    if (strides[k][axis] > 0) return false;
    backwards ||= strides[k][axis] < 0;
  }
  return backwards;
}

const ascending = (a: number, b: number): number => a - b;

// Whether elements of out have bytes in common; axes are ordered by its step.
function meets(axes: readonly number[], shape: readonly number[], out: readonly number[]): boolean {
  let reached = widths[codes[0]];
  for (let i = axes.length - 1; i >= 0; i--) {
    const size = Math.abs(out[axes[i]]);
    if (size < reached) return true;
    reached += size * (shape[axes[i]] - 1);
  }
  return false;
}

// NumPy's order of axes where all operands decide: an axis goes outside another if every operand that moves along both takes longer steps on it.
// An insertion sort from the innermost axis on; axes along which no operand lets them be compared are passed.
function byPrecedence(axes: readonly number[], all: readonly (readonly number[])[]): number[] {
  const inner: number[] = [];
  for (const axis of [...axes].reverse()) {
    let place = inner.length;
    for (let i = inner.length - 1; i >= 0; i--) {
      const pairs = all.map((s) => [Math.abs(s[axis]), Math.abs(s[inner[i]])]).filter(([a, b]) => a !== 0 && b !== 0);
      if (pairs.length === 0) continue;
      if (pairs.some(([a, b]) => b <= a)) break;
      place = i;
    }
    inner.splice(place, 0, axis);
  }
  return inner.reverse();
}

function boxes(kernel: Kernel, loop: number, rows: number, cols: number): void {
  const colsAtOnce = Math.min(cols, piece(CALL)),
    rowsAtOnce = strict ? 1 : Math.max(1, Math.floor(CALL / colsAtOnce));
  for (let i = 0; i < rows; i += rowsAtOnce) {
    for (let j = 0; j < cols; j += colsAtOnce) {
      setBox(Math.min(rowsAtOnce, rows - i), Math.min(colsAtOnce, cols - j));
      for (let k = 0; k < operands; k++) {
        const row = rowStep(k),
          col = colStep(k);
        setOperand(k, pointer[k] + i * row + j * col, row, col);
      }
      runBox(kernel, loop);
    }
  }
}

function tiles(kernel: Kernel, loop: number, result: number, rows: number, cols: number): void {
  let tall = false;
  for (let k = 1; k < operands && !strict; k++) tall ||= transposed(k, rows, cols);
  cut(rows, cols, TILE, tall ? TILE / TALL : TILE, (i, j, m, n) => tile(kernel, loop, result, i, j, m, n));
}

const boxOf = { at: [0, 0, 0, 0], row: [0, 0, 0, 0], col: [0, 0, 0, 0] };

function tile(kernel: Kernel, loop: number, result: number, i: number, j: number, m: number, n: number): void {
  const { at, row, col } = boxOf;
  for (let k = 0; k < operands; k++) {
    row[k] = rowStep(k);
    col[k] = colStep(k);
    at[k] = pointer[k] + i * row[k] + j * col[k];
  }
  for (let k = 1; k < operands; k++) {
    if (k === second) continue;
    const code = codeOf(k, loop);
    if (codes[k] !== code || transposed(k, m, n)) {
      const into = area(k);
      setBox(m, n);
      packOut(into, widths[code]);
      setX(at[k], row[k], col[k]);
      cast(codes[k], code);
      at[k] = into;
      row[k] = n * widths[code];
      col[k] = widths[code];
    }
  }
  const direct = codes[0] === result && !masked && (rounding === result || rounding === codes[0]);
  setBox(m, n);
  if (direct) setOut(at[0], row[0], col[0]);
  else packOut(area(0), widths[result]);
  for (let k = 1; k < operands; k++) setOperand(k, at[k], row[k], col[k]);
  const aside = second > 0 && (masked || codes[second] !== secondResult || roundsSecond());
  if (aside) setOperand(second, area(3), n * widths[secondResult], widths[secondResult]);
  runBox(kernel, loop);
  if (!direct) deliver(0, result, rounding, 0, i, j, m, n);
  if (aside) deliver(second, secondResult, secondRounding, 3, i, j, m, n);
}

// The tile computed in a scratch area goes into its result: cast if it must be, and only where the mask says so.
function deliver(
  k: number,
  result: number,
  rounded: number,
  from: number,
  i: number,
  j: number,
  m: number,
  n: number,
): void {
  const code = codes[k];
  let had = result;
  setBox(m, n);
  if (rounded !== result && rounded !== code) {
    from = castTile(had, rounded, from);
    had = rounded;
  }
  if (masked && had !== code) {
    from = castTile(had, code, from);
    had = code;
  }
  setPiece(0, k, i, j);
  packX(area(from), widths[had]);
  if (!masked) return cast(had, code);
  setPiece(2, k, i, j);
  setPiece(3, operands, i, j);
  runBox(selectKernel, code);
}

// A packed tile cast from one scratch area into the next, which is returned.
function castTile(had: number, code: number, from: number): number {
  const to = (from + 1) % 4;
  packOut(area(to), widths[code]);
  packX(area(from), widths[had]);
  cast(had, code);
  return to;
}

/** Copies operand x to out over the walk, casting where their dtypes differ. Uses no scratch but for transposed casts. */
export function transfer(): void {
  coalesce();
  const [to, from] = codes;
  const { lengths } = axes;
  if (lengths.length < 2) {
    const n = lengths.length === 0 ? 1 : lengths[0],
      outStep = colStep(0),
      step = colStep(1);
    const most = piece(CALL);
    for (let i = 0; i < n; i += most) {
      setBox(1, Math.min(most, n - i));
      setOut(pointer[0] + i * outStep, 0, outStep);
      setX(pointer[1] + i * step, 0, step);
      cast(from, to);
    }
    return;
  }
  everyBox((rows, cols) => {
    const turn = from !== to && !strict && transposed(1, rows, cols);
    cut(rows, cols, turn ? TILE : CALL, turn ? TILE / TALL : CALL, (i, j, m, n) => {
      setBox(m, n);
      setPiece(1, 1, i, j);
      if (turn) {
        packOut(area(0), widths[from]);
        cast(from, from);
        packX(area(0), widths[from]);
      }
      setPiece(0, 0, i, j);
      cast(from, to);
    });
  });
}

// Makes the piece at i, j of operand `k` operand `as` of the kernel.
function setPiece(as: number, k: number, i: number, j: number): void {
  const row = rowStep(k),
    col = colStep(k);
  setOperand(as, pointer[k] + i * row + j * col, row, col);
}

// Elements that lie half on one another are written one by one: a cast writes complex numbers in two passes.
function piece(most: number): number {
  const step = Math.abs(colStep(0));
  return strict && step !== 0 && step < widths[codes[0]] ? 1 : most;
}

// Cuts rows × cols into pieces of at most `most` elements and `widest` columns.
function cut(
  rows: number,
  cols: number,
  most: number,
  widest: number,
  each: (i: number, j: number, m: number, n: number) => void,
): void {
  const colsAtOnce = Math.min(cols, piece(widest)),
    rowsAtOnce = strict ? 1 : Math.max(1, Math.floor(most / colsAtOnce));
  for (let i = 0; i < rows; i += rowsAtOnce) {
    for (let j = 0; j < cols; j += colsAtOnce) {
      each(i, j, Math.min(rowsAtOnce, rows - i), Math.min(colsAtOnce, cols - j));
    }
  }
}
