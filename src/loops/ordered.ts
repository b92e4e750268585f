import { arrange, eachIndex } from "./axes.js";

/**
 * A piece of a walk: rows × cols elements. `at` has the address of each operand's first element, `row` and `col` its
 * steps in bytes. Good until the callback returns.
 */
export interface Piece {
  rows: number;
  cols: number;
  readonly at: number[];
  readonly row: number[];
  readonly col: number[];
}

/**
 * Walks operands over a shape in row-major order, whatever their strides are, in pieces of at most `most` elements.
 * Where the order of the elements counts (masks, repeated indices) this stands for the walk of walk.ts, which orders
 * the axes by their steps. In every piece operand `flat` (none: -1) goes on by its column step from row to row. The
 * walk ends early when `piece` returns false.
 */
export function inOrder(
  shape: readonly number[],
  starts: readonly number[],
  strides: readonly (readonly number[])[],
  most: number,
  flat: number,
  piece: (p: Piece) => unknown,
): void {
  if (shape.includes(0)) return;
  const from = [...starts],
    axes = arrange(shape, strides, from),
    { lengths, steps } = axes;
  const n = lengths.length,
    rows = n > 1 ? lengths[n - 2] : 1,
    cols = n > 0 ? lengths[n - 1] : 1;
  const row = steps.map((s) => (n > 1 ? s[n - 2] : 0)),
    col = steps.map((s) => (n > 0 ? s[n - 1] : 0));
  const single = flat >= 0 && rows > 1 && row[flat] !== cols * col[flat];
  const colsAtOnce = Math.min(cols, most),
    rowsAtOnce = single ? 1 : Math.max(1, Math.floor(most / cols));
  const p: Piece = { rows: 0, cols: 0, at: [...starts], row, col };
  eachIndex(axes, n - 2, from, () => {
    for (let i = 0; i < rows; i += rowsAtOnce) {
      for (let j = 0; j < cols; j += colsAtOnce) {
        p.rows = Math.min(rowsAtOnce, rows - i);
        p.cols = Math.min(colsAtOnce, cols - j);
        for (let k = 0; k < from.length; k++) p.at[k] = from[k] + i * row[k] + j * col[k];
        if (piece(p) === false) return false;
      }
    }
    return true;
  });
}
