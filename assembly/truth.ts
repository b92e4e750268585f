// What operations do with bools. A byte that is not 0 is true, whoever wrote it (a view of uint8, a file, `a.data`):
// operands are read as truth, and results are 0 or 1. So `and` is no product of bits, and 255 equals 1.

/** Sixteen bytes as 0 or 1: one instruction. */
@inline export function truths(v: v128): v128 { return i8x16.min_u(v, i8x16.splat(1)); }
@inline function falsehoods(v: v128): v128 { return i8x16.eq(v, i8x16.splat(0)); }
@inline function bit(is: bool): u8 { return is as u8; }

@unmanaged export class TrueAnd {
  @inline of<T>(x: T, y: T): T { return bit(x != 0 && y != 0) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return truths(i8x16.min_u(x, y)); }
}
@unmanaged export class TrueOr {
  @inline of<T>(x: T, y: T): T { return bit((x | y) != 0) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return truths(v128.or(x, y)); }
}
@unmanaged export class TrueXor {
  @inline of<T>(x: T, y: T): T { return bit((x != 0) != (y != 0)) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.xor(truths(x), truths(y)); }
}
@unmanaged export class TrueEqual {
  @inline of<T>(x: T, y: T): T { return bit((x != 0) == (y != 0)) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return truths(i8x16.eq(truths(x), truths(y))); }
}
@unmanaged export class TrueLess {
  @inline of<T>(x: T, y: T): T { return bit(x == 0 && y != 0) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.and(truths(y), falsehoods(x)); }
}
@unmanaged export class TrueLessEqual {
  @inline of<T>(x: T, y: T): T { return bit(x == 0 || y != 0) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return truths(v128.or(falsehoods(x), y)); }
}
@unmanaged export class TrueGreater {
  @inline of<T>(x: T, y: T): T { return bit(x != 0 && y == 0) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return v128.and(truths(x), falsehoods(y)); }
}
@unmanaged export class TrueGreaterEqual {
  @inline of<T>(x: T, y: T): T { return bit(x != 0 || y == 0) as T; }
  @inline lanes<T>(x: v128, y: v128): v128 { return truths(v128.or(x, falsehoods(y))); }
}
@unmanaged export class TrueClip {
  @inline of<T>(x: T, low: T, high: T): T { return bit((x | low) != 0 && high != 0) as T; }
  @inline lanes<T>(x: v128, low: v128, high: v128): v128 { return truths(i8x16.min_u(v128.or(x, low), high)); }
}
@unmanaged export class TrueNot {
  @inline of<T>(x: T): T { return bit(x == 0) as T; }
  @inline lanes<T>(x: v128): v128 { return truths(falsehoods(x)); }
}
@unmanaged export class TrueSelf {
  @inline of<T>(x: T): T { return bit(x != 0) as T; }
  @inline lanes<T>(x: v128): v128 { return truths(x); }
}
