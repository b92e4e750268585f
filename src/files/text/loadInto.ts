import { addressOf, close, open } from "../../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf, viewOf, writable } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type Casting, canCast, cannotCast, type DType, dtypes } from "../../base/dtype.js";
import { ArgumentError, ShapeError, ValueError } from "../../base/errors.js";
import { rowMajor, sameShape, shapeText } from "../../base/layout.js";
import { shown } from "../../base/shown.js";
import { memory } from "../../core/instance.js";
import { begin, operand, transfer } from "../../loops/walk.js";
import { blocks, pullHeader, refuseShort, swap } from "../npyData.js";
import type { Header } from "../npyHeader.js";
import { joined, openSource, type Pull, pullOf, type Source, sourceOf } from "../source.js";
import { isArchive, membersOf, openMember } from "../zip.js";
import {
  type Converters,
  checkConverters,
  DIALECT,
  type DialectOptions,
  dialectOf,
  pickedOf,
  usecolsOf,
} from "./options.js";
import { checkText, isLateText, type LateTextSource, latePieces, nameOf, piecesOf, type TextSource } from "./pieces.js";
import { Rows } from "./rows.js";
import { Scanner } from "./scanner.js";

/** What `loadInto` takes: of text what `loadtxt` takes. */
export interface LoadIntoOptions extends DialectOptions {
  /** The array of an archive, where it has several. */
  name?: string;
  /** Which casts from the dtype of a .npy file are allowed: `same_kind`. */
  casting?: Casting;
  skiprows?: number;
  usecols?: number | readonly number[] | null;
  converters?: Converters | null;
}

const LOAD_INTO = takes("loadInto(a, source)", {
  ...DIALECT,
  name: "string",
  casting: "casting",
  skiprows: "size",
  usecols: "anything",
  converters: "anything",
});

/**
 * Fills an array that is there from a .npy or .npz file or a text, by what its first bytes are. Memory is the array's: what
 * has its dtype and order is read straight to where it lies, anything else in pieces of 32 KiB. A `Blob`, a `Response` or a
 * stream gives a promise; what is no text is collected first. The shape must be the array's. Errors: those of `load` and `loadtxt`, a `ShapeError` for another
 * shape, a `DTypeError` for a cast that is not allowed; what was read before an error in the data stays written.
 *
 * @example
 * const a = zeros([2, 2]);
 * loadInto(a, { text: "1 2\n3 4" });
 * a.tolist() // 1,2,3,4
 */
export function loadInto(a: NDArray<DType>, source: TextSource, options?: LoadIntoOptions): void;
export function loadInto(a: NDArray<DType>, source: LateTextSource, options?: LoadIntoOptions): Promise<void>;
export function loadInto(
  a: NDArray<DType>,
  source: TextSource | LateTextSource,
  options?: LoadIntoOptions,
): void | Promise<void> {
  const read = LOAD_INTO.read(options, arguments.length);
  writable(a, "output array");
  checkText(source, "loadInto");
  checkConverters(read.converters);
  const text = new TextInto(a, nameOf(source), read);
  if (isLateText(source)) return late(a, source, text, read);
  if (!isBinary(source, text)) return binary(a, source, read);
  text.close();
}

// Whether the source was a text, which is read then.
function isBinary(source: TextSource, text: TextInto): boolean {
  let fresh = true;
  for (const piece of piecesOf(source, "loadInto")) {
    if (fresh && isFile(piece)) return false;
    fresh = false;
    text.feed(piece);
  }
  return true;
}

// The first bytes of .npy files and of archives, which no text begins with.
function isFile(bytes: Uint8Array): boolean {
  return isArchive(sourceOf(bytes, "")) || (bytes[0] === 0x93 && bytes[1] === 0x4e);
}

async function late(a: NDArray<DType>, source: LateTextSource, text: TextInto, read: LoadIntoOptions): Promise<void> {
  const pieces: Uint8Array[] = [];
  let kind: "file" | "text" | null = null;
  for await (const piece of latePieces(source, "loadInto")) {
    writable(a, "output array"); // whoever waited may have disposed it
    kind ??= isFile(piece) ? "file" : "text";
    if (kind === "file") pieces.push(piece.slice());
    else text.feed(piece);
  }
  if (kind === "file") binary(a, joined(pieces), read);
  else text.close();
}

function binary(a: NDArray<DType>, from: TextSource, read: LoadIntoOptions): void {
  using source = openSource(from, "loadInto", "a .npy or .npz file");
  if (!isArchive(source)) return npyInto(a, pullOf(source), source.size, read.casting);
  const { member, size } = memberOf(source, read.name);
  npyInto(a, member.pull, size, read.casting);
  member.finish();
}

function memberOf(source: Source, name: string | undefined): { member: ReturnType<typeof openMember>; size: number } {
  const members = membersOf(source),
    names = members.map((member) => member.name.replace(/\.npy$/, "")),
    at = name === undefined && members.length === 1 ? 0 : names.indexOf(name ?? "");
  if (name === undefined && at < 0)
    throw new ArgumentError(
      `${source.name} has ${members.length} arrays (${names.slice(0, 10).join(", ")}): pass name`,
    );
  if (at < 0)
    throw new ValueError(`${source.name} has no array ${shown(name)}: there are ${names.slice(0, 10).join(", ")}`);
  return { member: openMember(source, members[at]), size: members[at].size };
}

function npyInto(a: NDArray<DType>, pull: Pull, total: number, casting: Casting = "same_kind"): void {
  const header = pullHeader(pull, total),
    { descr, shape, fortran, swapped } = header;
  if (!sameShape(shapeOf(a), shape))
    throw new ShapeError(
      `could not broadcast input array from shape ${shapeText(shape)} into shape ${shapeText(shapeOf(a))}`,
    );
  if (!canCast(descr.name, a.dtype, casting)) throw cannotCast(descr.name, a.dtype, casting);
  using work = new Temporaries("loadInto");
  const address = open(a);
  // In Fortran order elements lie as those of the transposed array do in row-major order.
  const to = fortran ? work.use(viewOf(a, a.descr, [...shape].reverse(), [...stridesOf(a)].reverse(), a.offset)) : a;
  if (to.contiguous && descr === to.descr) {
    const got = pull(new Uint8Array(memory.buffer, address, to.nbytes));
    if (got < to.nbytes) refuseShort(got, header);
    if (swapped) swap(descr, address, to.nbytes);
  } else inBlocks(to, pull, header, work);
  close("loadInto", [], a);
}

// What is cast, or goes to places that are no single run.
function inBlocks(to: NDArray<DType>, pull: Pull, header: Header, work: Temporaries): void {
  const { descr, swapped } = header;
  let piece: NDArray | null = null,
    done = 0;
  for (const { offset, shape, strides, nbytes } of blocks(to, descr.itemsize)) {
    piece ??= work.use(make([nbytes], dtypes.uint8, "loadInto", "host-boundary"));
    const at = piece.buffer.pointer,
      got = pull(new Uint8Array(memory.buffer, at, nbytes));
    done += got;
    if (got < nbytes) refuseShort(done, header);
    if (swapped) swap(descr, at, nbytes);
    begin(shape);
    operand(addressOf(to) + offset, strides, to.descr.code);
    operand(at, rowMajor(shape, descr.itemsize), descr.code);
    transfer();
  }
}

/** An array that is filled from a text. */
class TextInto {
  readonly #a: NDArray<DType>;
  readonly #scanner: Scanner;
  readonly #options: LoadIntoOptions;
  readonly #usecols: readonly number[] | null;
  #target: Rows | null = null;
  #rows = 0;
  #columns = 0;
  #skip: number;

  constructor(a: NDArray<DType>, name: string, options: LoadIntoOptions) {
    this.#a = a;
    this.#scanner = new Scanner(dialectOf(options), { op: "loadInto", name });
    this.#options = options;
    this.#usecols = usecolsOf(options.usecols);
    this.#skip = options.skiprows ?? 0;
  }

  /** Reads a piece. */
  feed(piece: Uint8Array): void {
    this.#scanner.window.add(piece);
    this.#read();
  }

  #read(): void {
    const scanner = this.#scanner;
    this.#skip = scanner.skipLines(this.#skip);
    if (this.#skip > 0 || (this.#target === null && !this.#begin())) return;
    if (scanner.scan(this.#target!, this.#rows) === "full" && scanner.more())
      throw this.#unfit(`more than ${this.#rows} rows`);
  }

  // Learns from the first record how many columns there are, and where they go.
  #begin(): boolean {
    const a = this.#a,
      scanner = this.#scanner,
      record = scanner.peek();
    if (record === null) return false;
    const picked = pickedOf(this.#usecols, this.#options.converters, record.fields),
      columns = picked.from?.length ?? picked.fields,
      [first = 1, second = 1] = shapeOf(a),
      [step = 0, inner = 0] = stridesOf(a);
    // One axis is a column, or a row.
    const isRow = a.ndim === 1 && columns > 1;
    this.#columns = columns;
    this.#rows = isRow ? 1 : first;
    if (a.ndim > 2 || columns !== (isRow ? first : second)) throw this.#unfit(`rows of ${columns} columns`);
    if (this.#rows === 0) throw this.#unfit("rows");
    const [row, column] = isRow ? [0, step] : [step, inner];
    // A step of 0 stands for columns that are told one by one.
    this.#target = new Rows(scanner, a.descr, picked, () => [open(a), row, column === 0 ? a.itemsize : column]);
    return true;
  }

  #unfit(what: string): ShapeError {
    return new ShapeError(
      `could not broadcast input array from ${what} into shape ${shapeText(shapeOf(this.#a))}: ${this.#scanner.where.name}`,
    );
  }

  /** Says that the text has ended. */
  close(): void {
    this.#scanner.window.end();
    this.#read();
    const { row } = this.#scanner;
    if (row < (this.#target === null ? Math.sign(this.#a.size) : this.#rows))
      throw this.#unfit(`${row} rows of ${this.#columns} columns`);
    close("loadInto", [], this.#a);
  }
}
