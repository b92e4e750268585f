import { type Descr, isInteger, limitsOf } from "../../base/dtype.js";
import type { ScalarLike } from "../../core/scalar.js";
import type { ColumnKind } from "./scanner.js";

// What texts are as elements, where the core does not read them, as NumPy's own parsers take them.

function halves(x: bigint): [low: number, high: number] {
  return [Number(x & 0xffffffffn), Number(x >> 32n)];
}

/** How the core reads a column of a dtype: bools, halves and complex numbers not at all. */
export function kindOf(descr: Descr): ColumnKind {
  const { kind, itemsize } = descr;
  if (isInteger(descr)) {
    const [least, most] = limitsOf(descr.name);
    return { kind: 1, words: [1, itemsize, ...halves(-least), ...halves(most)] };
  }
  if (kind === "f" && itemsize > 2) return { kind: 2, words: [2, itemsize, 0, 0] };
  return OTHER;
}

/** A column that the core leaves out, and one whose fields it leaves to src/. */
export const SKIPPED: ColumnKind = { kind: 0, words: [0] },
  OTHER: ColumnKind = { kind: 3, words: [3] };

/** The same, where an empty field is NaN. */
export function orMissing(column: ColumnKind): ColumnKind {
  return column.kind === 2 ? { kind: 2, words: [...column.words.slice(0, 2), 1, 0] } : column;
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  WORD = /^([+-]?)(?:(nan)|(?:inf|infinity))$/i;

/** A text as the element of a dtype; undefined if it is none. `inner` blanks around it do not count. */
export function elementOf(text: string, descr: Descr): ScalarLike | undefined {
  const inner = text.trim();
  switch (descr.kind) {
    case "f":
      return floatOf(inner);
    case "c":
      return complexOf(inner);
    case "b": {
      // As NumPy: an integer that is not 0.
      const x = /^[+-]?\d+$/.test(inner) ? BigInt(inner) : undefined;
      return x === undefined ? undefined : x !== 0n;
    }
    default:
      return integerOf(inner, descr);
  }
}

/** A text as a bool, of the words that Python and JavaScript write. */
export function truthOf(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/**
 * A text as `genfromtxt` reads it: bools are words, and decimals are cut for small integers. Undefined: it is none. Null:
 * it is an integer that the dtype cannot hold.
 */
export function looseElementOf(text: string, descr: Descr): ScalarLike | undefined | null {
  if (descr.kind === "b") return truthOf(text);
  const value = elementOf(text, descr);
  if (value !== undefined || !isInteger(descr)) return value;
  if (/^\s*[+-]?\d+\s*$/.test(text)) return null;
  const x = descr.itemsize < 8 ? floatOf(text.trim()) : undefined;
  return x !== undefined && Number.isFinite(x) ? (elementOf(String(Math.trunc(x)), descr) ?? null) : undefined;
}

/** A text as a float: digits, `nan`, `inf` or `infinity`. */
export function floatOf(text: string): number | undefined {
  if (FLOAT.test(text)) return Number(text);
  const word = WORD.exec(text);
  if (word === null) return undefined;
  if (word[2] !== undefined) return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function integerOf(text: string, descr: Descr): ScalarLike | undefined {
  if (!/^[+-]?\d+$/.test(text) || text.length > 1000) return undefined;
  const x = BigInt(text.replace(/^\+/, "")),
    [least, most] = limitsOf(descr.name);
  if (x < least || x > most) return undefined;
  return descr.itemsize === 8 ? x : Number(x);
}

function complexOf(text: string): ScalarLike | undefined {
  const inside = text.startsWith("(") && text.endsWith(")") ? text.slice(1, -1).trim() : text;
  const real = floatOf(inside);
  if (real !== undefined) return { re: real, im: 0 };
  if (!inside.endsWith("j")) return undefined;
  // The sign that begins the imaginary part is no exponent's.
  const body = inside.slice(0, -1),
    at = Math.max(...["+", "-"].map((sign) => lastSign(body, sign)));
  const re = at <= 0 ? 0 : floatOf(body.slice(0, at)),
    im = floatOf(at < 0 ? body : body.slice(at));
  return re === undefined || im === undefined ? undefined : { re, im };
}

function lastSign(text: string, sign: string): number {
  for (let at = text.lastIndexOf(sign); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(sign, at - 1))
    if (!/[eE]/.test(text[at - 1] ?? "")) return at;
  return -1;
}
