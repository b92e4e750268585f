import { positional, scientific } from "../../base/digits.js";
import type { Complex } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { shown } from "../../base/shown.js";

// Python's `%`: `%8.3f`, `%d`, `%.18e`, `%g`, `%s`, with its flags.

/** An element that is written. */
type Item = number | bigint | boolean;

/** A format: texts, and between them the ways to write one value each. */
export interface Format {
  readonly texts: readonly string[];
  readonly specs: readonly Spec[];
}

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly type: string;
}

const SPEC = /%(?:%|([-+ #0]*)(\d*)(?:\.(\d*))?([hlL]?)([a-zA-Z]|$|.))/g;
const MOST = 100;

/** Reads a format. Errors: a `ValueError` for a `%` that is none of Python's, and for more than 100 digits. */
export function formatOf(fmt: string): Format {
  const texts: string[] = [""],
    specs: Spec[] = [];
  let from = 0;
  for (const match of fmt.matchAll(SPEC)) {
    const [whole, flags, width, precision, , type] = match;
    texts[texts.length - 1] += fmt.slice(from, match.index);
    from = match.index + whole.length;
    if (whole === "%%") texts[texts.length - 1] += "%";
    else {
      if (!/^[diuoxXeEfFgGsr]$/.test(type)) throw new ValueError(`invalid fmt: ${shown(fmt)}`);
      const places = precision === undefined ? null : Number(precision);
      if (Number(width) > 1000 || (places ?? 0) > MOST)
        throw new ValueError(`invalid fmt: ${shown(fmt)} asks for more than ${MOST} digits or 1000 characters`);
      specs.push({ flags, width: Number(width), precision: places, type });
      texts.push("");
    }
  }
  texts[texts.length - 1] += fmt.slice(from);
  return { texts, specs };
}

/** A value as one spec of a format writes it. */
export function written({ flags, width, precision, type }: Spec, x: Item): string {
  const body = bodyOf(type, precision, flags.includes("#"), x),
    negative = body.startsWith("-");
  const sign = negative
      ? "-"
      : type === "s" || type === "r"
        ? ""
        : (/[+ ]/.exec(flags.replace(/ (?=.*\+)/, ""))?.[0] ?? ""),
    digits = negative ? body.slice(1) : body,
    room = width - sign.length;
  if (flags.includes("-")) return (sign + digits).padEnd(width);
  if (flags.includes("0") && !/[sr]/.test(type)) return sign + digits.padStart(room, "0");
  return (sign + digits).padStart(width);
}

function bodyOf(type: string, precision: number | null, full: boolean, x: Item): string {
  switch (type) {
    case "s":
    case "r": {
      const text = pythonText(x);
      return precision === null ? text : text.slice(0, precision);
    }
    case "d":
    case "i":
    case "u":
      return integer(x, 10, precision);
    case "o":
      return integer(x, 8, precision);
    case "x":
      return integer(x, 16, precision);
    case "X":
      return integer(x, 16, precision).toUpperCase();
    default: {
      const text = float(type.toLowerCase(), precision ?? 6, full, Number(x));
      return type < "a" ? text.toUpperCase() : text;
    }
  }
}

function integer(x: Item, base: number, precision: number | null): string {
  if (typeof x === "number" && !Number.isFinite(x))
    throw new ValueError(`cannot convert float ${Number.isNaN(x) ? "NaN" : "infinity"} to integer`);
  const whole = typeof x === "bigint" ? x : BigInt(Math.trunc(Number(x))),
    digits = (whole < 0n ? -whole : whole).toString(base).padStart(precision ?? 0, "0");
  return whole < 0n ? `-${digits}` : digits;
}

function float(type: string, precision: number, full: boolean, x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (type === "f") return fixed(x, precision);
  if (type === "e") return exponential(x, precision);
  // As many digits as count, in the shorter form.
  const digits = Math.max(precision, 1),
    text = exponential(x, digits - 1),
    exponent = x === 0 ? 0 : Number(text.slice(text.indexOf("e") + 1));
  const small = exponent >= -4 && exponent < digits,
    body = small ? fixed(x, digits - 1 - exponent) : text;
  if (full) return body.includes(".") ? body : body.replace(/(?=e|$)/, ".");
  return body.replace(/\.?0+(?=e|$)/, (zeros, at: number) =>
    body.slice(0, at).includes(".") || zeros[0] === "." ? "" : zeros,
  );
}

// JavaScript rounds what lies in the middle away from zero, C to the even digit: only there another function is asked.
function exponential(x: number, precision: number): string {
  const middle = precision < MOST && /5(?=e)/.test(x.toExponential(precision + 1));
  if (middle || Object.is(x, -0)) {
    const [whole, fraction, exponent] = scientific(64, x, { precision, least: precision, unique: false });
    return `${whole}${fraction === "" ? "" : `.${fraction}`}e${exponent}`;
  }
  return x.toExponential(precision).replace(/e([+-])(\d)$/, "e$10$2");
}

function fixed(x: number, precision: number): string {
  if (Math.abs(x) >= 1e21) return precision === 0 ? String(BigInt(x)) : `${BigInt(x)}.${"0".repeat(precision)}`;
  const middle = precision < MOST && /5$/.test(x.toFixed(precision + 1));
  if (!middle && !(x <= 0 && x > -1)) return x.toFixed(precision);
  const [whole, fraction] = positional(64, x, { precision, least: precision, unique: false });
  return precision === 0 ? whole : `${whole}.${fraction.padEnd(precision, "0")}`;
}

/** A value as Python's `str` writes it. */
export function pythonText(x: Item): string {
  if (typeof x === "boolean") return x ? "True" : "False";
  if (typeof x === "bigint") return String(x);
  if (!Number.isFinite(x)) return float("f", 0, false, x);
  const [mantissa, exponent] = x.toExponential().split("e"),
    power = Number(exponent);
  if (power < -4 || power >= 16)
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  const text = Object.is(x, -0) ? "-0" : String(x);
  return /[.]/.test(text) ? text : `${text}.0`;
}

/** Whether an element is complex. */
export function isComplexItem(item: Item | Complex): item is Complex {
  return typeof item === "object";
}
