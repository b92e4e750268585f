import { type ArrayLike, bytesOf, copyAs, toArray } from "./convert.js";
import { type Descr, type DType, descrOf, dtypes } from "./dtype.js";
import { ValueError } from "./errors.js";
import { textOf } from "./host.js";
import { shapeText, sizeOfShape } from "./layout.js";
import { drop, make, type NDArray, rawData, viewOf } from "./ndarray.js";

// The .npy format, version 1.0 (NumPy enhancement proposal 1):
//
//   \x93NUMPY  01 00  length, 2 bytes  {'descr': '<f8', 'fortran_order': False, 'shape': (3,), }  blanks  \n  data
//   └──────────────── a multiple of 64 bytes ───────────────────────────────────────────────────────────┘
//
// Engine memory is little-endian, so the data is what lies in memory.

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy's name of a dtype in files: byte order, kind, bytes. */
function typeCode({ kind, itemsize }: Descr): string {
  return `${itemsize === 1 ? "|" : "<"}${kind}${itemsize}`;
}

const byTypeCode = new Map(Object.values(dtypes).map((row) => [typeCode(row), row.name as DType]));

/** The bytes of a .npy file with the array: a header of a multiple of 64 bytes, then the elements in row-major order. */
export function save(a: ArrayLike): Uint8Array<ArrayBuffer> {
  const [x, made] = toArray(a, "save");
  const packed = x.contiguous ? x : copyAs(x, x.dtype, "save", "contiguous-kernel");
  try {
    const header = headerOf(x),
      bytes = new Uint8Array(header.length + x.nbytes);
    bytes.set(header);
    bytes.set(bytesOf(packed), header.length);
    return bytes;
  } finally {
    if (packed !== x) drop(packed, "operation");
    if (made) drop(x, "operation");
  }
}

function headerOf(x: NDArray<DType>): Uint8Array {
  const shape = x.ndim === 1 ? `(${x.shape[0]},)` : `(${x.shape.join(", ")})`;
  const text = `{'descr': '${typeCode(x.descr)}', 'fortran_order': False, 'shape': ${shape}, }`;
  // NumPy leaves room for the first axis to grow to 21 digits, and so does this.
  const spare = x.ndim === 0 ? 0 : 21 - String(x.shape[0]).length,
    unpadded = 10 + text.length + spare + 1;
  const length = Math.ceil(unpadded / 64) * 64 - 10;
  const head = new Uint8Array(10 + length).fill(0x20);
  head.set([...MAGIC, 1, 0, length & 255, length >> 8]);
  head.set(
    Uint8Array.from(text, (c) => c.charCodeAt(0)),
    10,
  );
  head[head.length - 1] = 0x0a;
  return head;
}

/**
 * Reads an array from the bytes of a .npy file, versions 1 to 3, little-endian, any of the fourteen dtypes. Returns a
 * copy; files in Fortran order give an array whose first axis varies fastest, as in NumPy.
 */
export function load(bytes: Uint8Array): NDArray<DType> {
  const { dtype, fortran, shape, start } = readHeader(bytes),
    descr = descrOf(dtype),
    size = sizeOfShape(shape);
  if (bytes.length - start < size * descr.itemsize) {
    throw new ValueError(
      `cannot reshape array of size ${Math.floor((bytes.length - start) / descr.itemsize)} into shape ${shapeText(shape)}`,
    );
  }
  const out = make(fortran ? [...shape].reverse() : shape, descr, "load", "host-boundary");
  const data = rawData(out),
    target = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  target.set(bytes.subarray(start, start + target.length));
  if (!fortran || shape.length < 2) return out;
  const turned = viewOf(out, descr, shape, [...out.strides].reverse(), 0);
  drop(out, "operation");
  return turned;
}

interface Header {
  readonly dtype: DType;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly start: number;
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < 12 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new ValueError("the magic string is not correct: these are no bytes of a .npy file");
  }
  const wide = bytes[6] >= 2,
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = wide ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  const text = textOf(bytes.subarray(wide ? 12 : 10, start));
  const code = /'descr': '([^']+)'/.exec(text)?.[1],
    fortran = /'fortran_order': (True|False)/.exec(text)?.[1];
  const shape = /'shape': \(([\d, ]*)\)/.exec(text)?.[1];
  if (code === undefined || fortran === undefined || shape === undefined)
    throw new ValueError(`Cannot parse header: ${text.trim()}`);
  const dtype = byTypeCode.get(code) ?? byTypeCode.get(`|${code.slice(1)}`);
  if (dtype === undefined) throw new ValueError(`descr is not a dtype this engine has: '${code}'`);
  return {
    dtype,
    fortran: fortran === "True",
    shape: shape
      .split(",")
      .filter((n) => n.trim() !== "")
      .map(Number),
    start,
  };
}
