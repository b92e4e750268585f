import type { Descr } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { textOf, utf8Of } from "../base/host.js";
import { checkShape } from "../base/layout.js";
import { type Literal, literalOf } from "../base/literal.js";
import { plain } from "../base/plain.js";
import { dtypeOfHeader, typeCode } from "./npyDType.js";

// The .npy format, version 1.0 (NumPy enhancement proposal 1):
//
//   \x93NUMPY  01 00  length, 2 bytes  {'descr': '<f8', 'fortran_order': False, 'shape': (3,), }  blanks  \n  data
//   └──────────────── a multiple of 64 bytes ───────────────────────────────────────────────────────────┘

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** The header of elements, in row-major order or in Fortran's: version 1.0. */
export function headerOf(descr: Descr, shape: readonly number[], fortran = false): Uint8Array {
  const written = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${typeCode(descr)}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${written}, }`;
  // NumPy leaves room for the first axis to grow to 21 digits, and so does this.
  const spare = shape.length === 0 ? 0 : 21 - String(shape[0]).length,
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

/** What a header says of the elements behind it. */
export interface Header {
  readonly descr: Descr;
  readonly swapped: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

// As in NumPy, longer headers are not read: it takes long, and nothing honest needs them.
const MOST_HEADER = 10000;

/** The first bytes of a file, of which `readHeader` needs no more. */
export const PREFIX = 12 + MOST_HEADER;

/** Reads a header from the first bytes of a file that has `total` of them. */
export function readHeader(bytes: Uint8Array, total = bytes.length): Header {
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
  if (total - first < length)
    throw new ValueError(`EOF: reading array header, expected ${length} bytes got ${total - first}`);
  if (length > MOST_HEADER)
    throw new ValueError(`Header info length (${length}) is large and may not be safe to load securely.`);
  // A copy: no decoder reads shared memory.
  const text = headerText(bytes.slice(first, first + length), major);
  return { ...parsed(text, major < 3), start: first + length };
}

function noMagic(bytes: Uint8Array): ValueError {
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5)
    return new ValueError("This file contains pickled (object) data: it is a pickle, no .npy file, and is not read");
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
