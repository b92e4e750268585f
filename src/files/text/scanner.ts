import { addressOf } from "../../array/destination.js";
import { make } from "../../array/ndarray.js";
import { Temporaries } from "../../array/temporaries.js";
import { dtypes } from "../../base/dtype.js";
import { ParseError } from "../../base/errors.js";
import { AREA, area } from "../../core/box.js";
import { reading } from "../../core/chapters/reading.js";
import { memory, view } from "../../core/instance.js";
import { type Dialect, NONE, parseError, type Where } from "./dialect.js";
import { preparePowers } from "./powers.js";
import { behindLine, decoded, fieldAt, isBlank, isNewline, NO_UTF8, recordAt, type TextRecord } from "./record.js";
import { Window } from "./window.js";

// Drives the scan of the core (assembly/text/scan.ts) over a text that comes in pieces:
//
//      window ──copied──► scratch of the core ──scan──► columns        what is no plain number ──► target.field
//
// Nothing of it stays in the core between two calls: the user's code may run there.

/** What a column is to the scan: `Kind` of assembly/text/scan.ts, the bytes of an element, the largest magnitudes. */
export interface ColumnKind {
  readonly kind: 0 | 1 | 2 | 3;
  /** Kind, width, and the magnitudes in two words each; for floats, whether an empty field is NaN. */
  readonly words: readonly number[];
}

/** Where fields go. */
export interface Target {
  readonly columns: readonly ColumnKind[];
  /** Bytes between the elements of two columns, where all are alike and `columns` is but the first; else 0. */
  readonly alike: number;
  /** How many fields a record has. */
  readonly fields: number;
  /** Whether a record may have more fields than there are columns. */
  readonly loose: boolean;
  /** Whether fields are given to functions of the user. */
  readonly calls: boolean;
  /** Set when columns have moved or become others: the scan is told anew. */
  moved?: boolean;
  /** A number that is `field`'s to read, for it stands for a missing value. */
  readonly sentinel?: number;
  /** The address of a column's first element, and the bytes between two. */
  place(column: number): readonly [at: number, step: number];
  /** Takes a field that is no plain number. Errors: whatever says that it cannot. */
  field(row: number, column: number, text: string, quoted: boolean): void;
  /** The error for a record of another number of fields. */
  ragged(row: number, fields: number, line: number): ParseError;
}

// Where words of a scan are that are read or written alone, and what stops it.
const AT = 0,
  ROW = 8,
  FIELD = 16,
  LINE = 40,
  RECORD = 44,
  RECORD_LINE = 48,
  FIELD_AT = 52,
  BEHIND = 60,
  LOOSE = 64,
  COLUMN_STEP = 68,
  OUT_STEP = 72,
  SENTINEL = 80;

const STOPS = ["end", "full", "field", "ragged"] as const;

/** Bytes of a column's row in the core. */
const COLUMN = 32;

/** What is left out: nothing, records of another number of fields, all that cannot be read. */
export type Skips = "none" | "ragged" | "all";

/** A text that is read into columns, record by record. */
export class Scanner {
  readonly window: Window;
  /** The next row to be written. */
  row = 0;
  /** Records that were left out. */
  skipped = 0;
  #field = 0;
  #behind = false;
  #record = 0;
  #recordLine = 1;

  constructor(
    readonly dialect: Dialect,
    readonly where: Where,
    /** Which records that cannot be read are left out and counted. */
    readonly skips: Skips = "none",
  ) {
    this.window = new Window(dialect, where);
  }

  /** Leaves lines out, whatever they are; returns how many are still to come. */
  skipLines(count: number): number {
    const { window } = this;
    for (; count > 0; count--) {
      if (!window.fill()) return count;
      let at = window.from;
      while (!isNewline(window.bytes[at])) at++;
      window.from = behindLine(window.bytes, at);
      window.line++;
    }
    return 0;
  }

  /** The next record, its texts too if they are wanted; it is still to be read. Null if more text must come first, or none is left. */
  peek(wanted = false): TextRecord | null {
    const { window } = this;
    if (!this.#toRecord()) return null;
    for (;;) {
      const record = recordAt(window.bytes, window.from, window.cut, this.dialect, wanted);
      if (record === NO_UTF8) throw parseError(this.where, "the text is no UTF-8", window.line);
      if (record !== null) return record;
      if (!window.fill(true)) {
        if (window.ended) throw this.#unclosed(window.line);
        return null;
      }
    }
  }

  /** The next line that is not blank, a comment too, and passes it; null if more text must come first, or none is left. */
  line(): string | null {
    const { window, dialect } = this;
    while (window.fill()) {
      const { bytes, from } = window;
      let end = from;
      while (!isNewline(bytes[end])) end++;
      window.from = behindLine(bytes, end);
      window.line++;
      const text = decoded(bytes.subarray(from, end), dialect.utf8);
      if (text === null) throw parseError(this.where, "the text is no UTF-8", window.line - 1);
      if (text.trim() !== "") return text;
    }
    return null;
  }

  /** Passes the record that `peek` gave. */
  pass(record: TextRecord): void {
    this.window.from = record.end;
    this.window.line += record.lines;
  }

  /** Whether a record begins; blank lines and comments before it are passed. */
  more(): boolean {
    return this.#toRecord();
  }

  // Passes blank lines and comments.
  #toRecord(): boolean {
    const { window, dialect } = this;
    while (window.fill()) {
      const { bytes } = window;
      let at = window.from;
      if (dialect.delimiter === NONE) while (isBlank(bytes[at])) at++;
      if (bytes[at] === dialect.comment) while (!isNewline(bytes[at])) at++;
      window.from = at;
      if (!isNewline(bytes[at])) return true;
      window.from = behindLine(bytes, at);
      window.line++;
    }
    return false;
  }

  /** Begins anew, at the first row, before a record; so many records were left out before. */
  restart(skipped: number): void {
    this.row = this.#field = 0;
    this.#behind = false;
    this.skipped = skipped;
  }

  /** Reads records into a target up to `rows` of them. */
  scan(target: Target, rows: number): "more" | "full" | "end" {
    preparePowers();
    const { window } = this;
    let beyond = false;
    for (;;) {
      if (!window.fill(beyond)) {
        if (!window.ended) return "more";
        if (beyond) throw this.#unclosed(this.#recordLine);
        return "end";
      }
      const stop = this.#run(target, rows);
      if (stop === "full") return "full";
      beyond = stop === "open";
    }
  }

  #unclosed(line: number): ParseError {
    return parseError(this.where, "a quote is never closed", line);
  }

  // Scans whole lines, one record where functions of the user are called. "open": a quote is not closed yet.
  #run(target: Target, rows: number): "full" | "end" | "open" {
    const { window } = this,
      { bytes, from } = window;
    let { cut } = window;
    if (target.calls) {
      cut = from;
      while (!isNewline(bytes[cut])) cut++;
      cut = behindLine(bytes, cut);
    }
    using work = new Temporaries(this.where.op);
    const scratch = (nbytes: number, k: number): number =>
      nbytes <= 2 * AREA ? area(k) : addressOf(work.use(make([nbytes], dtypes.uint8, this.where.op)));
    const text = scratch(cut - from + 16, 0),
      columns = scratch(target.columns.length * COLUMN, 2),
      base = text - from;
    new Uint8Array(memory.buffer, text, cut - from).set(bytes.subarray(from, cut));
    view.setUint8(text + cut - from, 0); // no LF for a CR that is last
    const s = this.#begin(target, rows, text, text + cut - from, columns);
    for (;;) {
      const stop = STOPS[reading.kernels.scan(s)];
      window.from = word(s, AT) - base;
      window.line = word(s, LINE);
      this.row = word(s, ROW);
      this.#field = word(s, FIELD);
      this.#record = word(s, RECORD) - base;
      this.#recordLine = word(s, RECORD_LINE);
      if (stop === "end" || stop === "full") return stop;
      if (stop === "ragged") this.#ragged(target);
      else if (!this.#read(target, word(s, FIELD_AT) - base)) {
        [window.from, window.line, this.#field] = [this.#record, this.#recordLine, 0];
        return "open";
      }
      // What a function of the user did to the core nobody knows.
      if (target.calls || target.moved) return "end";
      this.#resume(s, base);
    }
  }

  #begin(target: Target, rows: number, at: number, end: number, columns: number): number {
    target.moved = false;
    const s = reading.kernels.scanAddress(),
      { delimiter, comment, quote } = this.dialect;
    const words = [at, end, this.row, rows, this.#field, target.fields, columns, delimiter, comment, quote];
    for (const [i, value] of words.entries()) view.setUint32(s + 4 * i, value, true);
    view.setUint32(s + LINE, this.window.line, true);
    view.setUint32(s + RECORD, at, true);
    view.setUint32(s + RECORD_LINE, this.#recordLine, true);
    view.setUint32(s + BEHIND, Number(this.#behind), true);
    view.setUint32(s + LOOSE, Number(target.loose), true);
    this.#behind = false;
    view.setUint32(s + COLUMN_STEP, target.alike === 0 ? COLUMN : 0, true);
    view.setUint32(s + OUT_STEP, target.alike, true);
    view.setFloat64(s + SENTINEL, target.sentinel ?? Number.NaN, true);
    const table = new Uint32Array(memory.buffer, columns, (target.columns.length * COLUMN) / 4);
    for (const [i, { kind, words }] of target.columns.entries()) {
      table.set(kind === 1 || kind === 2 ? target.place(i) : [0, 0], 8 * i);
      table.set(words, 8 * i + 2);
    }
    return s;
  }

  #resume(s: number, base: number): void {
    view.setUint32(s + AT, base + this.window.from, true);
    view.setUint32(s + LINE, this.window.line, true);
    view.setUint32(s + ROW, this.row, true);
    view.setUint32(s + FIELD, this.#field, true);
    view.setUint32(s + BEHIND, Number(this.#behind), true);
    this.#behind = false;
  }

  #ragged(target: Target): void {
    const error = target.ragged(this.row, this.#field, this.#recordLine);
    if (this.skips === "none") throw error;
    this.skipped++;
    this.#field = 0;
  }

  // Reads the field that stopped the scan; false if it goes on behind the window.
  #read(target: Target, at: number): boolean {
    const { window } = this,
      { bytes, cut } = window,
      column = this.#field;
    const found = fieldAt(bytes, at, cut, this.dialect);
    if (found === null || (found !== NO_UTF8 && found.end >= cut)) return false;
    try {
      if (found === NO_UTF8) throw this.failure("the text is no UTF-8", column);
      const { columns, alike, fields } = target;
      if (column < fields && columns[alike === 0 ? column : 0].kind !== 0)
        target.field(this.row, column, found.text, found.quoted);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      const ragged = this.skips === "all" ? null : this.#counted(target);
      if (this.skips === "none" || (this.skips === "ragged" && ragged === null)) throw ragged ?? error;
      return this.#skip();
    }
    window.from = found.end;
    window.line += found.lines;
    this.#behind = true;
    return true;
  }

  // What is wrong with the number of fields is told first, as NumPy does.
  #counted(target: Target): ParseError | null {
    const { window } = this,
      record = recordAt(window.bytes, this.#record, window.cut, this.dialect, false);
    if (record === null || record === NO_UTF8) return null;
    const fits = target.loose ? record.fields >= target.fields : record.fields === target.fields;
    return fits ? null : target.ragged(this.row, record.fields, this.#recordLine);
  }

  /** The error for the field of a column of the record that is being read. */
  failure(said: string, column: number): ParseError {
    return parseError(this.where, said, this.#recordLine, column + 1);
  }

  #skip(): boolean {
    const { window } = this,
      record = recordAt(window.bytes, this.#record, window.cut, this.dialect, false);
    if (record === null) return false;
    // What is no UTF-8 has no quote that counts: its line is left out.
    let end = this.#record;
    if (record === NO_UTF8) {
      while (!isNewline(window.bytes[end])) end++;
      end = behindLine(window.bytes, end);
    } else end = record.end;
    window.from = end;
    window.line = this.#recordLine + (record === NO_UTF8 ? 1 : record.lines);
    this.#field = 0;
    this.skipped++;
    return true;
  }
}

function word(s: number, at: number): number {
  return view.getUint32(s + at, true);
}
