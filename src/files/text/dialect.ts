import { ArgumentError, DTypeError, ParseError, ValueError } from "../../base/errors.js";
import { shown } from "../../base/shown.js";

// How a text is divided: which bytes stand between fields, begin comments and quotes.

/** Stands for a byte that there is none of, and for blanks as the delimiter. */
export const NONE = 256;

/** How a text is divided into fields. */
export interface Dialect {
  /** The byte between fields; `NONE`: any run of blanks. */
  readonly delimiter: number;
  /** The byte that begins a comment, and every comment's beginning where one byte does not tell. */
  readonly comment: number;
  readonly comments: readonly Uint8Array[];
  readonly quote: number;
  /** Whether texts are UTF-8; else each byte is a character. */
  readonly utf8: boolean;
}

/** What reads which source, for errors: `{ op: "loadtxt", name: "'x.txt'" }`. */
export interface Where {
  readonly op: string;
  readonly name: string;
}

/** A text cannot be read: NumPy's sentence, then the file, line and column, counted from 1. */
export function parseError(where: Where, said: string, line: number, column: number | null = null): ParseError {
  const at = column === null ? `line ${line}` : `line ${line}, column ${column}`;
  return new ParseError(`${said}: ${where.name}, ${at}`, where.name, line, column);
}

const MEANINGS = { delimiter: "delimiter", quotechar: "quote", comments: "comment" };

/** The byte of a control character; null and undefined are none. Errors: NumPy's. */
export function controlByte(value: unknown, name: keyof typeof MEANINGS): number {
  if (value === null || value === undefined) return NONE;
  if (typeof value !== "string" || [...value].length !== 1)
    throw new ArgumentError(
      `Text reading control character must be a single unicode character or None; but got: ${shown(value)}`,
    );
  if (value === "\n" || value === "\r")
    throw new ArgumentError(`control character '${name}' cannot be a newline (\`\\r\` or \`\\n\`).`);
  const byte = value.charCodeAt(0);
  if (byte < 128) return byte;
  throw new DTypeError(`${name} must be a character of ASCII, which ${shown(value)} is not`);
}

const BLANKS = [0x20, 9, 11, 12];

/** Refuses control characters of which one is taken for another. */
export function checkApart({ delimiter, comment, quote }: Dialect): void {
  const named = [
    ["delimiter", delimiter],
    ["comment", comment],
    ["quote", quote],
  ] as const;
  for (const [i, [name, byte]] of named.entries())
    for (const [other, second] of named.slice(i + 1)) {
      const blank = byte === NONE && name === "delimiter" && BLANKS.includes(second);
      if (blank || (byte === second && byte !== NONE))
        throw new ArgumentError(`The values for control characters '${name}' and '${other}' are incompatible`);
    }
}

const ENCODINGS: Readonly<Record<string, boolean>> = {
  utf8: true,
  ascii: true,
  usascii: true,
  bytes: false,
  latin1: false,
  iso88591: false,
};

/** Whether an encoding is UTF-8; else it is Latin-1. Errors: a `ValueError` for any other. */
export function isUtf8(encoding: string | null | undefined): boolean {
  if (encoding === null || encoding === undefined) return true;
  const known = ENCODINGS[encoding.toLowerCase().replace(/[-_]/g, "")];
  if (known === undefined) throw new ValueError(`unknown encoding: ${shown(encoding)}; 'utf-8' and 'latin1' are read`);
  return known;
}
