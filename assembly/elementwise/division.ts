// Division as Python defines it: the remainder has the divisor's sign. Integers divided by zero give 0, and the one
// overflow (minimum / -1, a trap in WASM) wraps.
@inline export function floorDivided<T>(x: T, y: T): T {
  if (isInteger<T>()) {
    if (y == 0) return 0 as T;
    if (isSigned<T>()) {
      if (y == -1) return (0 - x) as T;
      const q = (x / y) as T;
      return (x % y != 0 && (x < 0) != (y < 0) ? q - 1 : q) as T;
    }
    return (x / y) as T;
  }
  if (y == 0) return (x / y) as T;
  let m = (x % y) as T, q = ((x - m) / y) as T;
  if (m != 0 && (y < 0) != (m < 0)) q = (q - 1) as T;
  if (q == 0) return copysign<T>(0 as T, (x / y) as T);
  const f = floor<T>(q);
  return (q - f > 0.5 ? f + 1 : f) as T;
}

@inline export function remainderOf<T>(x: T, y: T): T {
  if (isInteger<T>()) {
    if (y == 0) return 0 as T;
    if (isSigned<T>()) {
      if (y == -1) return 0 as T;
      const m = (x % y) as T;
      return (m != 0 && (m < 0) != (y < 0) ? m + y : m) as T;
    }
    return (x % y) as T;
  }
  const m = (x % y) as T;
  if (y == 0) return m;
  if (m == 0) return copysign<T>(0 as T, y);
  return ((y < 0) != (m < 0) ? m + y : m) as T;
}
