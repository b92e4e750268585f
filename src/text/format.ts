import { live, type NDArray, readElement } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { atMost } from "../base/arity.js";
import { type Bits, bitsOf, type Digits, positional, roundTo, scientific } from "../base/digits.js";
import type { Complex, DType } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { formatBytes as bytesText, type FormatBytesOptions } from "../base/units.js";

// Arrays as NumPy prints them: str(), repr() and array2string() with NumPy's defaults. First the elements that will
// show are read; they decide one format for all; then the lines are put together.

/** How arrays are printed; NumPy's names and defaults. */
export interface PrintOptions {
  /** Digits after the point of floats, at most: 8. */
  precision?: number;
  /** Arrays of more elements are summarised: 1,000. */
  threshold?: number;
  /** How many items show at each end of an axis of a summarised array: 3. */
  edgeitems?: number;
  /** Characters of a line: 75. */
  linewidth?: number;
  /** True never chooses the scientific notation because of small numbers. */
  suppress?: boolean;
  /**
   * `maxprec` digits as few as tell the value, `fixed` exactly `precision`, `unique` without a limit, `maxprec_equal`
   * as many for all.
   */
  floatmode?: "maxprec" | "fixed" | "unique" | "maxprec_equal";
  /** What stands before positive numbers: nothing (`-`), `+` or a space. */
  sign?: "-" | "+" | " ";
  nanstr?: string;
  infstr?: string;
  /** What stands between elements: a space. */
  separator?: string;
  /** What will stand before the text, so that its lines are indented by as much. */
  prefix?: string;
  /** What will stand behind the text, so that its lines leave room. */
  suffix?: string;
}

const defaults: Required<PrintOptions> = {
  precision: 8,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 75,
  suppress: false,
  floatmode: "maxprec",
  sign: "-",
  nanstr: "nan",
  infstr: "inf",
  separator: " ",
  prefix: "",
  suffix: "",
};

type Item = number | bigint | boolean | Complex;
type Write = (item: Item) => string;

const REPR_OPTIONS = {
    precision: "digits",
    threshold: "limit",
    edgeitems: "size",
    linewidth: "limit",
    suppress: "boolean",
    floatmode: "floatmode",
    sign: "sign",
    nanstr: "string",
    infstr: "string",
    separator: "string",
  } as const,
  TO_STRING = takes("array2string(a)", { ...REPR_OPTIONS, prefix: "string", suffix: "string" }),
  REPR = takes("arrayRepr(a)", REPR_OPTIONS),
  BYTES = takes("formatBytes(n)", { si: "boolean", decimals: "digits" });

// What is given, and the defaults for what is not: undefined counts as not given.
function completed(given: PrintOptions, others: PrintOptions): Required<PrintOptions> {
  const found: Record<string, unknown> = { ...defaults, ...others };
  for (const [key, value] of Object.entries(given)) if (value !== undefined) found[key] = value;
  return found as unknown as Required<PrintOptions>; // every key has its default
}

/** The array as NumPy's `array2string` prints it. */
export function array2string(a: NDArray<DType>, options?: PrintOptions): string {
  return text(a, completed(TO_STRING.read(options, arguments.length), {}));
}

function text(a: NDArray<DType>, o: Required<PrintOptions>): string {
  live(a);
  if (a.size === 0) return "[]";
  const shown = shownIndices(a, o),
    items = itemsOf(a, shown);
  const write = writerFor(a, leaves(items), o);
  return lines(a.ndim, items, shown, write, o);
}

/** Bytes in three figures with a unit, `8.00 MB`; powers of 1,024 with `si: false`. Below 1,000 they are exact. */
export function formatBytes(n: number, options?: FormatBytesOptions): string {
  const given = BYTES.read(options, arguments.length);
  if (typeof n !== "number") throw new ValueError(`formatBytes() takes a number of bytes, not ${shown(n)}`);
  return bytesText(n, given);
}

/** The array as Python's `str` prints it. */
export function arrayStr(a: NDArray<DType>): string {
  atMost(1, arguments.length, "arrayStr(a)");
  live(a);
  return a.ndim === 0 ? scalarText(readElement(a.descr, a.address), a.descr.name) : text(a, defaults);
}

/** The array as Python's `repr` prints it: `array([1., 2.])`, with the dtype where the digits do not tell it. */
export function arrayRepr(a: NDArray<DType>, options?: Omit<PrintOptions, "prefix" | "suffix">): string {
  const given = REPR.read(options, arguments.length),
    o = { ...completed(given, { separator: ", " }), prefix: "array(", suffix: ")" };
  const body = `array(${text(a, o)}`,
    extras: string[] = [];
  if ((a.size === 0 && !(a.ndim === 1 && a.shape[0] === 0)) || a.size > o.threshold) {
    extras.push(`shape=(${a.shape.join(", ")}${a.ndim === 1 ? "," : ""})`);
  }
  if (a.size === 0 || !["bool", "int64", "float64", "complex128"].includes(a.dtype)) extras.push(`dtype=${a.dtype}`);
  if (extras.length === 0) return `${body})`;
  const head = `${body},`,
    tail = `${extras.join(", ")})`,
    last = head.length - (head.lastIndexOf("\n") + 1);
  return head + (last + tail.length + 1 > o.linewidth ? `\n${" ".repeat(6)}` : " ") + tail;
}

// ── what shows ──

// For each axis the indices that show; null stands for the dots of a summary.
function shownIndices(a: NDArray<DType>, { threshold, edgeitems }: Required<PrintOptions>): (number | null)[][] {
  return a.shape.map((length) => {
    const all = a.size <= threshold || length <= 2 * edgeitems;
    const first = Array.from({ length: all ? length : edgeitems }, (_, i) => i);
    return all ? first : [...first, null, ...first.map((i) => length - edgeitems + i)];
  });
}

type Nested = Item | Nested[];

function itemsOf(a: NDArray<DType>, shown: readonly (readonly (number | null)[])[]): Nested[] {
  const read = (axis: number, at: number): Nested => {
    if (axis === a.ndim) return readElement(a.descr, at);
    return shown[axis].flatMap((i) => (i === null ? [] : [read(axis + 1, at + i * a.strides[axis])]));
  };
  return [read(0, a.address)];
}

function leaves(items: readonly Nested[]): Item[] {
  return items.flatMap((item) => (Array.isArray(item) ? leaves(item) : [item]));
}

// ── how one item is written ──

function writerFor(a: NDArray<DType>, items: readonly Item[], o: Required<PrintOptions>): Write {
  const bits = bitsOf(a.dtype);
  switch (a.descr.kind) {
    case "b":
      return (item) => (item ? (a.ndim === 0 ? "True" : " True") : "False");
    case "f":
      return floatWriter(items as number[], bits, o) as Write;
    case "c": {
      const re = floatWriter(
        (items as Complex[]).map((z) => z.re),
        bits,
        o,
      );
      const im = floatWriter(
        (items as Complex[]).map((z) => z.im),
        bits,
        { ...o, sign: "+" },
      );
      return (item) => {
        const z = item as Complex,
          text = im(z.im),
          end = text.trimEnd().length;
        return `${re(z.re)}${text.slice(0, end)}j${text.slice(end)}`;
      };
    }
    default:
      return integerWriter(items as (number | bigint)[], o);
  }
}

function integerWriter(items: readonly (number | bigint)[], { sign }: Required<PrintOptions>): Write {
  const plus = sign === "-" || (sign === " " && items.some((item) => item < 0)) ? "" : sign;
  const text = (item: Item): string => ((item as number) >= 0 ? plus : "") + String(item);
  const width = Math.max(...items.map((item) => text(item).length));
  return (item) => text(item).padStart(width);
}

// Digits before the point, after it, and of the exponent (-1: positional), so that points stand below each other.
interface FloatFormat {
  left: number;
  right: number;
  exponent: number;
  digits: Digits;
}

function floatWriter(items: readonly number[], bits: Bits, o: Required<PrintOptions>): (x: number) => string {
  const finite = items.filter(Number.isFinite),
    plus = o.sign === "+" ? "+" : "";
  const format = isScientific(finite, bits, o) ? scientificFormat(finite, bits, o) : positionalFormat(finite, bits, o);
  if (o.sign === " " && !finite.some((x) => x < 0 || Object.is(x, -0))) format.left++;
  if (finite.length < items.length) {
    const signed = o.sign !== "-" || items.includes(Number.NEGATIVE_INFINITY) ? 1 : 0;
    format.left = Math.max(
      format.left,
      o.nanstr.length - format.right - 1,
      o.infstr.length + signed - format.right - 1,
    );
  }
  const width = format.left + format.right + 1;
  return (x) => {
    if (Number.isNaN(x)) return (plus + o.nanstr).padStart(width);
    if (!Number.isFinite(x)) return ((x < 0 ? "-" : plus) + o.infstr).padStart(width);
    const before = x < 0 || Object.is(x, -0) ? "" : plus;
    if (format.exponent < 0) {
      const [whole, fraction] = positional(bits, x, format.digits);
      return `${(before + whole).padStart(format.left)}.${fraction.padEnd(format.right)}`;
    }
    const [whole, fraction, exponent] = scientific(bits, x, format.digits);
    return `${(before + whole).padStart(format.left)}.${fraction}e${exponent[0]}${exponent.slice(1).padStart(format.exponent, "0")}`;
  };
}

// The scientific notation is chosen for large numbers (10⁸, or what the dtype's digits are good for), and for small
// ones or a wide range unless `suppress` forbids it. NumPy compares in the dtype itself.
function isScientific(finite: readonly number[], bits: Bits, { suppress }: Required<PrintOptions>): boolean {
  const sizes = finite.filter((x) => x !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  const largest = sizes.reduce((x, y) => Math.max(x, y)),
    smallest = sizes.reduce((x, y) => Math.min(x, y));
  if (largest >= (bits === 64 ? 1e8 : bits === 32 ? 1e6 : 1e3)) return true;
  return !suppress && (smallest < roundTo(bits, 1e-4) || roundTo(bits, largest / smallest) > 1000);
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

function firstDigits({ floatmode, precision }: Required<PrintOptions>): Digits {
  return { precision: floatmode === "unique" ? null : precision, least: 0, unique: floatmode !== "fixed" };
}

function positionalFormat(finite: readonly number[], bits: Bits, o: Required<PrintOptions>): FloatFormat {
  const digits = firstDigits(o),
    plus = o.sign === "+" ? 1 : 0;
  if (finite.length === 0) return { left: 0, right: 0, exponent: -1, digits };
  const parts = finite.map((x) => positional(bits, x, digits));
  const left = Math.max(...parts.map(([whole]) => whole.length + (whole[0] === "-" ? 0 : plus))),
    right = longest(parts.map(([, fraction]) => fraction));
  if (o.floatmode === "maxprec_equal")
    return { left, right, exponent: -1, digits: { ...digits, precision: right, least: right } };
  return { left, right, exponent: -1, digits };
}

function scientificFormat(finite: readonly number[], bits: Bits, o: Required<PrintOptions>): FloatFormat {
  const first = firstDigits(o),
    plus = o.sign === "+" ? 1 : 0,
    parts = finite.map((x) => scientific(bits, x, first));
  const left = Math.max(...parts.map(([whole]) => whole.length + (whole[0] === "-" ? 0 : plus)));
  const precision = longest(parts.map(([, fraction]) => fraction)),
    exponent = longest(parts.map(([, , power]) => power)) - 1;
  // Every item gets as many digits.
  return {
    left,
    right: exponent + 2 + precision,
    exponent,
    digits: { precision, least: precision, unique: first.unique },
  };
}

// ── a 0-d array, and what stands around the items ──

function scalarText(item: Item, dtype: DType): string {
  if (typeof item === "boolean") return item ? "True" : "False";
  if (typeof item === "bigint") return String(item);
  const bits = bitsOf(dtype);
  if (typeof item === "object") {
    const im = floatText(item.im, bits, "");
    if (Object.is(item.re, 0)) return `${im}j`;
    return `(${floatText(item.re, bits, "")}${im.startsWith("-") ? "" : "+"}${im}j)`;
  }
  return dtype.startsWith("float") ? floatText(item, bits, ".0") : String(item);
}

// As Python writes a float: positional from 10⁻⁴ to 10¹⁶, or to what the digits of a shorter dtype are good for.
function floatText(x: number, bits: Bits, whole: string): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
  const all: Digits = { precision: null, least: 0, unique: true },
    size = Math.abs(x);
  if (size === 0 || (size >= 1e-4 && size < (bits === 64 ? 1e16 : bits === 32 ? 1e6 : 1e3))) {
    const [before, after] = positional(bits, x, all);
    return after === "" ? before + whole : `${before}.${after}`;
  }
  const [before, after, exponent] = scientific(bits, x, all);
  return `${before}${after === "" ? "" : `.${after}`}e${exponent}`;
}

function lines(
  ndim: number,
  items: Nested[],
  shown: readonly (readonly (number | null)[])[],
  write: Write,
  o: Required<PrintOptions>,
): string {
  const separator = o.separator.trimEnd();
  const visit = (axis: number, item: Nested, indent: string, width: number): string => {
    if (axis === ndim) return write(item as Item);
    // The dots take no item.
    let next = 0;
    const texts = shown[axis].map((i) =>
      i === null ? "..." : visit(axis + 1, (item as Nested[])[next++], `${indent} `, width - 1),
    );
    if (axis === ndim - 1) return wrapped(texts, indent, width - Math.max(separator.length, 1), o.separator);
    const between = separator + "\n".repeat(ndim - axis - 1) + indent;
    return `[${texts.join(between)}]`;
  };
  return visit(0, items[0], ` ${" ".repeat(o.prefix.length)}`, o.linewidth - o.suffix.length);
}

// The last axis: a new line where the next item would reach beyond the width.
function wrapped(texts: readonly string[], indent: string, width: number, separator: string): string {
  let done = "",
    line = indent;
  texts.forEach((text, i) => {
    if (line.length + text.length > width && line.length > indent.length) {
      done += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += text + (i < texts.length - 1 ? separator : "");
  });
  return `[${(done + line).slice(indent.length)}]`;
}
