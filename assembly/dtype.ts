import { Half } from "./half";

/** The dtype codes, in the order of the table in src/base/dtype.ts; a test holds the two equal. */
export const enum DType {
  bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, complex64, complex128,
}

// Two loops that are no dtypes: int64 compared with uint64, and the other way round, exactly.
const INT64_UINT64: DType = DType.complex128 + 1, UINT64_INT64: DType = DType.complex128 + 2;

// The only dtype switches of the core. A Task is a Box with a generic method `run<T>()`, and `runComplex<F>()` where it has
// a loop for complex numbers; float16 has no arithmetic of its own: src/ hands its elements over as float32, tile by tile.

// The eight integer dtypes. A bool is a byte here, of any value: who cares for its truth asks for bools first.
@inline export function forInteger<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  switch (dtype) {
    case DType.int8: return task.run<i8>();
    case DType.int16: return task.run<i16>();
    case DType.int32: return task.run<i32>();
    case DType.int64: return task.run<i64>();
    case DType.bool: case DType.uint8: return task.run<u8>();
    case DType.uint16: return task.run<u16>();
    case DType.uint32: return task.run<u32>();
    case DType.uint64: return task.run<u64>();
  }
}

// float32 and float64.
@inline export function forFloat<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  if (dtype == DType.float32) return task.run<f32>();
  return task.run<f64>();
}

// Integers and floats.
@inline export function forReal<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  switch (dtype) {
    case DType.float32: return task.run<f32>();
    case DType.float64: return task.run<f64>();
    default: return forInteger<Task>(dtype, box);
  }
}

// Integers whose loop does not see the sign share it: int8 runs as uint8, and so on.
@inline export function forBits<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  switch (dtype) {
    case DType.bool: case DType.int8: case DType.uint8: return task.run<u8>();
    case DType.int16: case DType.uint16: return task.run<u16>();
    case DType.int32: case DType.uint32: return task.run<u32>();
    case DType.int64: case DType.uint64: return task.run<u64>();
  }
}

// Wrapping arithmetic: integers by their bits, and floats.
@inline export function forWrapping<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  switch (dtype) {
    case DType.float32: return task.run<f32>();
    case DType.float64: return task.run<f64>();
    default: return forBits<Task>(dtype, box);
  }
}

@inline export function isComplex(dtype: DType): bool { return dtype >= DType.complex64; }

// complex64 and complex128: 16 bytes hold two of the one or one of the other.
@inline export function forComplex<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  if (dtype == DType.complex64) return task.runComplex<f32>();
  return task.runComplex<f64>();
}

// Integers, floats and complex numbers.
@inline export function forNumber<Task>(dtype: DType, box: usize): void {
  if (dtype >= DType.complex64) forComplex<Task>(dtype, box);
  else forReal<Task>(dtype, box);
}

// The same for wrapping arithmetic.
@inline export function forWrappingNumber<Task>(dtype: DType, box: usize): void {
  if (dtype >= DType.complex64) forComplex<Task>(dtype, box);
  else forWrapping<Task>(dtype, box);
}

// Floats and complex numbers.
@inline export function forInexact<Task>(dtype: DType, box: usize): void {
  if (dtype >= DType.complex64) forComplex<Task>(dtype, box);
  else forFloat<Task>(dtype, box);
}

// Where an operation cares for the truth of bools, it has a second task, `True`, for them: see truth.ts.
@inline function forTrue<True>(box: usize): void { changetype<True>(box).run<u8>(); }

@inline export function forBitsOrTrue<Task, True>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) forTrue<True>(box);
  else forBits<Task>(dtype, box);
}
@inline export function forRealOrTrue<Task, True>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) forTrue<True>(box);
  else forReal<Task>(dtype, box);
}
@inline export function forNumberOrTrue<Task, True>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) forTrue<True>(box);
  else forNumber<Task>(dtype, box);
}
@inline export function forWrappingOrTrue<Task, True>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) forTrue<True>(box);
  else forWrappingNumber<Task>(dtype, box);
}

// Comparisons, whose task has a loop of two types, `walk<T, U>()`: in order, and for equality.
@inline export function forCompared<Task, True>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) forTrue<True>(box);
  else if (dtype == INT64_UINT64) changetype<Task>(box).walk<i64, u64>();
  else if (dtype == UINT64_INT64) changetype<Task>(box).walk<u64, i64>();
  else forNumber<Task>(dtype, box);
}
@inline export function forEquality<Task, True>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) forTrue<True>(box);
  else if (dtype == INT64_UINT64) changetype<Task>(box).walk<i64, u64>();
  else if (dtype == UINT64_INT64) changetype<Task>(box).walk<u64, i64>();
  else forWrappingNumber<Task>(dtype, box);
}

// Floats, and float16 by its bits: what float32 cannot do for it.
@inline export function forFloatOrHalf<Task, HalfTask>(dtype: DType, box: usize): void {
  if (dtype == DType.float16) changetype<HalfTask>(box).run<u16>();
  else forFloat<Task>(dtype, box);
}

@inline export function forInexactOrHalf<Task>(dtype: DType, box: usize): void {
  if (dtype == DType.float16) changetype<Task>(box).run<Half>();
  else forInexact<Task>(dtype, box);
}

// Real dtypes as they are stored: `bool` and `Half` are types of their own.
@inline export function forStored<Task>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) return changetype<Task>(box).run<bool>();
  if (dtype == DType.float16) return changetype<Task>(box).run<Half>();
  forReal<Task>(dtype, box);
}
@inline export function forStoredBits<Task>(dtype: DType, box: usize): void {
  if (dtype == DType.bool) return changetype<Task>(box).run<bool>();
  if (dtype == DType.float16) return changetype<Task>(box).run<Half>();
  forWrapping<Task>(dtype, box);
}

// What only moves elements switches on the width: 1, 2, 4, 8 or 16; 0 stands for bools, a byte each.
@inline export function forWidth<Task>(width: i32, box: usize): void {
  const task = changetype<Task>(box);
  switch (width) {
    case 0: return task.run<bool>();
    case 1: return task.run<u8>();
    case 2: return task.run<u16>();
    case 4: return task.run<u32>();
    case 8: return task.run<u64>();
    default: return task.run<v128>();
  }
}

// All fourteen, told apart: float16 is a `Half`, bools are a type of their own, complex numbers are named by their parts.
@inline export function forEvery<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  switch (dtype) {
    case DType.bool: return task.run<bool>();
    case DType.float16: return task.run<Half>();
    case DType.complex64: return task.runComplex<f32>();
    case DType.complex128: return task.runComplex<f64>();
    default: return forReal<Task>(dtype, box);
  }
}
