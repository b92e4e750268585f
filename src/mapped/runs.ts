// Elements of a strided layout, found in runs of bytes.

/**
 * Visits the bytes of `n` elements from `first` on, in row-major order, as runs: where a run begins, its length, and how
 * many bytes came before. Innermost axes that lie packed are one run.
 */
export function eachRun(
  layout: { readonly shape: readonly number[]; readonly strides: readonly number[]; readonly offset: number },
  itemsize: number,
  first: number,
  n: number,
  visit: (at: number, nbytes: number, done: number) => void,
): void {
  const { shape, strides, offset } = layout;
  let axis = shape.length - 1,
    packed = 1;
  for (; axis >= 0 && (shape[axis] === 1 || strides[axis] === packed * itemsize); axis--) packed *= shape[axis];
  // Merged with one run inside, the axes that are left are counted by an index.
  const index = new Array<number>(axis + 1).fill(0);
  let at = offset;
  for (let k = axis, rest = Math.floor(first / packed); k >= 0; k--) {
    index[k] = rest % shape[k];
    at += index[k] * strides[k];
    rest = Math.floor(rest / shape[k]);
  }
  let within = first % packed;
  for (let done = 0; done < n; ) {
    const count = Math.min(packed - within, n - done);
    visit(at + within * itemsize, count * itemsize, done * itemsize);
    done += count;
    within = 0;
    for (let k = axis; k >= 0; k--) {
      at += strides[k];
      if (++index[k] < shape[k]) break;
      at -= shape[k] * strides[k];
      index[k] = 0;
    }
  }
}
