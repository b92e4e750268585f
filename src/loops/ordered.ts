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
  const { lengths, steps } = merge(shape, strides);
  const n = lengths.length,
    rows = n > 1 ? lengths[n - 2] : 1,
    cols = n > 0 ? lengths[n - 1] : 1;
  const row = steps.map((s) => (n > 1 ? s[n - 2] : 0)),
    col = steps.map((s) => (n > 0 ? s[n - 1] : 0));
  const single = flat >= 0 && rows > 1 && row[flat] !== cols * col[flat];
  const colsAtOnce = Math.min(cols, most),
    rowsAtOnce = single ? 1 : Math.max(1, Math.floor(most / cols));
  const index = new Array<number>(n).fill(0),
    from = [...starts];
  const p: Piece = { rows: 0, cols: 0, at: [...starts], row, col };
  for (;;) {
    for (let i = 0; i < rows; i += rowsAtOnce) {
      for (let j = 0; j < cols; j += colsAtOnce) {
        p.rows = Math.min(rowsAtOnce, rows - i);
        p.cols = Math.min(colsAtOnce, cols - j);
        for (let k = 0; k < from.length; k++) p.at[k] = from[k] + i * row[k] + j * col[k];
        if (piece(p) === false) return;
      }
    }
    let axis = n - 3;
    for (; axis >= 0; axis--) {
      const turn = ++index[axis] === lengths[axis];
      for (let k = 0; k < from.length; k++) from[k] += turn ? (1 - lengths[axis]) * steps[k][axis] : steps[k][axis];
      if (!turn) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Drops axes of length 1 and joins neighbours that are one run in every operand; the order stays. */
export function merge(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): { lengths: number[]; steps: number[][] } {
  const lengths: number[] = [],
    steps: number[][] = strides.map(() => []);
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] === 1) continue;
    const last = lengths.length - 1;
    if (last >= 0 && strides.every((s, k) => steps[k][last] === s[i] * shape[i])) {
      lengths[last] *= shape[i];
      for (let k = 0; k < steps.length; k++) steps[k][last] = strides[k][i];
    } else {
      lengths.push(shape[i]);
      for (let k = 0; k < steps.length; k++) steps[k].push(strides[k][i]);
    }
  }
  return { lengths, steps };
}
