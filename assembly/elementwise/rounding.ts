import { DType, forFloat, forInexact } from "../dtype";
import { Binary, Unary } from "./walks";

// Rounding keeps the sign of zero; integers never come here, they are whole already.
@unmanaged class Floor {
  @inline of<T>(x: T): T { return floor<T>(x); }
  @inline lanes<T>(x: v128): v128 { return v128.floor<T>(x); }
}
function floorOf(dtype: DType, box: usize): void { forFloat<Unary<Floor>>(dtype, box); }

@unmanaged class Ceil {
  @inline of<T>(x: T): T { return ceil<T>(x); }
  @inline lanes<T>(x: v128): v128 { return v128.ceil<T>(x); }
}
function ceilOf(dtype: DType, box: usize): void { forFloat<Unary<Ceil>>(dtype, box); }

@unmanaged class Trunc {
  @inline of<T>(x: T): T { return trunc<T>(x); }
  @inline lanes<T>(x: v128): v128 { return v128.trunc<T>(x); }
}
function truncOf(dtype: DType, box: usize): void { forFloat<Unary<Trunc>>(dtype, box); }

// To the nearest, halves to even; of a complex number both parts.
@unmanaged class Rint {
  @inline of<T>(x: T): T { return nearest<T>(x); }
  @inline lanes<T>(x: v128): v128 { return v128.nearest<T>(x); }
  @inline complex<F>(x: v128): v128 { return v128.nearest<F>(x); }
}
export function rint(dtype: DType, box: usize): void { forInexact<Unary<Rint>>(dtype, box); }

@unmanaged class Copysign {
  @inline of<T>(x: T, y: T): T { return copysign<T>(x, y); }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.bitselect(y, x, v128.splat<T>(-0.0 as T)); }
}
function copysignOf(dtype: DType, box: usize): void { forFloat<Binary<Copysign>>(dtype, box); }

export { floorOf as floor, ceilOf as ceil, truncOf as trunc, copysignOf as copysign };
