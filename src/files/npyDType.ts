import { byCode, type Descr, type DType, descrOf } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import type { Literal } from "../base/literal.js";
import { shown } from "../base/shown.js";

// The dtypes of .npy files: `<f8` is byte order, kind and bytes; NumPy reads its other names too.

/** NumPy's name of a dtype in files. */
export function typeCode({ kind, itemsize }: Descr): string {
  return `${itemsize === 1 ? "|" : "<"}${kind}${itemsize}`;
}

// NumPy's letters and words, as they are on machines of 64 bits.
const OTHERS: Readonly<Record<DType, string>> = {
  bool: "? b1 bool_",
  int8: "b i1 byte",
  int16: "h i2 short",
  int32: "i i4 intc",
  int64: "l q p n i8 int int_ long longlong intp",
  uint8: "B u1 ubyte",
  uint16: "H u2 ushort",
  uint32: "I u4 uintc",
  uint64: "L Q P N u8 uint ulong ulonglong uintp",
  float16: "e f2 half",
  float32: "f f4 single",
  float64: "d f8 float double",
  complex64: "F c8 csingle",
  complex128: "D c16 complex cdouble",
};

const names = new Map<string, DType>();
for (const dtype of Object.keys(OTHERS) as DType[]) // the keys of a table of all dtypes
  for (const name of [dtype, ...OTHERS[dtype].split(" ")]) names.set(name, dtype);

/** The dtype that a header names, and whether the bytes of its elements lie the other way round. */
export function dtypeOfHeader(name: Literal, told: string): { descr: Descr; swapped: boolean } {
  if (typeof name !== "string") {
    const structured = typeof name === "object" && name !== null && !("other" in name);
    if (!structured) throw new ValueError(`descr is not a valid dtype descriptor: ${told}`);
    throw new DTypeError(`a structured dtype has no place in this engine: save each field by itself, ${told}`);
  }
  const [, order, word] = /^([<>=|]?)(.*)$/s.exec(name)!;
  // An order stands before letters only.
  const dtype = order === "" || /^([a-zA-Z?]|[biufc]\d+)$/.test(word) ? names.get(word) : undefined;
  if (dtype === undefined) throw unknown(name, word);
  const descr = descrOf(dtype);
  return { descr: byCode[descr.code], swapped: order === ">" && descr.itemsize > 1 };
}

function unknown(name: string, word: string): Error {
  const said = `descr ${shown(name)} is no dtype of this engine`;
  if (/^(O\d*|object_?)$/.test(word))
    return new ValueError("Object arrays cannot be loaded when allow_pickle=False: they hold Python objects, pickled");
  if (/^([SUaVc]\d*|str_?|bytes_?|void)$/.test(word))
    return new DTypeError(`${said}: it holds texts or raw bytes; keep them in a list of JavaScript's own`);
  if (/^[mM]8/.test(word)) return new DTypeError(`${said}: save dates as integers, x.astype("int64")`);
  if (/^(g|G|f16|c32|longdouble|clongdouble)$/.test(word))
    return new DTypeError(`${said}: long doubles have no format of their own here; save x.astype("float64")`);
  if (word.includes(",")) return new DTypeError(`${said}: a structured dtype; save each field by itself`);
  return new ValueError(`descr is not a valid dtype descriptor: ${shown(name)}`);
}
