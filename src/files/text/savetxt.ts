import type { ArrayLike } from "../../array/convert.js";
import { addressOf } from "../../array/destination.js";
import { live, type NDArray, readElement, shapeOf, stridesOf } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import { Temporaries } from "../../array/temporaries.js";
import { type DType, isInteger } from "../../base/dtype.js";
import { DTypeError, ValueError } from "../../base/errors.js";
import { textOf, utf8Of } from "../../base/host.js";
import { isList, shown } from "../../base/shown.js";
import { drain, drainLate, isLateSink, type LateSink, openSink } from "../sink.js";
import { CHUNK, joined, type PathLike, textChunks } from "../source.js";
import { type Format, formatOf, isComplexItem, written } from "./percent.js";

/** What `savetxt` takes; NumPy's names and defaults. */
export interface SavetxtOptions {
  /** How a number is written, `%.18e`; one for all, one for each column, or one text for the whole row. */
  fmt?: string | readonly string[];
  /** What stands between columns: a blank. */
  delimiter?: string;
  newline?: string;
  /** Lines before the numbers, and behind them; each begins with `comments`. */
  header?: string;
  footer?: string;
  comments?: string;
}

const SAVETXT = takes("savetxt(a, to)", {
  fmt: "anything",
  delimiter: "string",
  newline: "string",
  header: "string",
  footer: "string",
  comments: "string",
});

/**
 * Writes an array of one or two axes as text, a row a line; one axis is a column. `to` is a path, or a stream, with which
 * it returns a promise; without one the text is returned. A number needs no engine memory, and 64 KiB of text are held at
 * a time. The file appears when it is whole. Errors: a `ValueError` for another number of axes and for formats that do
 * not fit the columns; a `FileError` for a path.
 */
export function savetxt(a: ArrayLike, to?: undefined, options?: SavetxtOptions): string;
export function savetxt(a: ArrayLike, to: PathLike, options?: SavetxtOptions): void;
export function savetxt(a: ArrayLike, to: LateSink, options?: SavetxtOptions): Promise<void>;
export function savetxt(
  a: ArrayLike,
  to?: PathLike | LateSink,
  options?: SavetxtOptions,
): string | Promise<void> | undefined {
  const read = SAVETXT.read(options, arguments.length);
  if (isLateSink(to)) return late(a, to, read);
  using work = new Temporaries("savetxt");
  const pieces = piecesOf(work.array(a), read);
  if (to === undefined) return textOf(joined([...pieces()]));
  drain(pieces(), openSink(to, "savetxt"));
}

async function late(a: ArrayLike, to: LateSink, read: SavetxtOptions): Promise<void> {
  using work = new Temporaries("savetxt");
  await drainLate(piecesOf(work.array(a), read)(), to, "savetxt");
}

// Checks all before anything is written.
function piecesOf(x: NDArray<DType>, options: SavetxtOptions): () => Generator<Uint8Array, void, void> {
  if (x.ndim === 0 || x.ndim > 2) throw new ValueError(`Expected 1D or 2D array, got ${x.ndim}D array instead`);
  const row = rowFormat(x, options),
    { newline = "\n", header = "", footer = "", comments = "# " } = options;
  const around = (text: string): string =>
    text === "" ? "" : `${comments}${text.replaceAll("\n", `\n${comments}`)}${newline}`;
  return function* () {
    yield* textChunks(around(header));
    yield* rows(x, row, newline);
    yield* textChunks(around(footer));
  };
}

function* rows(x: NDArray<DType>, { texts, specs }: Format, newline: string): Generator<Uint8Array, void, void> {
  const [count, columns = 1] = shapeOf(x),
    [next, step = 0] = stridesOf(x);
  let text = "";
  for (let i = 0; i < count; i++) {
    let line = texts[0],
      k = 0;
    for (let j = 0; j < columns; j++) {
      const item = readElement(x.descr, addressOf(x) + i * next + j * step);
      for (const part of isComplexItem(item) ? [item.re, item.im] : [item]) {
        line += written(specs[k], part);
        line += texts[++k];
      }
    }
    // The sign of an imaginary part stands for the plus before it.
    text += (x.descr.kind === "c" ? line.replaceAll("+-", "-") : line) + newline;
    if (text.length < CHUNK / 4) continue;
    yield* textChunks(text);
    live(x); // whoever waited may have disposed it
    text = "";
  }
  yield utf8Of(text);
}

/** The format of a row, with as many specs as it has numbers. */
function rowFormat(x: NDArray<DType>, { fmt = "%.18e", delimiter = " " }: SavetxtOptions): Format {
  const columns = shapeOf(x)[1] ?? 1,
    complex = x.descr.kind === "c",
    one = (text: string): string => (complex && formatOf(text).specs.length === 1 ? ` (${text}+${text}j)` : text);
  if (isList(fmt)) {
    if (fmt.length !== columns)
      throw new ValueError(`fmt has wrong shape.  ${fmt.length} formats for ${columns} columns`);
    for (const text of fmt)
      if (typeof text !== "string") throw new DTypeError(`fmt is a list of strings, which ${shown(text)} is not`);
    return checked(formatOf((fmt as readonly string[]).map(one).join(delimiter)), columns * (complex ? 2 : 1), x);
  }
  if (typeof fmt !== "string") throw new DTypeError(`invalid fmt: ${shown(fmt)}`);
  const { length } = formatOf(fmt).specs;
  if (length === 1)
    return checked(formatOf(new Array(columns).fill(one(fmt)).join(delimiter)), columns * (complex ? 2 : 1), x);
  if (length !== columns * (complex ? 2 : 1)) throw new ValueError(`fmt has wrong number of % formats:  ${fmt}`);
  return formatOf(fmt);
}

function checked(format: Format, wanted: number, x: NDArray<DType>): Format {
  if (format.specs.length !== wanted) throw new ValueError("fmt has wrong number of % formats");
  const odd = format.specs.find(({ type }) => /[oxX]/.test(type));
  if (odd !== undefined && !isInteger(x.descr) && x.descr.kind !== "b")
    throw new DTypeError(`Mismatch between array dtype ('${x.dtype}') and format specifier ('%${odd.type}')`);
  return format;
}
