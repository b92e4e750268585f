import { type ArrayLike, bytesOf } from "../array/convert.js";
import { blobOf } from "../array/lists.js";
import { make, NDArray, refuseStranger, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type Descr, type DType, partDescr } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { textOf, utf8Of } from "../base/host.js";
import { checkShape, shapeText, sizeOfShape } from "../base/layout.js";
import { type Literal, literalOf } from "../base/literal.js";
import { plain } from "../base/plain.js";
import { shown } from "../base/shown.js";
import { AREA, area, runBox, setBox, setOut, setX } from "../core/box.js";
import { core, memory } from "../core/instance.js";
import { dtypeOfHeader, typeCode } from "./npyDType.js";

// The .npy format, version 1.0 (NumPy enhancement proposal 1):
//
//   \x93NUMPY  01 00  length, 2 bytes  {'descr': '<f8', 'fortran_order': False, 'shape': (3,), }  blanks  \n  data
//   └──────────────── a multiple of 64 bytes ───────────────────────────────────────────────────────────┘
//
// Engine memory is little-endian, so the data is what lies in memory.

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const SAVE = takes("save(a)"),
  LOAD = takes("load(bytes)");

/** Bytes as files, sockets and requests give them. */
export type BytesLike = ArrayBufferLike | ArrayBufferView;

/** The bytes of a .npy file with the array: a header of a multiple of 64 bytes, then the elements in row-major order. */
export function save(a: ArrayLike): Uint8Array<ArrayBuffer> {
  SAVE.count(arguments.length);
  using work = new Temporaries("save");
  const x = work.array(a),
    packed = x.contiguous ? x : work.copy(x, "contiguous-kernel");
  const header = headerOf(x),
    bytes = new Uint8Array(header.length + x.nbytes);
  bytes.set(header);
  bytes.set(bytesOf(packed), header.length);
  return bytes;
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
 * Reads an array from the bytes of a .npy file: versions 1 to 3, any of the fourteen dtypes in either byte order, from
 * an `ArrayBuffer`, a `SharedArrayBuffer`, a typed array or a `DataView` of any realm. Bytes behind the elements are left
 * alone. Returns a copy; files in Fortran order give an array whose first axis varies fastest, as in NumPy. Errors: a
 * `ValueError` for bytes that are no such file, or too few; a `DTypeError` for what is no bytes, and for elements that
 * this engine has no dtype for.
 */
export function load(bytes: BytesLike): NDArray<DType> {
  LOAD.count(arguments.length);
  const source = blobOf(bytes);
  if (source === null) throw noBytes(bytes);
  const { descr, swapped, fortran, shape, start } = readHeader(source.bytes()),
    size = sizeOfShape(shape);
  refuseShort(source.bytes().length - start, size, descr, shape);
  const out = make(fortran ? [...shape].reverse() : shape, descr, "load", "host-boundary");
  // Making the array may have moved engine memory, and with it the source.
  const data = source.bytes().subarray(start, start + out.nbytes);
  if (swapped) writeSwapped(data, out);
  else new Uint8Array(memory.buffer, out.buffer.pointer, out.nbytes).set(data);
  if (!fortran || shape.length < 2) return out;
  using work = new Temporaries("load");
  return viewOf(work.use(out), descr, shape, [...stridesOf(out)].reverse(), 0);
}

function noBytes(value: unknown): Error {
  if (value instanceof NDArray)
    return new DTypeError("load takes the bytes of a .npy file, not an NDArray: its bytes are in x.data");
  refuseStranger(value);
  const hint = typeof value === "string" ? ": read the file first, load(await readFile(path))" : "";
  return new DTypeError(
    `load takes the bytes of a .npy file (a Uint8Array, an ArrayBuffer), not ${shown(value)}${hint}`,
  );
}

function refuseShort(have: number, size: number, { itemsize }: Descr, shape: readonly number[]): void {
  if (have < size * itemsize)
    throw new ValueError(
      `cannot reshape array of size ${Math.floor(have / itemsize)} into shape ${shapeText(shape)}: the file ends after ${have} of ${size * itemsize} bytes of data`,
    );
}

// Elements with their bytes turned round: by tiles, byte after byte of all elements. Parts of complex numbers turn alone.
function writeSwapped(data: Uint8Array, out: NDArray<DType>): void {
  const width = partDescr(out.descr).itemsize,
    scratch = new Uint8Array(memory.buffer, area(0), AREA);
  for (let done = 0; done < data.length; done += AREA) {
    const n = Math.min(AREA, data.length - done);
    scratch.set(data.subarray(done, done + n));
    setBox(width, n / width);
    setOut(out.buffer.pointer + done, 1, width);
    setX(area(0) + width - 1, -1, width);
    runBox(core.copy, 1);
  }
}

interface Header {
  readonly descr: Descr;
  readonly swapped: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  readonly start: number;
}

// As in NumPy, longer headers are not read: it takes long, and nothing honest needs them.
const MOST_HEADER = 10000;

function readHeader(bytes: Uint8Array): Header {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw noMagic(bytes);
  const [major, minor] = [bytes[6], bytes[7]],
    wide = major >= 2,
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new ValueError(`EOF: reading magic string, expected 8 bytes got ${bytes.length}`);
  if (major < 1 || major > 3 || minor !== 0)
    throw new ValueError(`we only support format version (1,0), (2,0), and (3,0), not (${major}, ${minor})`);
  const first = wide ? 12 : 10;
  if (bytes.length < first)
    throw new ValueError(`EOF: reading array header length, expected ${first - 8} bytes got ${bytes.length - 8}`);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (bytes.length - first < length)
    throw new ValueError(`EOF: reading array header, expected ${length} bytes got ${bytes.length - first}`);
  if (length > MOST_HEADER)
    throw new ValueError(`Header info length (${length}) is large and may not be safe to load securely.`);
  // A copy: no decoder reads shared memory.
  const text = headerText(bytes.slice(first, first + length), major);
  return { ...parsed(text, major < 3), start: first + length };
}

function noMagic(bytes: Uint8Array): ValueError {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    return new ValueError("this is a zip archive (.npz), no .npy file: unpack it, and load its members one by one");
  return new ValueError("the magic string is not correct: these are no bytes of a .npy file");
}

// Latin-1 up to version 2, UTF-8 in version 3.
function headerText(bytes: Uint8Array, major: number): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  if (major < 3 || !/[\x80-\xff]/.test(text)) return text;
  const decoded = textOf(bytes),
    // Decoders put U+FFFD in the place of what is no UTF-8.
    again = utf8Of(decoded);
  if (again.length !== bytes.length || again.some((byte, i) => byte !== bytes[i]))
    throw new ValueError("Cannot parse header: its bytes are no UTF-8");
  return decoded;
}

function parsed(text: string, long: boolean): Omit<Header, "start"> {
  const header = literalOf(text, long),
    told = `'${plain(text.trim().slice(0, 200))}'`;
  if (header === undefined) throw new ValueError(`Cannot parse header: ${told}`);
  if (typeof header !== "object" || header === null || !("entries" in header) || Array.isArray(header))
    throw new ValueError(`Header is not a dictionary: ${told}`);
  const { entries } = header,
    found = new Map(entries);
  // NumPy lets the last of two entries win: which was meant nobody knows.
  if (found.size !== entries.length) throw new ValueError(`Header has a key twice: ${told}`);
  if (found.size !== 3 || !["descr", "fortran_order", "shape"].every((key) => found.has(key)))
    throw new ValueError(`Header does not contain the correct keys: ${told}`);
  const fortran = found.get("fortran_order");
  const shape = shapeOfHeader(found.get("shape")!, told);
  if (typeof fortran !== "boolean") throw new ValueError(`fortran_order is not a valid bool: ${told}`);
  return { ...dtypeOfHeader(found.get("descr")!, told), fortran, shape };
}

function shapeOfHeader(shape: Literal, told: string): readonly number[] {
  if (typeof shape !== "object" || shape === null || !("tuple" in shape))
    throw new ValueError(`shape is not valid: ${told}`);
  for (const n of shape.tuple) if (typeof n !== "bigint") throw new ValueError(`shape is not valid: ${told}`);
  return checkShape(shape.tuple.map(Number));
}
