import { addressOf } from "../array/destination.js";
import { live, make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { Temporaries } from "../array/temporaries.js";
import { type Descr, type DType, partDescr } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { rowMajor, shapeText, sizeOfShape } from "../base/layout.js";
import { AREA, area, CALL, packOut, packX, runBox, setBox, setOut, setX } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { core, memory } from "../core/instance.js";
import { begin, operand, transfer } from "../loops/walk.js";
import { type Header, headerOf, PREFIX, readHeader } from "./npyHeader.js";
import { CHUNK, joined, type Pull } from "./source.js";

// The elements of .npy files. Engine memory is little-endian, so a contiguous array is written as it lies in memory and
// read to where it will lie; what is not contiguous, and bools, whose bytes may be any, go through a tile of scratch.

/** The bytes of the .npy file of an array. */
export function npySize(x: NDArray<DType>): number {
  return headerOf(x.descr, shapeOf(x)).length + x.nbytes;
}

/** Pieces of engine memory that are written at once may be long: they cost no memory, and fewer calls of the system. */
export const RUN = 2 ** 23;

/** The .npy file of an array in pieces of at most `most` bytes, each good until the next is asked for. */
export function* npyPieces(x: NDArray<DType>, most = CHUNK): Generator<Uint8Array, void, void> {
  yield headerOf(x.descr, shapeOf(x));
  yield* dataPieces(x, most);
}

/** The bytes of an array's elements in row-major order, in pieces of the same kind. */
export function* dataPieces(x: NDArray<DType>, most = CHUNK): Generator<Uint8Array, void, void> {
  if (x.size === 0) return;
  if (x.contiguous && x.dtype !== "bool") yield* runs(x, most);
  else yield* tiles(x, Math.min(most, x.dtype === "bool" ? CALL : 4 * AREA));
}

function* runs(x: NDArray<DType>, most: number): Generator<Uint8Array, void, void> {
  for (let at = 0; at < x.nbytes; at += most) {
    // Whoever took the last piece may have let the array end, or memory move.
    live(x);
    yield new Uint8Array(memory.buffer, addressOf(x) + at, Math.min(most, x.nbytes - at));
  }
}

function* tiles(x: NDArray<DType>, room: number): Generator<Uint8Array, void, void> {
  for (const { offset, shape, strides, nbytes } of blocks(x, x.descr.itemsize, room)) {
    live(x);
    pack(x, offset, shape, strides);
    yield new Uint8Array(memory.buffer, area(0), nbytes);
  }
}

/** A part of an array, from `offset` bytes behind its first element on. */
interface Block {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** The bytes of its elements in a file. */
  readonly nbytes: number;
}

/**
 * An array in blocks of as many whole rows as `room` bytes hold, in row-major order, elements of so many bytes in the file.
 * The first block is the largest.
 */
export function* blocks(x: NDArray<DType>, itemsize: number, room = AREA): Generator<Block, void, void> {
  if (x.size === 0) return;
  const shape = shapeOf(x).length === 0 ? [1] : shapeOf(x),
    strides = shapeOf(x).length === 0 ? [0] : stridesOf(x);
  // `axis` is the one that is cut; those before it are gone through one by one.
  let axis = shape.length - 1,
    row = itemsize;
  while (axis > 0 && row * shape[axis] <= room) row *= shape[axis--];
  const most = Math.floor(room / row),
    index = new Array<number>(axis).fill(0);
  do {
    const outer = index.reduce((sum, i, k) => sum + i * strides[k], 0);
    for (let i = 0; i < shape[axis]; i += most) {
      const rows = Math.min(most, shape[axis] - i);
      yield {
        offset: outer + i * strides[axis],
        shape: [rows, ...shape.slice(axis + 1)],
        strides: strides.slice(axis),
        nbytes: rows * row,
      };
    }
  } while (next(index, shape));
}

// The next index of the outer axes, in row-major order; false behind the last.
function next(index: number[], shape: readonly number[]): boolean {
  for (let k = index.length - 1; k >= 0; k--) {
    if (++index[k] < shape[k]) return true;
    index[k] = 0;
  }
  return false;
}

function pack(x: NDArray<DType>, offset: number, shape: readonly number[], strides: readonly number[]): void {
  const { code, itemsize } = x.descr;
  begin(shape);
  operand(area(0), rowMajor(shape, itemsize), code);
  operand(addressOf(x) + offset, strides, code);
  transfer();
  if (x.dtype !== "bool") return;
  setBox(1, sizeOfShape(shape));
  packOut(area(0), 1);
  packX(area(0), 1);
  cast(code, code);
}

/** Reads the header of a file of `total` bytes. Errors: those of a header, and too few elements behind it. */
export function pullHeader(pull: Pull, total: number): Header {
  const prefix = new Uint8Array(12),
    short = prefix.subarray(0, pull(prefix.subarray(0, 10)));
  // Where the length of the header stands, and how long that is, the version says.
  const wide = short.length === 10 && short[6] >= 2,
    fixed = wide ? prefix.subarray(0, 10 + pull(prefix.subarray(10))) : short;
  const view = new DataView(prefix.buffer),
    length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const rest = new Uint8Array(fixed.length < 10 ? 0 : Math.min(length, PREFIX, Math.max(total - fixed.length, 0))),
    header = readHeader(joined([fixed, rest.subarray(0, pull(rest))]), total);
  refuseShort(total - header.start, header);
  return header;
}

/** Reads an array from a file of `total` bytes, straight to where it lies; `finish` may refuse the file at its end. */
export function pullNpy(pull: Pull, total: number, op: string, finish?: () => void): NDArray<DType> {
  const header = pullHeader(pull, total);
  using work = new Temporaries(op);
  const out = work.use(emptyFor(header, op)),
    got = pull(new Uint8Array(memory.buffer, out.buffer.pointer, out.nbytes));
  if (got < out.nbytes) refuseShort(got, header);
  finish?.();
  return finished(header, out, work);
}

/** Reads an array from pieces that come one after the other. */
export async function collectNpy(
  prefix: Uint8Array,
  ended: boolean,
  pieces: AsyncIterator<Uint8Array>,
  op: string,
  size = Number.POSITIVE_INFINITY,
): Promise<NDArray<DType>> {
  const total = ended ? prefix.length : size,
    header = readHeader(prefix, total);
  refuseShort(total - header.start, header);
  using work = new Temporaries(op);
  const out = work.use(emptyFor(header, op));
  let piece = prefix.subarray(header.start),
    done = 0;
  for (;;) {
    live(out);
    const part = piece.subarray(0, out.nbytes - done);
    new Uint8Array(memory.buffer, out.buffer.pointer + done, part.length).set(part);
    done += part.length;
    if (done === out.nbytes) break;
    const { done: last, value } = await pieces.next();
    if (last === true) refuseShort(done, header);
    piece = value as Uint8Array; // there is one, for it was not the last
  }
  return finished(header, out, work);
}

/** Refuses a file of fewer bytes of elements than its header says. */
export function refuseShort(have: number, { descr: { itemsize }, shape }: Header): void {
  const size = sizeOfShape(shape);
  if (have < size * itemsize)
    throw new ValueError(
      `cannot reshape array of size ${Math.floor(have / itemsize)} into shape ${shapeText(shape)}: the file ends after ${have} of ${size * itemsize} bytes of data`,
    );
}

// In Fortran order elements lie as those of the reversed shape do in row-major order.
function emptyFor({ descr, fortran, shape }: Header, op: string): NDArray<DType> {
  return make(fortran ? [...shape].reverse() : shape, descr, op, "host-boundary");
}

function finished(header: Header, out: NDArray<DType>, work: Temporaries): NDArray<DType> {
  if (header.swapped) swapBytes(out);
  return inOrderOf(header, out, work);
}

/** Elements as they lie in a file, as the array that they are; `out` may be one of the block's. */
export function inOrderOf(
  { fortran, shape }: Pick<Header, "fortran" | "shape">,
  out: NDArray<DType>,
  work: Temporaries,
): NDArray<DType> {
  if (fortran && shape.length > 1) return viewOf(out, out.descr, shape, [...stridesOf(out)].reverse(), 0);
  return work.release(out);
}

/** Turns the bytes of the elements of a contiguous array round where they lie. */
export function swapBytes(out: NDArray<DType>): void {
  swap(out.descr, out.buffer.pointer, out.nbytes);
}

/** Turns the bytes of elements round: by tiles, byte after byte of all elements. Parts of complex numbers turn alone. */
export function swap(descr: Descr, address: number, nbytes: number): void {
  const width = partDescr(descr).itemsize;
  for (let done = 0; done < nbytes; done += AREA) {
    const n = Math.min(AREA, nbytes - done),
      at = address + done;
    new Uint8Array(memory.buffer).copyWithin(area(0), at, at + n);
    setBox(width, n / width);
    setOut(at, 1, width);
    setX(area(0) + width - 1, -1, width);
    runBox(core.copy, 1);
  }
}
