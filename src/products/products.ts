import { computedDescr, type Descr } from "../base/dtype.js";
import { AREA, area, CALL, packOut, packX, runBox, setBox, setNumbers, setOut, setX, setY, TILE } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { products } from "../core/chapters/products.js";
import { type CoreCall, type CoreFunction, coreFunction } from "../operations/coreAxes.js";

// Products of vectors and matrices. Operands in the dtype of the loop are read where they lie, whatever their steps;
// others are cast into scratch block by block. The scratch areas: 0 a cast on its way, 1 x, 2 y, 3 the sums.

/** Lengths of the blocks of a product of matrices: rows of x, and what is summed at once; columns fill an area. */
const ROWS = 32,
  DEPTH = 64;

/** A matrix in memory: its first element, and the bytes from row to row and from column to column. */
interface Place {
  readonly at: number;
  readonly row: number;
  readonly col: number;
}

/** The dtypes of a product. */
interface Kinds {
  readonly loop: Descr;
  /** In which it is computed: float32 for float16. */
  readonly computed: Descr;
  readonly x: Descr;
  readonly y: Descr;
  readonly out: Descr;
  /** 1 where complex x are conjugated, else 0. */
  readonly conjugated: number;
}

function kindsOf({ loop, descrs: [x, y, out] }: CoreCall, conjugates: boolean): Kinds {
  return { loop, computed: computedDescr(loop), x, y, out, conjugated: conjugates ? 1 : 0 };
}

// A block of an operand in the dtype that is computed in: where it lies, or in a scratch area.
function prepare(
  from: Descr,
  kinds: Kinds,
  block: Place,
  rows: number,
  cols: number,
  into: number,
  packed: "as it lies" | "by rows" | "always",
): Place {
  const { loop, computed } = kinds,
    { itemsize } = computed;
  const lies = packed === "as it lies" || (packed === "by rows" && block.col === itemsize);
  if (from === computed && from === loop && lies) return block;
  setBox(rows, cols);
  setX(block.at, block.row, block.col);
  if (from !== loop && loop !== computed) {
    packOut(area(0), loop.itemsize);
    cast(from.code, loop.code);
    packX(area(0), loop.itemsize);
    packOut(area(into), itemsize);
    cast(loop.code, computed.code);
  } else {
    packOut(area(into), itemsize);
    cast(from.code, computed.code);
  }
  return { at: area(into), row: cols * itemsize, col: itemsize };
}

// Writes a block of sums from the last scratch area to where it belongs.
function finish({ loop, computed, out }: Kinds, to: Place, rows: number, cols: number): void {
  setBox(rows, cols);
  packX(area(3), computed.itemsize);
  if (loop !== computed && out !== loop) {
    packOut(area(0), loop.itemsize);
    cast(computed.code, loop.code);
    packX(area(0), loop.itemsize);
    setOut(to.at, to.row, to.col);
    return cast(loop.code, out.code);
  }
  setOut(to.at, to.row, to.col);
  cast(computed.code, out.code);
}

const moved = ({ at, row, col }: Place, r: number, c: number): Place => ({ at: at + r * row + c * col, row, col });

// out[r] = the sum of x[r, c] * y[r, c] over the columns.
function rowDots(kinds: Kinds, rows: number, cols: number, x: Place, y: Place, out: number, outRow: number): void {
  const { loop, computed, conjugated } = kinds,
    direct = kinds.x === computed && kinds.y === computed && kinds.out === computed && loop === computed,
    limit = direct ? CALL : TILE;
  const rowsAtOnce = Math.max(1, Math.min(rows, Math.floor(limit / Math.max(cols, 1)))),
    colsAtOnce = Math.min(cols, limit);
  for (let r = 0; r < rows; r += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - r),
      to = { at: out + r * outRow, row: outRow, col: 0 };
    let c = 0;
    do {
      const length = Math.min(colsAtOnce, cols - c),
        a = prepare(kinds.x, kinds, moved(x, r, c), count, length, 1, "as it lies"),
        b = prepare(kinds.y, kinds, moved(y, r, c), count, length, 2, "as it lies");
      setBox(count, length);
      if (direct) setOut(to.at, outRow, 0);
      else setOut(area(3), computed.itemsize, 0);
      setX(a.at, a.row, a.col);
      setY(b.at, b.row, b.col);
      setNumbers(c === 0 ? 0 : 1, conjugated, 0);
      runBox(products.kernels.dot, computed.code);
      c += length;
    } while (c < cols);
    if (!direct) finish(kinds, to, count, 1);
  }
}

// out[i, j] = the sum of x[i, k] * y[k, j] over k.
function matrices(kinds: Kinds, m: number, depth: number, n: number, x: Place, y: Place, out: Place): void {
  if (m === 0 || n === 0) return;
  const across = { at: y.at, row: y.col, col: y.row };
  if (n === 1 && Math.abs(x.col) <= Math.abs(x.row))
    return rowDots(kinds, m, depth, x, { ...across, row: 0 }, out.at, out.row);
  if (m === 1 && Math.abs(y.row) <= Math.abs(y.col))
    return rowDots(kinds, n, depth, { ...x, row: 0 }, across, out.at, out.col);
  const { loop, computed, conjugated } = kinds,
    { itemsize } = computed,
    colsAtOnce = AREA / (DEPTH * itemsize);
  if (loop === computed && kinds.out === computed && out.col === itemsize && m >= ROWS && depth > 0)
    return tallMatrices(kinds, m, depth, n, x, y, out);
  for (let j = 0; j < n; j += colsAtOnce) {
    const cols = Math.min(colsAtOnce, n - j);
    for (let i = 0; i < m; i += ROWS) {
      const rows = Math.min(ROWS, m - i);
      let k = 0;
      do {
        const length = Math.min(DEPTH, depth - k),
          a = prepare(kinds.x, kinds, moved(x, i, k), rows, length, 1, "as it lies"),
          b = prepare(kinds.y, kinds, moved(y, k, j), length, cols, 2, "by rows");
        setBox(rows, cols);
        packOut(area(3), itemsize);
        setX(a.at, a.row, a.col);
        setY(b.at, b.row, b.col);
        setNumbers(length, k === 0 ? 0 : 1, conjugated);
        runBox(products.kernels.matmul, computed.code);
        k += length;
      } while (k < depth);
      finish(kinds, moved(out, i, j), rows, cols);
    }
  }
}

/** The sums of products along an axis under another name: they are those of `vecdot`. */
export function vecdotOf(name: string): CoreFunction {
  return coreFunction(
    name,
    "(n),(n)->()",
    (call) => Math.max(1, CALL / Math.max(1, call.size("n"))),
    (call, lanes, at, next) => {
      const x = { at: at[0], row: next[0], col: call.step(0, "n") },
        y = { at: at[1], row: next[1], col: call.step(1, "n") };
      rowDots(kindsOf(call, true), lanes, call.size("n"), x, y, at[2], next[2]);
    },
  );
}

const one = (): number => 1;

// The same where sums can be kept in the result and there are many rows: each block of y is packed once for all of them.
// It fills half an area, which leaves room for x in the processor's first cache.
function tallMatrices(kinds: Kinds, m: number, depth: number, n: number, x: Place, y: Place, out: Place): void {
  const { computed, conjugated } = kinds,
    { itemsize } = computed,
    colsAtOnce = AREA / (2 * DEPTH * itemsize);
  for (let j = 0; j < n; j += colsAtOnce) {
    const cols = Math.min(colsAtOnce, n - j);
    for (let k = 0; k < depth; k += DEPTH) {
      const length = Math.min(DEPTH, depth - k),
        b = prepare(kinds.y, kinds, moved(y, k, j), length, cols, 2, "always");
      for (let i = 0; i < m; i += ROWS) {
        const rows = Math.min(ROWS, m - i),
          a = prepare(kinds.x, kinds, moved(x, i, k), rows, length, 1, "by rows"),
          to = moved(out, i, j);
        setBox(rows, cols);
        setOut(to.at, to.row, to.col);
        setX(a.at, a.row, a.col);
        setY(b.at, b.row, b.col);
        setNumbers(length, k === 0 ? 0 : 1, conjugated);
        runBox(products.kernels.matmul, computed.code);
      }
    }
  }
}

/** The product of matrices under another name: the sums are those of `matmul`. */
export function productOf(name: string): CoreFunction {
  return coreFunction(name, "(n?,k),(k,m?)->(n?,m?)", one, (call, _, at) => {
    const x = { at: at[0], row: call.step(0, "n"), col: call.step(0, "k") },
      y = { at: at[1], row: call.step(1, "k"), col: call.step(1, "m") },
      out = { at: at[2], row: call.step(2, "n"), col: call.step(2, "m") };
    matrices(kindsOf(call, false), call.size("n"), call.size("k"), call.size("m"), x, y, out);
  });
}

/**
 * The sums of the products of x and y along an axis of both, the last by default, where complex x are conjugated; the
 * other axes are broadcast. Integers wrap around in their own dtype, and float16 is summed as float32. Returns a copy,
 * or `out`. Errors: axes of different lengths.
 *
 * @example
 * vecdot([1, 2, 3], [4, 5, 6]) // 32.0
 */
export const vecdot: CoreFunction = vecdotOf("vecdot");

/**
 * The products of matrices x and vectors y: the last two axes of x, and the last of y. Returns a copy, or `out`. Errors:
 * axes of different lengths.
 */
export const matvec: CoreFunction = coreFunction("matvec", "(m,n),(n)->(m)", one, (call, _, at) => {
  const x = { at: at[0], row: call.step(0, "m"), col: call.step(0, "n") },
    y = { at: at[1], row: call.step(1, "n"), col: 0 },
    out = { at: at[2], row: call.step(2, "m"), col: 0 };
  matrices(kindsOf(call, false), call.size("m"), call.size("n"), 1, x, y, out);
});

/**
 * The products of vectors x, which are conjugated if complex, and matrices y: the last axis of x, and the last two of y.
 * Returns a copy, or `out`. Errors: axes of different lengths.
 */
export const vecmat: CoreFunction = coreFunction("vecmat", "(n),(n,m)->(m)", one, (call, _, at) => {
  const x = { at: at[0], row: 0, col: call.step(0, "n") },
    y = { at: at[1], row: call.step(1, "n"), col: call.step(1, "m") },
    out = { at: at[2], row: 0, col: call.step(2, "m") };
  matrices(kindsOf(call, true), 1, call.size("n"), call.size("m"), x, y, out);
});

/**
 * The products of matrices, the last two axes of x and y; the other axes are broadcast. An operand of one axis is a row
 * on the left and a column on the right, and the result has no axis for it. Integers wrap around in their own dtype, and
 * float16 is summed as float32. Returns a copy, or `out`. Errors: axes of different lengths.
 *
 * @example
 * matmul([[1, 2], [3, 4]], [1, 1]) // [3. 7.]
 */
export const matmul: CoreFunction = productOf("matmul");
