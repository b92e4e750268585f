import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { extname } from "node:path";
import { plain } from "../../base/plain.js";
import * as np from "../../index.js";
import { CliError } from "../frame/io.js";
import { Progress } from "../frame/progress.js";
import type { Columns, Fact, Format, Place } from "./format.js";
import { writeText } from "./writing.js";

// Tables as text: .csv, .tsv, and .txt with blanks between numbers. A file is read twice: first for what its columns are and
// how many rows it has, then into arrays of that size, so that memory holds one piece of the text and the columns.

/** What the first reading finds out. */
interface Found {
  readonly names: readonly string[];
  readonly kinds: readonly ("integer" | "number" | "text")[];
  readonly missing: readonly number[];
  readonly rows: number;
}

/** Tables as text. */
export const csv: Format = {
  endings: [".csv", ".tsv", ".txt", ".dat"],
  read: (place, rows) => watched(place, async (progress) => ({ columns: await readCsv(place, progress, rows) })),
  facts: (place) => watched(place, (progress) => factsOf(place, progress)),
  write: (place, content) => writeText(place, content, "csv"),
};

async function watched<T>({ file, path, io }: Place, act: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = new Progress(io, plain(path), statSync(file).size);
  try {
    return await act(progress);
  } finally {
    progress.end();
  }
}

// What the first reading finds out is what there is to tell.
async function factsOf({ file, path }: Place, progress: Progress): Promise<Fact[]> {
  const { names, kinds, missing, rows } = await survey(file, path, (done) => progress.at(done));
  return names.map((name, i) => ({
    name,
    dtype: { text: "text", integer: "int64", number: "float64" }[kinds[i]],
    shape: [rows],
    ...(kinds[i] === "text" ? {} : { bytes: 8 * rows }),
    ...(missing[i] > 0 ? { missing: missing[i] } : {}),
  }));
}

// The columns of a text file, or of its first `most` rows. Whole numbers are int64, others float64, what is missing NaN.
async function readCsv(
  { file: path, path: told }: Place,
  progress: Progress,
  most = Number.POSITIVE_INFINITY,
): Promise<Columns> {
  const { names, kinds, rows } = await survey(path, told, (done) => progress.at(done / 2), most);
  const size = Math.min(rows, most),
    numbers = kinds.map((kind) => (kind === "text" ? null : new Float64Array(size))),
    texts = kinds.map((): string[] => []);
  let row = 0;
  for (const { cells, done } of records(path, told, most)) {
    if (done === 0) continue;
    if (row === size) break;
    cells.forEach((cell, i) => {
      const column = numbers[i];
      if (column === null) texts[i].push(cell);
      else column[row] = numberIn(cell);
    });
    if (++row % 1000 === 0) await progress.at((progressSize(path) + done) / 2);
  }
  return Object.fromEntries(
    names.map((name, i) => {
      const column = numbers[i];
      if (column === null) return [name, texts[i]];
      const array = np.array(column);
      return [name, kinds[i] === "integer" ? integers(array) : array];
    }),
  );
}

function integers(array: np.NDArray<"float64">): np.NDArray {
  using floats = array;
  return floats.astype("int64");
}

const sizes = new Map<string, number>();
const progressSize = (path: string): number => sizes.get(path) ?? 0;

async function survey(
  path: string,
  told: string,
  at: (done: number) => Promise<void>,
  most = Number.POSITIVE_INFINITY,
): Promise<Found> {
  let names: readonly string[] = [],
    rows = 0;
  const kinds: Found["kinds"][number][] = [],
    missing: number[] = [];
  for (const { cells, done } of records(path, told, most)) {
    if (done === 0) {
      names = cells;
      for (const _ of cells) {
        kinds.push("integer");
        missing.push(0);
      }
      continue;
    }
    if (rows === most) break;
    rows++;
    cells.forEach((cell, i) => {
      if (MISSING.has(cell)) {
        missing[i]++;
        if (kinds[i] === "integer") kinds[i] = "number";
      } else if (kinds[i] !== "text") {
        const value = numberIn(cell);
        if (Number.isNaN(value)) kinds[i] = "text";
        else if (!Number.isSafeInteger(value) || /[.eE]/.test(cell)) kinds[i] = "number";
      }
    });
    if (rows % 1000 === 0) await at(done);
  }
  // Of what is only missing nobody knows; it was text.
  return { names, kinds: kinds.map((kind, i) => (missing[i] === rows ? "text" : kind)), missing, rows };
}

/** How files write that a value is missing. */
const MISSING = new Set(["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"]);

function numberIn(cell: string): number {
  if (MISSING.has(cell)) return Number.NaN;
  // Number() also reads 0x10 and 0b1, which are names of something in tables.
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(cell)) return Number(cell);
  const [, sign] = /^([+-]?)inf(?:inity)?$/i.exec(cell) ?? [];
  return sign === undefined ? Number.NaN : sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

interface TextRecord {
  readonly cells: readonly string[];
  /** Bytes read so far; 0 for the names of the columns. */
  readonly done: number;
}

// The names of the columns, and then its rows, each of as many cells.
function* records(path: string, told: string, most: number): Generator<TextRecord, void, void> {
  let width = -1,
    count = 0;
  for (const { cells, line, done } of lines(path, told)) {
    if (width < 0) {
      width = cells.length;
      const named = cells.some((cell) => Number.isNaN(numberIn(cell)) && !MISSING.has(cell));
      const names = named ? cells.map((cell, i) => cell || `column${i}`) : cells.map((_, i) => `column${i}`);
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined)
        throw new CliError(`${plain(told)}: line ${line}: two columns are called '${plain(twice)}'`);
      yield { cells: names, done: 0 };
      if (named) continue;
    }
    if (cells.length !== width)
      throw new CliError(`${plain(told)}: line ${line}: ${cells.length} fields, where the first line has ${width}`);
    yield { cells, done };
    if (++count >= most) return;
  }
}

const PIECE = 65536,
  /** No honest record is longer. */
  LONGEST = 2 ** 24;

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
  readonly done: number;
}

function* lines(path: string, told: string): Generator<Row, void, void> {
  const file = openSync(path, "r"),
    decoder = new TextDecoder("utf-8"),
    bytes = new Uint8Array(PIECE);
  sizes.set(path, fstatSync(file).size);
  try {
    let text = "",
      done = 0,
      line = 1,
      split: Split | undefined;
    for (let n = -1; n !== 0; ) {
      n = readSync(file, bytes, 0, PIECE, null);
      done += n;
      text += decoder.decode(bytes.subarray(0, n), { stream: n > 0 });
      if (n === 0 && text !== "" && !/[\r\n]$/.test(text)) text += "\n";
      split ??= splitOf(path, text);
      let at = 0;
      for (let end = split.end(text, at, n === 0); end > at; end = split.end(text, at, n === 0)) {
        const whole = text.slice(at, end);
        at = end;
        const cells = split.cells(whole.replace(/\r?\n$|\r$/, ""));
        if (cells !== null) yield { cells, line, done: Math.max(1, done) };
        line += whole.split(/\r\n|\n|\r/).length - 1;
      }
      text = text.slice(at);
      if (text.length > LONGEST) throw new CliError(`${plain(told)}: line ${line}: a quote is not closed within 16 MB`);
      if (n === 0 && text !== "") throw new CliError(`${plain(told)}: line ${line}: a quote is never closed`);
    }
  } finally {
    closeSync(file);
  }
}

interface Split {
  /** Where the record that begins at `at` ends, behind its line break; `at` if it is not all there. */
  end(text: string, at: number, last: boolean): number;
  /** The cells of a record; null for a comment or an empty line. */
  cells(record: string): readonly string[] | null;
}

function splitOf(path: string, start: string): Split {
  const ending = extname(path).toLowerCase();
  if (ending === ".txt" || ending === ".dat") return { end: endOfLine, cells: blanks };
  const [first] = start.split(/\r\n|\n|\r/, 1),
    mark = ending === ".tsv" ? "\t" : first.includes(",") || !first.includes(";") ? "," : ";";
  return { end: endOfRecord, cells: (record) => quoted(record, mark) };
}

function endOfLine(text: string, at: number, last: boolean): number {
  const end = /\r\n|\n|\r/g;
  end.lastIndex = at;
  const found = end.exec(text);
  // A \r at the end of a piece may be half of a line break.
  if (found === null || (!last && found[0] === "\r" && end.lastIndex === text.length)) return at;
  return end.lastIndex;
}

function endOfRecord(text: string, at: number, last: boolean): number {
  for (let end = endOfLine(text, at, last), from = at; end > from; from = end, end = endOfLine(text, end, last)) {
    // Inside quotes a line break is a character: quotes are in pairs where a record ends.
    let quotes = 0;
    for (let i = text.indexOf('"', at); i >= 0 && i < end; i = text.indexOf('"', i + 1)) quotes++;
    if (quotes % 2 === 0) return end;
  }
  return at;
}

function blanks(record: string): readonly string[] | null {
  const line = record.replace(/#.*$/s, "").trim();
  return line === "" ? null : line.split(/[\s,]+/);
}

function quoted(record: string, mark: string): readonly string[] | null {
  if (record === "") return null;
  if (!record.includes('"')) return record.split(mark).map((cell) => cell.trim());
  const cells: string[] = [];
  let at = 0;
  while (at <= record.length) {
    if (record[at] === '"') {
      // Two quotes inside stand for one.
      let end = at + 1;
      while (end < record.length && (record[end] !== '"' || record[end + 1] === '"'))
        end += record[end] === '"' ? 2 : 1;
      cells.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
      if (at >= record.length) break;
      at = record.indexOf(mark, at) + 1 || record.length + 1;
    } else {
      const end = record.indexOf(mark, at);
      cells.push(record.slice(at, end < 0 ? record.length : end).trim());
      if (end < 0) break;
      at = end + 1;
    }
  }
  return cells;
}
