import { Box } from "../box";
import { DType, forInteger } from "../dtype";

// Counting. out is the first of the bins, and elements of x are the numbers of bins: src/ has looked that all are there.

/** Adds 1 to the bin, an int32, that each element of x names. */
export function tally(dtype: DType, box: usize): void { forInteger<Tally>(dtype, box); }

/** Adds an element of y, a float64, to the bin that the element of x names, in the order of the elements. */
export function weigh(dtype: DType, box: usize): void { forInteger<Weigh>(dtype, box); }

@unmanaged class Tally extends Box {
  run<T>(): void {
    const out = this.out, step = this.xStep;
    let x = this.x;
    for (let left = this.cols; left; left--, x += step) {
      const bin = out + (<usize>load<T>(x) << 2);
      store<u32>(bin, load<u32>(bin) + 1);
    }
  }
}

@unmanaged class Weigh extends Box {
  run<T>(): void {
    const out = this.out, xStep = this.xStep, yStep = this.yStep;
    let x = this.x, y = this.y;
    for (let left = this.cols; left; left--, x += xStep, y += yStep) {
      const bin = out + (<usize>load<T>(x) << 3);
      store<f64>(bin, load<f64>(bin) + load<f64>(y));
    }
  }
}
