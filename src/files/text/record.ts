import { textOf, utf8Of } from "../../base/host.js";
import { type Dialect, NONE } from "./dialect.js";

// A record read one byte after the other, in JavaScript: what is quoted, the header, the first line. The core scans the rest.

/** A field's text, and where it ends: at what follows it. */
export interface Field {
  readonly text: string;
  readonly quoted: boolean;
  readonly end: number;
  /** Line ends within its quotes. */
  readonly lines: number;
}

export const isNewline = (byte: number): boolean => byte === 10 || byte === 13;
export const isBlank = (byte: number): boolean => byte === 0x20 || byte === 9 || byte === 11 || byte === 12;

/** Behind the line end at `at`. */
export function behindLine(bytes: Uint8Array, at: number): number {
  return bytes[at] === 13 && bytes[at + 1] === 10 ? at + 2 : at + 1;
}

/** The text of bytes; null if they are no UTF-8. */
export function decoded(bytes: Uint8Array, utf8: boolean): string | null {
  let text = "";
  if (bytes.length < 64 || !utf8) {
    let ascii = true;
    for (const byte of bytes) {
      text += String.fromCharCode(byte);
      ascii &&= byte < 128;
    }
    if (ascii || !utf8) return text;
  }
  text = textOf(bytes);
  // Decoders put U+FFFD in the place of what is no UTF-8, and leave a byte order mark out.
  if (!text.includes("\ufffd")) return text;
  const again = utf8Of(text);
  return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]) ? text : null;
}

/** What is no UTF-8, as an error shows it. */
export const NO_UTF8 = Symbol("no UTF-8");

/** The field that begins at `at`; null if it is quoted and goes on behind `to`. Every other ends with its line. */
export function fieldAt(bytes: Uint8Array, at: number, to: number, dialect: Dialect): Field | typeof NO_UTF8 | null {
  if (bytes[at] === dialect.quote) return quotedField(bytes, at, to, dialect);
  const end = fieldEnd(bytes, at, dialect),
    text = decoded(bytes.subarray(at, end), dialect.utf8);
  return text === null ? NO_UTF8 : { text, quoted: false, end, lines: 0 };
}

function fieldEnd(bytes: Uint8Array, at: number, { delimiter, comment }: Dialect): number {
  let end = at;
  while (end < bytes.length) {
    const byte = bytes[end];
    if (byte === delimiter || byte === comment || isNewline(byte) || (delimiter === NONE && isBlank(byte))) break;
    end++;
  }
  return end;
}

// A quote twice is a quote; what follows the last quote belongs to the field, as in NumPy and Python's csv.
function quotedField(bytes: Uint8Array, at: number, to: number, dialect: Dialect): Field | typeof NO_UTF8 | null {
  const { quote, utf8 } = dialect;
  let text = "",
    lines = 0,
    from = at + 1;
  for (;;) {
    const close = bytes.indexOf(quote, from);
    if (close < 0 || close >= to - 1) return null;
    const piece = decoded(bytes.subarray(from, close), utf8);
    if (piece === null) return NO_UTF8;
    text += piece;
    lines += piece.match(/\r\n|\r|\n/g)?.length ?? 0;
    from = close + 1;
    if (bytes[from] !== quote) break;
    text += String.fromCharCode(quote);
    from++;
  }
  const end = fieldEnd(bytes, from, dialect),
    tail = decoded(bytes.subarray(from, end), utf8);
  return tail === null ? NO_UTF8 : { text: text + tail, quoted: true, end, lines };
}

/** A record's texts, where it ends, and how many lines it takes. */
export interface TextRecord {
  /** The texts; none where only their number was wanted. */
  readonly texts: readonly string[];
  readonly fields: number;
  readonly end: number;
  readonly lines: number;
}

/**
 * The record that begins at `at`, which is no blank line and no comment; null if it goes on behind `to`. Without `wanted`
 * its texts are not kept.
 */
export function recordAt(
  bytes: Uint8Array,
  at: number,
  to: number,
  dialect: Dialect,
  wanted: boolean,
): TextRecord | typeof NO_UTF8 | null {
  const texts: string[] = [];
  let p = at,
    lines = 1;
  for (let fields = 1; ; fields++) {
    if (!wanted && bytes[p] !== dialect.quote) p = fieldEnd(bytes, p, dialect);
    else {
      const field = fieldAt(bytes, p, to, dialect);
      if (field === null || field === NO_UTF8) return field;
      if (wanted) texts.push(field.text);
      lines += field.lines;
      p = field.end;
    }
    if (dialect.delimiter === NONE) while (isBlank(bytes[p])) p++;
    if (bytes[p] === dialect.comment) while (p < to && !isNewline(bytes[p])) p++;
    if (p >= to) return null;
    if (isNewline(bytes[p])) return { texts, fields, end: behindLine(bytes, p), lines };
    if (bytes[p] === dialect.delimiter) p++;
  }
}
