import { Box } from "../box";
import { DType, forWrappingOrTrue } from "../dtype";

// out[r, c] = the sum of x[r, k] * y[k, c] over k. The columns of y and of out lie one after the other; x has any steps.
//
//            y   cols ──►                Beside the operands, where the third would lie, are three numbers: the length
//         k  ┌───────────┐               of k, whether the sums go on from what out has, and whether complex x are
//    x    ▼  │           │               conjugated. src/ hands over blocks that fit the cache, and y packed.
//   ┌─────┐  ├───────────┤
//   │     │  │ 4 rows ×  │  floats: 4 rows × 2 vectors of sums stay in registers while k runs
//   └─────┘  └───────────┘

@unmanaged class Matmul extends Box {
  @inline get depth(): usize { return this.z; }
  @inline get goesOn(): bool { return this.zRow != 0; }
  @inline get conjugates(): bool { return this.zStep != 0; }

  run<T>(): void {
    if (!isFloat<T>()) return this.edge<T>(0, this.rows, 0, this.cols);
    const each: usize = 32 / sizeof<T>(), rows = this.rows & ~(<usize>3), cols = this.cols - this.cols % each;
    for (let r: usize = 0; r < rows; r += 4) {
      for (let c: usize = 0; c < cols; c += each) this.block<T>(r, c * sizeof<T>());
    }
    this.edge<T>(0, rows, cols, this.cols);
    this.edge<T>(rows, this.rows, 0, this.cols);
  }

  // 4 rows × 32 bytes of sums.
  @inline block<T>(row: usize, col: usize): void {
    const outRow = this.outRow, xRow = this.xRow, o0 = this.out + row * outRow + col, o1 = o0 + outRow, o2 = o1 + outRow, o3 = o2 + outRow;
    let x = this.x + row * xRow, y = this.y + col;
    let a0 = v128.splat<T>(0 as T), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (let k = this.depth; k; --k, x += this.xStep, y += this.yRow) {
      const y0 = v128.load(y), y1 = v128.load(y, 16);
      const a = v128.load_splat<T>(x), b = v128.load_splat<T>(x + xRow);
      a0 = v128.add<T>(a0, v128.mul<T>(a, y0)); a1 = v128.add<T>(a1, v128.mul<T>(a, y1));
      b0 = v128.add<T>(b0, v128.mul<T>(b, y0)); b1 = v128.add<T>(b1, v128.mul<T>(b, y1));
      const c = v128.load_splat<T>(x + 2 * xRow), d = v128.load_splat<T>(x + 3 * xRow);
      c0 = v128.add<T>(c0, v128.mul<T>(c, y0)); c1 = v128.add<T>(c1, v128.mul<T>(c, y1));
      d0 = v128.add<T>(d0, v128.mul<T>(d, y0)); d1 = v128.add<T>(d1, v128.mul<T>(d, y1));
    }
    this.put<T>(o0, a0, a1); this.put<T>(o1, b0, b1); this.put<T>(o2, c0, c1); this.put<T>(o3, d0, d1);
  }

  @inline put<T>(out: usize, first: v128, second: v128): void {
    v128.store(out, this.goesOn ? v128.add<T>(v128.load(out), first) : first);
    v128.store(out, this.goesOn ? v128.add<T>(v128.load(out, 16), second) : second, 16);
  }

  // Row by row, k by k: each element of x times a row of y.
  edge<T>(row: usize, rowEnd: usize, col: usize, colEnd: usize): void {
    if (col == colEnd) return;
    const from = col * sizeof<T>(), to = colEnd * sizeof<T>();
    for (; row < rowEnd; row++) {
      const out = this.out + row * this.outRow;
      if (!this.goesOn) memory.fill(out + from, 0, to - from);
      let x = this.x + row * this.xRow, y = this.y;
      for (let k = this.depth; k; --k, x += this.xStep, y += this.yRow) {
        const value = load<T>(x);
        for (let c = from; c < to; c += sizeof<T>()) store<T>(out + c, (load<T>(out + c) + value * load<T>(y + c)) as T);
      }
    }
  }

  runComplex<F>(): void {
    const w = sizeof<F>(), bytes = this.cols * 2 * w, sign = (this.conjugates ? -1 : 1) as F;
    for (let row: usize = 0; row < this.rows; row++) {
      const out = this.out + row * this.outRow;
      if (!this.goesOn) memory.fill(out, 0, bytes);
      let x = this.x + row * this.xRow, y = this.y;
      for (let k = this.depth; k; --k, x += this.xStep, y += this.yRow) {
        const a = load<F>(x), b = sign * load<F>(x + w);
        for (let c: usize = 0; c < bytes; c += 2 * w) {
          const p = load<F>(y + c), q = load<F>(y + c + w), o = out + c;
          store<F>(o, load<F>(o) + (a * p - b * q));
          store<F>(o + w, load<F>(o + w) + (a * q + b * p));
        }
      }
    }
  }
}

// Of bools: whether x and y are true for any k.
@unmanaged class AnyBoth extends Box {
  run<T>(): void {
    for (let row: usize = 0; row < this.rows; row++) {
      const out = this.out + row * this.outRow;
      if (!this.zRow) memory.fill(out, 0, this.cols);
      let x = this.x + row * this.xRow, y = this.y;
      for (let k = this.z; k; --k, x += this.xStep, y += this.yRow) {
        if (load<u8>(x) == 0) continue;
        for (let c: usize = 0; c < this.cols; c++) store<u8>(out + c, (load<u8>(out + c) | load<u8>(y + c)) != 0 ? 1 : 0);
      }
    }
  }
}
export function matmul(dtype: DType, box: usize): void { forWrappingOrTrue<Matmul, AnyBoth>(dtype, box); }
