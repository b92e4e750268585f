import { NDArray, refuseStranger, shapeOf } from "../array/ndarray.js";
import { isPlain } from "../array/options.js";
import type { DType } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { attempt } from "../base/host.js";
import { isList, shown } from "../base/shown.js";
import { pullHeader } from "../files/npyData.js";
import type { Header } from "../files/npyHeader.js";
import { elementsIn } from "../files/npyStream.js";
import { openSource, type PathLike, pathOf, pullOf } from "../files/source.js";
import { Lazy } from "../operations/lazy.js";
import type { Elements } from "./column.js";

// What columns are found in: arrays, a table, an expression (a mapped array is one), a .npy file.

/** Named arrays. */
export type Columns = Readonly<Record<string, NDArray>>;

/** A table: columns by name. Those that are no arrays of real numbers are left as they are. */
export interface TableLike {
  readonly columns: readonly string[];
  at(name: string): unknown;
}

/** What has the elements of one array: an expression, or the path of a .npy file. */
export type Streamed = Lazy<DType> | PathLike;

/** A column that is gone through. */
export interface NamedElements {
  readonly name: string;
  readonly elements: Elements;
  readonly shape: readonly number[];
}

/** The array that a single column is, and how it is laid out where it comes from a file. */
export interface OneArray extends Pick<Header, "shape" | "fortran"> {
  readonly elements: Elements;
}

/** Whether a value has one array that is gone through in pieces. */
export function isStreamed(value: unknown): value is Streamed {
  return value instanceof Lazy || pathOf(value) !== null;
}

/** Runs `use` with the array that an expression or a file has, while that is open. Errors: a `FileError`; complex elements. */
export function withArray<R>(value: Streamed | NDArray<DType>, call: string, use: (array: OneArray) => R): R {
  if (value instanceof NDArray)
    return use({ elements: value as unknown as NDArray, shape: shapeOf(value), fortran: false }); // whatever its dtype
  if (value instanceof Lazy) {
    refuseComplex(call, value.dtype);
    return use({ elements: value, shape: value.shape, fortran: false });
  }
  using source = openSource(value, call, "a .npy file");
  const header = pullHeader(pullOf(source), source.size);
  refuseComplex(source.name, header.descr.name);
  return use({ ...header, elements: elementsIn(source, header) });
}

function refuseComplex(name: string, dtype: DType): void {
  if (dtype.startsWith("complex")) throw new DTypeError(`${name} is ${dtype}; only real dtypes shrink`);
}

/** Whether a value is a table. */
export function isTable(value: unknown): value is TableLike {
  if (typeof value !== "object" || value === null || isPlain(value) || value instanceof NDArray) return false;
  const { columns, at } = attempt(() => ({ columns: (value as TableLike).columns, at: (value as TableLike).at })) ?? {};
  return isList(columns) && typeof at === "function";
}

/** The columns of a table that are arrays of real numbers, and the others by name. */
export function partsOf(table: TableLike): { arrays: Columns; others: Readonly<Record<string, unknown>> } {
  const arrays: Record<string, NDArray> = {},
    others: Record<string, unknown> = {};
  for (const name of table.columns) {
    const column = table.at(name);
    if (column instanceof NDArray && column.descr.kind !== "c") arrays[name] = column;
    else others[name] = column;
  }
  return { arrays, others };
}

/** Whether a value gives tables one after the other. */
export function givesTables(value: unknown): value is AsyncIterable<unknown> {
  if (typeof value !== "object" || value === null) return false;
  return attempt(() => typeof (value as AsyncIterable<unknown>)[Symbol.asyncIterator] === "function") ?? false;
}

/** The columns of one of the tables that an iterator gives, which may be an object of arrays too. */
export function piecesIn(value: unknown, call: string): ReturnType<typeof partsOf> {
  if (isTable(value)) return partsOf(value);
  refuseStranger(value);
  if (!isPlain(value))
    throw new DTypeError(`${call} reads an iterator of tables; a piece of this one is ${shown(value)}`);
  return { arrays: value as Columns, others: {} }; // what is no array among them is refused with its name
}
