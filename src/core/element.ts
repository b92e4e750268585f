import type { Descr } from "../base/dtype.js";
import { view } from "./instance.js";

// A single element of linear memory as a JavaScript value.

/** The element at a byte address as a JavaScript value. @internal */
export function readElement(descr: Descr, at: number): number | bigint | boolean | { re: number; im: number } {
  switch (descr.code) {
    case 0:
      return view.getUint8(at) !== 0;
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getInt16(at, true);
    case 3:
      return view.getInt32(at, true);
    case 4:
      return view.getBigInt64(at, true);
    case 5:
      return view.getUint8(at);
    case 6:
      return view.getUint16(at, true);
    case 7:
      return view.getUint32(at, true);
    case 8:
      return view.getBigUint64(at, true);
    case 9:
      return fromHalf(view.getUint16(at, true));
    case 10:
      return view.getFloat32(at, true);
    case 11:
      return view.getFloat64(at, true);
    case 12:
      return { re: view.getFloat32(at, true), im: view.getFloat32(at + 4, true) };
    default:
      return { re: view.getFloat64(at, true), im: view.getFloat64(at + 8, true) };
  }
}

/** The value of the sixteen bits of a half. @internal */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1,
    exponent = (bits >> 10) & 31,
    fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
