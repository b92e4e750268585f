import type { ArrayLike, DTypeOf } from "../array/convert.js";
import { MAKER, shapeOf } from "../array/ndarray.js";
import { isPlain, takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, descrOf } from "../base/dtype.js";
import { DTypeError, FileError, ValueError } from "../base/errors.js";
import { attempt, textOf, utf8Of } from "../base/host.js";
import { checkShape, type ShapeLike, sizeOfShape } from "../base/layout.js";
import { shown } from "../base/shown.js";
import { checkElement, isScalar, type ScalarLike } from "../core/scalar.js";
import type { PathLike } from "../files/source.js";
import type { Compressor } from "./codec.js";
import { type Metadata, metadataText, readMetadata, stored } from "./metadata.js";
import { type Hierarchy, hierarchyOf, prefixOf, type ZarrStore } from "./store.js";
import { ZarrArray } from "./zarrArray.js";

/** What `openZarr` takes. */
export interface OpenZarrOptions {
  /** Where the array is within the store, below its groups: `"weather/temperature"`. */
  path?: string;
}

/** What `saveZarr` takes. */
export interface SaveZarrOptions extends OpenZarrOptions {
  /** Lengths of a chunk; one number for all axes. If not given, the longest axis is halved until a chunk has 4 MiB at most. */
  chunks?: ShapeLike;
  /** How chunks are compressed: not at all if not given. */
  compressor?: "gzip" | "zlib" | { id: "gzip" | "zlib"; level?: number } | null;
  /** What elements are that no chunk holds: 0 if not given. */
  fillValue?: ScalarLike | null;
  /** The order of elements within a chunk. */
  order?: "C" | "F";
  /** Names and values of the user's own, which JSON can hold. */
  attrs?: Readonly<Record<string, unknown>>;
  /** Whether an array that is there is replaced. */
  overwrite?: boolean;
}

/** What `createZarr` takes. */
export interface CreateZarrOptions<D extends DType = DType> extends SaveZarrOptions {
  /** float64 if not given. */
  dtype?: D;
  shape: ShapeLike;
}

const WRITING = {
  path: "string",
  chunks: "anything",
  compressor: "anything",
  fillValue: "anything",
  order: "order",
  attrs: "anything",
  overwrite: "boolean",
} as const;

const OPEN = takes("openZarr(store)", { path: "string" }),
  SAVE = takes("saveZarr(a, store)", WRITING),
  CREATE = takes("createZarr(store)", { shape: "anything", dtype: "dtype", ...WRITING });

/** Bytes of a chunk at most, if its lengths are not given. */
const MOST = 4 * 2 ** 20;

/** The longest metadata that is read: no honest array has more. */
const MOST_TEXT = 2 ** 20;

/**
 * Opens a Zarr array of format 2: a directory, or a store of the caller's, a `Map` among them. Reads its metadata alone;
 * `await z.read("0:10")` reads the chunks that it needs. Raw, gzip and zlib chunks, both orders, both byte orders. Errors: a
 * `FileError` where there is none; a `ValueError` for metadata that is none, or asks for what is not known here; a
 * `DTypeError` for a dtype that this engine has not.
 */
export async function openZarr<D extends DType = DType>(
  store: PathLike | ZarrStore,
  options?: OpenZarrOptions,
): Promise<ZarrArray<D>> {
  const { path = "" } = OPEN.read(options, arguments.length),
    from = hierarchyOf(store, "openZarr"),
    prefix = prefixOf(path),
    text = await textIn(from, `${prefix}.zarray`);
  if (text === null) throw await notThere(from, prefix);
  const attrs = attrsOf(await textIn(from, `${prefix}.zattrs`), told(from, `${prefix}.zattrs`));
  return new ZarrArray<D>(from, prefix, readMetadata(text, told(from, `${prefix}.zarray`)), attrs, MAKER);
}

/**
 * Makes a Zarr array without chunks: all of it is `fillValue` until `write` brings others. Errors: a `ValueError` where
 * there is an array already, unless `overwrite` says that it may go.
 */
export async function createZarr<D extends DType = "float64">(
  store: PathLike | ZarrStore,
  options: CreateZarrOptions<D>,
): Promise<ZarrArray<D>> {
  const read = CREATE.read(options, arguments.length);
  if (read.shape === undefined) throw new ValueError("createZarr takes a shape: createZarr(path, { shape: [3, 4] })");
  return made<D>("createZarr", store, checkShape(read.shape), read.dtype ?? "float64", read);
}

/**
 * Writes an array as a Zarr array of format 2, chunk by chunk, straight from engine memory; a chunk that reaches beyond the
 * end is made in memory first, one at a time. Returns what `openZarr` gives. Errors: those of `createZarr`; a `FileError`.
 */
export async function saveZarr<const T extends ArrayLike>(
  a: T,
  store: PathLike | ZarrStore,
  options?: SaveZarrOptions,
): Promise<ZarrArray<DTypeOf<T>>> {
  const read = SAVE.read(options, arguments.length);
  using work = new Temporaries("saveZarr");
  const x = work.array(a),
    z = await made("saveZarr", store, shapeOf(x), x.dtype, read);
  await z.write("...", x);
  return z as unknown as ZarrArray<DTypeOf<T>>; // of the dtype of x
}

async function made<D extends DType>(
  op: string,
  store: unknown,
  shape: readonly number[],
  dtype: DType,
  options: SaveZarrOptions,
): Promise<ZarrArray<D>> {
  const { path = "", order = "C", fillValue = 0, attrs = {}, overwrite = false } = options,
    to = hierarchyOf(store, op),
    prefix = prefixOf(path),
    descr = descrOf(dtype);
  if (fillValue !== null && !isScalar(fillValue))
    throw new DTypeError(`a fillValue is a number, not ${shown(fillValue)}`);
  if (fillValue !== null) checkElement(fillValue, descr.code);
  const meta: Metadata = {
    shape,
    chunks: chunksFor(shape, descr.itemsize, options.chunks),
    descr,
    swapped: false,
    order,
    compressor: compressorFor(options.compressor),
    fill: fillValue === null ? null : stored(fillValue, descr),
    separator: ".",
  };
  const said = isPlain(attrs) ? attempt(() => JSON.stringify(attrs, null, 4)) : undefined;
  if (said === undefined) throw new ValueError(`attrs are a plain object that JSON can hold, not ${shown(attrs)}`);
  await makeRoom(to, prefix, overwrite);
  await makeGroups(to, prefix);
  const attributes = attrsOf(said, "attrs");
  if (Object.keys(attributes).length > 0) await to.write(`${prefix}.zattrs`, [utf8Of(said)]);
  await to.write(`${prefix}.zarray`, [utf8Of(metadataText(meta))]);
  return new ZarrArray<D>(to, prefix, meta, attributes, MAKER);
}

function chunksFor(shape: readonly number[], itemsize: number, given: ShapeLike | undefined): readonly number[] {
  if (given === undefined) {
    const chunks = shape.map((length) => Math.max(1, length));
    while (sizeOfShape(chunks) * itemsize > MOST) {
      const longest = chunks.indexOf(Math.max(...chunks));
      chunks[longest] = Math.ceil(chunks[longest] / 2);
    }
    return chunks;
  }
  const lengths = typeof given === "object" ? checkShape(given) : shape.map(() => checkShape(given)[0]);
  if (lengths.length !== shape.length)
    throw new ValueError(`chunks have a length for each axis: ${shape.length}, not ${lengths.length}`);
  if (lengths.includes(0)) throw new ValueError("a chunk has one element at least along each axis");
  return lengths;
}

function compressorFor(given: SaveZarrOptions["compressor"]): Compressor {
  if (given === undefined || given === null) return null;
  const { id, level = 6 } = typeof given === "string" ? { id: given } : isPlain(given) ? given : { id: null };
  if ((id !== "gzip" && id !== "zlib") || !Number.isInteger(level) || level < 0 || level > 9)
    throw new ValueError(
      `compressor is null, "gzip", "zlib" or { id: "gzip", level: 6 } with a level from 0 to 9, not ${shown(given)}`,
    );
  return { id, level };
}

async function textIn(from: Hierarchy, key: string): Promise<string | null> {
  const found = await from.read(key);
  if (found === null) return null;
  using source = found;
  if (source.size > MOST_TEXT) throw new ValueError(`${told(from, key)} has ${source.size} bytes: it is no metadata`);
  const bytes = new Uint8Array(source.size);
  return textOf(bytes.subarray(0, source.read(0, bytes)));
}

const told = (from: Hierarchy, key: string): string => `${key} of ${from.name}`;

function attrsOf(text: string | null, name: string): Readonly<Record<string, unknown>> {
  const attrs = text === null ? {} : attempt(() => JSON.parse(text) as unknown);
  if (!isPlain(attrs)) throw new ValueError(`${name} is no JSON object`);
  return Object.freeze(attrs as Record<string, unknown>); // a plain object has keys
}

// Why there is no array: what is there instead.
async function notThere(from: Hierarchy, prefix: string): Promise<Error> {
  const where = `${from.name}${prefix === "" ? "" : `, ${shown(prefix.slice(0, -1))}`}`;
  if ((await textIn(from, `${prefix}zarr.json`)) !== null)
    return new ValueError(`${where} is of Zarr's format 3, and 2 is read here: write it with zarr_format=2 in Python`);
  if ((await textIn(from, `${prefix}.zgroup`)) === null)
    return new FileError("ENOENT", from.name, `No Zarr array${prefix === "" ? "" : ` ${shown(prefix.slice(0, -1))}`}`);
  const arrays = await arraysBelow(from, prefix);
  return new ValueError(
    `${where} is a Zarr group: open one of its arrays, { path: … }: ${arrays.map(shown).join(", ") || "it has none"}`,
  );
}

async function arraysBelow(from: Hierarchy, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for (const key of await from.list(prefix)) if (key.endsWith("/.zarray")) names.push(key.slice(0, -"/.zarray".length));
  return names.sort().slice(0, 20);
}

async function makeRoom(to: Hierarchy, prefix: string, overwrite: boolean): Promise<void> {
  const there = (await textIn(to, `${prefix}.zarray`)) !== null;
  if (!there && (await textIn(to, `${prefix}.zgroup`)) !== null)
    throw new ValueError(`path ${shown(prefix.slice(0, -1))} of ${to.name} contains a group`);
  if (!there) return;
  if (!overwrite)
    throw new ValueError(
      `path ${shown(prefix.slice(0, -1))} of ${to.name} contains an array: { overwrite: true } replaces it`,
    );
  // What tells what is there goes last: until then it is an array, with chunks missing.
  const keys = [...(await to.list(prefix))].filter((key) =>
    /^(\d+([./]\d+)*|\.zattrs)$/.test(key.slice(prefix.length)),
  );
  for (const key of keys) await to.remove(key);
  await to.remove(`${prefix}.zarray`);
}

// An array within a store has groups above it.
async function makeGroups(to: Hierarchy, prefix: string): Promise<void> {
  const names = prefix.split("/").slice(0, -2);
  for (let n = 0; prefix !== "" && n <= names.length; n++) {
    const above = names
      .slice(0, n)
      .map((name) => `${name}/`)
      .join("");
    if ((await textIn(to, `${above}.zarray`)) !== null)
      throw new ValueError(`path ${shown(above.slice(0, -1))} of ${to.name} contains an array`);
    if ((await textIn(to, `${above}.zgroup`)) === null)
      await to.write(`${above}.zgroup`, [utf8Of('{\n    "zarr_format": 2\n}\n')]);
  }
}
