import { copyAs } from "../array/convert.js";
import { MAKER, make, NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, descrOf } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { sameShape, shapeText } from "../base/layout.js";
import { plain } from "../base/plain.js";
import { shown } from "../base/shown.js";
import { rint } from "../elementwise/ufuncs.js";
import { inOrderOf } from "../files/npyData.js";
import { npyPiecesOf } from "../files/npyStream.js";
import { drain, openSink } from "../files/sink.js";
import type { PathLike } from "../files/source.js";
import type { Applied } from "../operations/expression.js";
import { castTo as cast, Lazy, lazy } from "../operations/lazy.js";
import type { ColumnReport } from "./column.js";
import { giveUp as giveUpTable } from "./pieces.js";
import { namedColumns, Report } from "./report.js";
import {
  type Columns,
  givesTables,
  isStreamed,
  isTable,
  type OneArray,
  partsOf,
  piecesIn,
  type Streamed,
  type TableLike,
  withArray,
} from "./sources.js";

const APPLY = takes("shrink.apply(columns, report)", { to: "anything" });

const CALL = "shrink.apply(columns, report)";

/** What `shrink.apply` takes. */
export interface ApplyOptions {
  /** The path of a .npy file to be written, for a single array. */
  to?: PathLike;
}

/** Columns by name: arrays of their new dtypes, and what else there was. */
export type ShrunkTable = Readonly<Record<string, unknown>>;

/** Columns under the same names, each of its own dtype or a smaller one. */
export type Shrunk<C extends Columns> = { [K in keyof C]: NDArray };

/**
 * Gives each column the best dtype of its report, and disposes the old one before the next is begun: at the peak one
 * new column lives beside all of them, and the largest is made first. Where a column views another of them, the memory
 * of both ends with the last. Floats become the nearest whole numbers in
 * integer dtypes. Returns new arrays, and those themselves that stay. The values must be those that were reported:
 * others may saturate. Errors, before anything is changed: columns that are not those of the report, or one array twice.
 * If memory is refused in the middle, the columns done so far take their places in `columns`, and nothing is lost; where
 * they cannot (a frozen object), the old ones are kept until all are done.
 *
 * With `to`, a single array is written to a .npy file of that dtype, block by block: an array in memory, which stays, or
 * one that is not there (the path of a .npy file, a mapped array or another expression). Without `to` the latter becomes an array
 * in memory, in its small dtype from the beginning. A table gives its columns by name; an iterator of tables gives one of
 * such objects, whose arrays are whoever takes them to dispose.
 */
export function apply<D extends DType>(column: NDArray<D>, report: Report): NDArray;
export function apply(array: NDArray<DType> | Streamed, report: Report, options: ApplyOptions & { to: PathLike }): void;
export function apply(array: Streamed, report: Report): NDArray;
export function apply(table: TableLike, report: Report): ShrunkTable;
export function apply(
  tables: AsyncIterable<TableLike | Columns>,
  report: Report,
): AsyncGenerator<ShrunkTable, void, void>;
export function apply<C extends Columns>(columns: C, report: Report): Shrunk<C>;
export function apply(
  columns: NDArray<DType> | Columns | TableLike | Streamed | AsyncIterable<TableLike | Columns>,
  report: Report,
  options?: ApplyOptions,
): NDArray | Columns | ShrunkTable | AsyncGenerator<ShrunkTable, void, void> | void {
  const { to } = APPLY.read(options, arguments.length) as ApplyOptions; // of its table
  if (isStreamed(columns) || to !== undefined) return applyToArray(columns, report, to);
  if (givesTables(columns)) return applyToPieces(columns, checked(report));
  if (!isTable(columns)) return applyTo(columns, report);
  const { arrays, others } = partsOf(columns);
  // Frozen, for a table cannot be given other columns half-way.
  return { ...others, ...(applyTo(Object.freeze(arrays), report) as Columns) }; // columns give columns
}

function applyTo(columns: NDArray<DType> | Columns, report: Report): NDArray | Columns {
  const named = namedColumns(columns, CALL);
  checked(report);
  check(named, report.columns);
  const done: Record<string, NDArray> = Object.fromEntries(named);
  const waiting = report.columns.filter(({ from, best }) => from !== best).sort((a, b) => b.after - a.after);
  const writable = waiting.every(({ name }) => Object.getOwnPropertyDescriptor(columns, name)?.writable),
    kept: NDArray[] = [];
  using work = new Temporaries("shrink.apply");
  try {
    for (const { name, best } of waiting) {
      const old = done[name];
      done[name] = castTo(old, best, "shrink.apply");
      if (writable) giveUp(old, done, work);
      else kept.push(old);
    }
  } catch (error) {
    if (writable) Object.assign(columns, done);
    else kept.forEach((_, k) => void work.use(done[waiting[k].name]));
    throw error;
  }
  for (const old of kept) giveUp(old, done, work);
  return columns instanceof NDArray ? done[named[0][0]] : done;
}

function checked(report: Report): Report {
  if (Report.made(report)) return report;
  throw new ValueError(`shrink.apply takes a report of shrink.report, not ${shown(report)}`);
}

function applyToArray(value: unknown, report: Report, to: PathLike | undefined): NDArray | undefined {
  const [column] = checked(report).columns;
  if (!(value instanceof NDArray || isStreamed(value)))
    throw new DTypeError(
      `shrink.apply with \`to\` writes one array to a .npy file: an array, a mapped array or a path, not ${shown(value)}`,
    );
  if (report.columns.length !== 1)
    throw new ValueError(`a report on ${report.columns.length} columns cannot be applied to one array`);
  return withArray(value, CALL, (array) => {
    checkColumn(column, array.elements.dtype, array.shape);
    if (to !== undefined) {
      drain(npyPiecesOf(small(array, column), array, "shrink.apply"), openSink(to, "shrink.apply"));
      return undefined;
    }
    using work = new Temporaries("shrink.apply");
    const out = work.use(new Lazy(small(array, column), MAKER).evaluate());
    return inOrderOf(array, out, work);
  });
}

// The elements in the best dtype, in integers the nearest whole numbers.
function small({ elements }: OneArray, { best }: ColumnReport): Applied {
  const to = descrOf(best),
    whole = elements.descr.kind === "f" && to.kind !== "f";
  const expression = elements instanceof Lazy ? elements : lazy(elements);
  return cast(whole ? rint(expression) : expression, to);
}

async function* applyToPieces(tables: AsyncIterable<unknown>, report: Report): AsyncGenerator<ShrunkTable, void, void> {
  for await (const table of tables) {
    let done: ShrunkTable;
    try {
      done = shrunkPiece(table, report);
    } catch (error) {
      giveUpTable(table);
      throw error;
    }
    yield done;
  }
}

// What stays as it is, is passed on; what has a smaller form is given up.
function shrunkPiece(table: unknown, { columns }: Report): ShrunkTable {
  const { arrays, others } = piecesIn(table, CALL),
    named = namedColumns(arrays, CALL);
  checkNames(named, columns);
  named.forEach(([, array], k) => {
    checkColumn(columns[k], array.dtype);
  });
  using work = new Temporaries("shrink.apply");
  const made = named.map(([name, array], k) => {
    const { best } = columns[k];
    return [name, best === array.dtype ? array : work.use(castTo(array, best, "shrink.apply"))] as const;
  });
  made.forEach(([, array], k) => {
    if (array !== named[k][1]) named[k][1].dispose();
    work.release(array);
  });
  return { ...others, ...Object.fromEntries(made) };
}

// What disposes an array ends its views, and a column may be one.
function giveUp(old: NDArray, columns: Readonly<Record<string, NDArray>>, work: Temporaries): void {
  if (Object.values(columns).some(({ buffer }) => buffer === old.buffer)) work.drop(old);
  else old.dispose();
}

/** A column in another dtype, in integers the nearest whole numbers. Returns a copy. @internal */
export function castTo(column: NDArray, dtype: DType, op: string): NDArray {
  const to = descrOf(dtype);
  if (column.descr.kind !== "f" || to.kind === "f") return copyAs(column, dtype, op, "dtype");
  return rint(column, { out: make(shapeOf(column), to, op, "dtype"), casting: "unsafe" });
}

function check(named: readonly [string, NDArray][], reports: readonly ColumnReport[]): void {
  checkNames(named, reports);
  named.forEach(([name, column], k) => {
    checkColumn(reports[k], column.dtype, shapeOf(column));
    const twin = named.findIndex(([, other]) => other === column);
    if (twin < k) throw new ValueError(`columns ${shown(named[twin][0])} and ${shown(name)} are one array`);
  });
}

function checkNames(named: readonly [string, NDArray][], reports: readonly ColumnReport[]): void {
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => plain(name)).join(", ");
  const given = names(named.map(([name]) => ({ name })));
  if (named.length !== reports.length || named.some(([name], k) => name !== reports[k].name))
    throw new ValueError(`a report on the columns ${names(reports)} cannot be applied to ${given}`);
}

// Without a shape it is a piece of the column.
function checkColumn({ name, from, shape }: ColumnReport, dtype: DType, given?: readonly number[]): void {
  if (dtype === from && (given === undefined || sameShape(given, shape))) return;
  const is = given === undefined ? dtype : `${dtype} ${shapeText(given)}`;
  throw new ValueError(`column ${shown(name)} was ${from} ${shapeText(shape)} when it was reported, and is ${is}`);
}
