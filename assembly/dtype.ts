import { Half } from "./half";

/** The dtype codes, in the order of the table in src/base/dtype.ts; a test holds the two equal. */
export const enum DType {
  bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64, complex64, complex128,
}

// The only dtype switches of the core. A Task is a Box with a generic method `run<T>()`; float16 has no arithmetic
// of its own: src/ hands its elements over as float32, tile by tile.

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

// complex64 and complex128: 16 bytes hold two of the one or one of the other.
@inline export function forComplex<Task>(dtype: DType, box: usize): void {
  const task = changetype<Task>(box);
  if (dtype == DType.complex64) return task.runComplex<f32>();
  return task.runComplex<f64>();
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
