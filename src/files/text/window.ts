import { ValueError } from "../../base/errors.js";
import { AREA } from "../../core/box.js";
import { type Dialect, parseError, type Where } from "./dialect.js";
import { isNewline } from "./record.js";

/** Bytes of text that are held at a time, unless a record is longer: what the scan has scratch for. */
const WINDOW = 2 * AREA - 16;

/** The longest record that is read: what is longer is no table, or a quote that is never closed. */
const LONGEST = 8 * 1024 * 1024;

/** A text as it comes, in pieces: the bytes that are still to be read, from `from` on; those before `cut` are whole lines. */
export class Window {
  bytes = new Uint8Array(WINDOW);
  from = 0;
  cut = 0;
  /** The line, from 1 on, on which `from` is. */
  line = 1;
  #to = 0;
  #queue: Uint8Array[] = [];
  #kept: Uint8Array[] | null = null;
  #keptLine = 1;
  #ended = false;
  #begun = false;
  #stripped = 0;
  /** Lines that end here are not enough, nor are so few bytes. */
  #least = 0;
  #enough = 0;
  /** Behind the last line end there are none up to here. */
  #searched = 0;

  constructor(
    readonly dialect: Dialect,
    readonly where: Where,
  ) {}

  /** Where the bytes end, whole lines or not. */
  get to(): number {
    return this.#to;
  }

  /** Whether no more text will come. */
  get ended(): boolean {
    return this.#ended && this.#queue.length === 0;
  }

  /** The next bytes; they are read until `fill` says that it has none. */
  add(piece: Uint8Array): void {
    if (piece.length > 0) this.#queue.push(piece);
    if (piece.length > 0 && this.#kept !== null) this.#kept.push(piece.slice());
  }

  /** Says that there are no more. */
  end(): void {
    this.#ended = true;
  }

  /** Keeps what will be read, so that `rewind` finds it again. */
  keep(): void {
    this.#kept = [this.bytes.slice(this.from, this.#to), ...this.#queue.map((piece) => piece.slice())];
    this.#keptLine = this.line;
  }

  /** Goes back to where `keep` was called, and keeps no longer. */
  rewind(): void {
    this.#queue = this.#kept!;
    this.#kept = null;
    this.line = this.#keptLine;
    this.from = this.cut = this.#to = this.#stripped = this.#searched = this.#least = this.#enough = 0;
  }

  /** Keeps no longer. */
  release(): void {
    this.#kept = null;
  }

  /**
   * Brings more whole lines, so that there are some behind `from`; with `beyond`, more than there were. False: there are
   * none yet, or none at all if the text has ended.
   */
  fill(beyond = false): boolean {
    if (beyond) {
      // A record that goes on is read from its beginning: only when there is twice as much of it.
      this.#least = this.cut - this.from; // `from` is never behind `cut`
      this.#enough = Math.min(2 * this.#least, LONGEST - WINDOW);
    } else if (this.ended) this.#least = this.#enough = 0;
    if (this.#enough === 0 && this.from < this.cut) return true;
    this.bytes.copyWithin(0, this.from, this.#to);
    this.#to -= this.from;
    this.#stripped = Math.max(0, this.#stripped - this.from);
    this.#searched = Math.max(0, this.#searched - this.from);
    this.cut -= this.from;
    this.from = 0;
    for (;;) {
      this.#take();
      this.cut = this.#lastLine();
      this.#strip();
      if (this.cut > this.#least && (this.#to >= this.#enough || this.ended)) {
        this.#least = this.#enough = 0;
        return true;
      }
      if (this.#queue.length === 0) return false;
      this.#grow();
    }
  }

  #take(): void {
    for (let piece = this.#queue[0]; piece !== undefined && this.#to < this.bytes.length - 1; piece = this.#queue[0]) {
      const n = Math.min(piece.length, this.bytes.length - 1 - this.#to);
      this.bytes.set(piece.subarray(0, n), this.#to);
      this.#to += n;
      if (n === piece.length) this.#queue.shift();
      else this.#queue[0] = piece.subarray(n);
    }
    if (!this.#begun && (this.#to > 2 || this.#ended)) this.#begin();
    // There is always room for the newline that the last line may lack.
    if (this.ended && this.#to > 0 && !isNewline(this.bytes[this.#to - 1])) this.bytes[this.#to++] = 10;
    this.bytes[this.#to] = 0; // no LF of before for a CR that is last
  }

  // A byte order mark is no text.
  #begin(): void {
    this.#begun = true;
    const [a, b, c] = this.bytes;
    if (this.#to > 1 && ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)))
      throw new ValueError(`${this.where.name} is UTF-16, which is not read: write it as UTF-8`);
    if (a === 0xef && b === 0xbb && c === 0xbf) {
      this.bytes.copyWithin(0, 3, this.#to);
      this.#to -= 3;
    }
  }

  // Behind the last line end. A CR that is last may have its LF still to come.
  #lastLine(): number {
    const { bytes } = this,
      end = !this.ended && bytes[this.#to - 1] === 13 ? this.#to - 1 : this.#to;
    let at = end;
    while (at > this.#searched && !isNewline(bytes[at - 1])) at--;
    const found = at > this.#searched ? at : this.cut;
    this.#searched = end;
    return found;
  }

  #grow(): void {
    const { length } = this.bytes;
    if (length >= LONGEST) {
      const quote = this.bytes[this.from] === this.dialect.quote || this.cut > 0;
      const hint = quote ? ", or a quote in it is never closed" : "";
      throw parseError(this.where, `a record is longer than 8 MiB${hint}`, this.line);
    }
    const larger = new Uint8Array(Math.min(2 * length, LONGEST));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  // Takes comments out that begin with more than one byte, or in several ways.
  #strip(): void {
    const { comments } = this.dialect;
    if (comments.length === 0) return;
    const { bytes } = this,
      firsts = new Set(comments.map(([first]) => first));
    let to = this.#stripped;
    for (let at = to; at < this.cut; ) {
      const begins = firsts.has(bytes[at]) && comments.some((mark) => mark.every((byte, i) => bytes[at + i] === byte));
      if (begins) while (!isNewline(bytes[at])) at++;
      else bytes[to++] = bytes[at++];
    }
    bytes.copyWithin(to, this.cut, this.#to);
    this.#to -= this.cut - to;
    this.#searched -= this.cut - to;
    this.cut = this.#stripped = to;
  }
}
