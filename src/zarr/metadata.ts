import { isPlain } from "../array/options.js";
import { type Complex, type Descr, isInteger } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { attempt } from "../base/host.js";
import { checkShape } from "../base/layout.js";
import { plain } from "../base/plain.js";
import { isList, shown } from "../base/shown.js";
import { slot, slots } from "../core/box.js";
import { readElement } from "../core/element.js";
import { checkElement, type ScalarLike, writeElement } from "../core/scalar.js";
import { dtypeOfHeader, typeCode } from "../files/npyDType.js";
import type { Compressor } from "./codec.js";

// `.zarray`, JSON, which says all of an array but its elements: https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html

/** What `.zarray` says. */
export interface Metadata {
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly descr: Descr;
  /** Whether the bytes of elements lie the other way round. */
  readonly swapped: boolean;
  readonly order: "C" | "F";
  readonly compressor: Compressor;
  /** What elements are that no chunk holds; null is zeros. */
  readonly fill: ScalarLike | null;
  readonly separator: "." | "/";
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the text of a `.zarray`; `name` is what errors call it. Errors: a `ValueError`, a `DTypeError` for dtypes. */
export function readMetadata(text: string, name: string): Metadata {
  const bad = (what: string): ValueError => new ValueError(`${name} is no metadata of a Zarr array: ${what}`);
  const json = attempt(() => JSON.parse(text) as unknown);
  if (!isPlain(json)) throw bad("it is no JSON object");
  const all = json as Json; // a plain object has keys
  for (const key of ["zarr_format", "shape", "chunks", "dtype", "compressor", "fill_value", "order", "filters"])
    if (!Object.hasOwn(all, key)) throw bad(`it has no ${key}`);
  const { zarr_format: format, shape, chunks, dtype, order, filters, dimension_separator: separator = "." } = all;
  if (format !== 2) throw bad(`its format is ${told(format)}, and 2 is read here`);
  if (order !== "C" && order !== "F") throw bad(`its order is ${told(order)}, neither "C" nor "F"`);
  if (separator !== "." && separator !== "/")
    throw bad(`its dimension_separator is ${told(separator)}, neither "." nor "/"`);
  if (filters !== null && !(isList(filters) && filters.length === 0))
    throw bad(`it has filters, ${told(filters)}, which are not known here`);
  if (typeof dtype !== "string") throw bad("its dtype is a structured one: write each field as an array of its own");
  const { descr, swapped } = dtypeOfHeader(dtype, shown(dtype)),
    lengths = lengthsOf(shape, "shape", bad),
    blocks = lengthsOf(chunks, "chunks", bad);
  if (blocks.length !== lengths.length)
    throw bad(`its chunks have ${blocks.length} axes, and the array has ${lengths.length}`);
  if (blocks.some((length) => length === 0)) throw bad("a chunk has no elements");
  const compressor = compressorOf(all.compressor, bad),
    fill = fillOf(all.fill_value, descr, text, bad);
  return { shape: lengths, chunks: blocks, descr, swapped, order, compressor, fill, separator };
}

const told = (value: unknown): string => plain(JSON.stringify(value) ?? "undefined");

type Bad = (what: string) => ValueError;

function lengthsOf(value: unknown, what: string, bad: Bad): readonly number[] {
  if (!isList(value) || value.some((length) => !Number.isSafeInteger(length) || (length as number) < 0))
    throw bad(`its ${what}, ${told(value)}, is no list of whole numbers from 0 on`);
  const lengths = attempt(() => checkShape(value as readonly number[])); // all of its items are numbers
  if (lengths === undefined) throw bad(`its ${what}, ${told(value)}, has more axes or elements than any array`);
  return lengths;
}

function compressorOf(value: unknown, bad: Bad): Compressor {
  if (value === null) return null;
  const { id, level = 6 } = (isPlain(value) ? value : {}) as Json; // a plain object has keys
  if (id !== "gzip" && id !== "zlib")
    throw bad(
      `its chunks are compressed by ${told(id)}, and gzip, zlib and null are known here: ` +
        "write them with compressor=numcodecs.GZip() in Python",
    );
  // The level is of no matter to who reads.
  return { id, level: Number.isInteger(level) && Math.abs(level as number) <= 9 ? (level as number) : 6 };
}

const WORDS: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity };

function fillOf(value: unknown, descr: Descr, text: string, bad: Bad): ScalarLike | null {
  if (value === null) return null;
  const wrong = bad(`its fill_value, ${told(value)}, is no ${descr.name}`);
  const real = (part: unknown): number => {
    if (typeof part === "number") return part;
    if (typeof part === "string" && Object.hasOwn(WORDS, part) && !isInteger(descr)) return WORDS[part];
    throw wrong;
  };
  let fill: ScalarLike;
  if (descr.kind === "c" && isList(value) && value.length === 2) fill = { re: real(value[0]), im: real(value[1]) };
  else if (typeof value === "boolean" && descr.kind === "b") fill = value;
  else if (isInteger(descr)) fill = exactly(real(value), text);
  else fill = real(value);
  if (isInteger(descr) && typeof fill === "number" && !Number.isInteger(fill)) throw wrong;
  if (attempt(() => checkElement(fill, descr.code) ?? true) === undefined) throw wrong;
  return stored(fill, descr);
}

// JSON's integers are doubles to JavaScript: beyond 2⁵³ the digits are read themselves.
function exactly(value: number, text: string): number | bigint {
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return value;
  for (const [, digits] of text.matchAll(/"fill_value"\s*:\s*(-?\d+)\b(?![.eE])/g))
    if (Number(digits) === value) return BigInt(digits);
  return BigInt(value);
}

/** A value as an element of the dtype, which may round it. */
export function stored(value: ScalarLike, descr: Descr): ScalarLike {
  const at = slot(slots.result);
  writeElement(descr.code, at, value);
  return readElement(descr, at);
}

/** The text of a `.zarray`. */
export function metadataText(meta: Metadata): string {
  const { descr, swapped, compressor, separator } = meta;
  const fields: readonly (readonly [string, string])[] = [
    ["chunks", JSON.stringify(meta.chunks)],
    ["compressor", compressor === null ? "null" : `{ "id": "${compressor.id}", "level": ${compressor.level} }`],
    ...(separator === "." ? [] : [["dimension_separator", '"/"'] as const]),
    ["dtype", `"${swapped ? typeCode(descr).replace("<", ">") : typeCode(descr)}"`],
    ["fill_value", fillText(meta.fill)],
    ["filters", "null"],
    ["order", `"${meta.order}"`],
    ["shape", JSON.stringify(meta.shape)],
    ["zarr_format", "2"],
  ];
  return `{\n${fields.map(([key, value]) => `    "${key}": ${value}`).join(",\n")}\n}\n`;
}

function fillText(fill: ScalarLike | null): string {
  if (fill === null || typeof fill === "boolean" || typeof fill === "bigint") return String(fill);
  if (typeof fill === "number") return numberText(fill);
  const { re, im } = fill as Complex; // what else a scalar is
  return `[${numberText(re)}, ${numberText(im)}]`;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  return Object.is(value, -0) ? "-0.0" : String(value);
}
