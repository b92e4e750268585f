import { live, NDArray, refuseStranger } from "../array/ndarray.js";
import { isPlain, takes } from "../array/options.js";
import { atMost } from "../base/arity.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { isList, shown } from "../base/shown.js";
import { analyse, type ColumnReport } from "./column.js";
import { giveUp, Pieces } from "./pieces.js";
import { reportText } from "./reportText.js";
import {
  type Columns,
  givesTables,
  isStreamed,
  isTable,
  type NamedElements,
  partsOf,
  piecesIn,
  type Streamed,
  type TableLike,
  withArray,
} from "./sources.js";
import { type CandidateDType, candidates, type Tolerance } from "./tally.js";
import { Work } from "./work.js";

/** What `shrink.report` takes. */
export interface ReportOptions {
  /** The largest error of a value that is accepted: of all columns, or by their names. None if neither is given. */
  abs?: number | Readonly<Record<string, number>>;
  /** The largest error in proportion to the value. */
  rel?: number | Readonly<Record<string, number>>;
  /** The dtypes to try: all of 8 to 32 bits if not given. */
  candidates?: readonly CandidateDType[];
}

const REPORT = takes("shrink.report(columns)", { abs: "anything", rel: "anything", candidates: "anything" });

// Who asks for no tolerance gets the same values: identifiers stay distinct, sums stay what they were.
const LOSSLESS: Tolerance = { abs: 0, rel: Number.POSITIVE_INFINITY };

/** How small the dtypes of some columns can be. Prints itself as a table of 80 columns. */
export class Report {
  readonly columns: readonly ColumnReport[];
  /** Bytes of all columns, as they are and in their best dtypes, and the share that is saved. */
  readonly before: number;
  readonly after: number;
  readonly saving: number;
  /** The columns of a table that are no arrays of real numbers: they are left as they are. */
  readonly left: readonly string[];

  // Says that it was made here, whatever an object pretends to be.
  readonly #made = true;

  /** @internal Reports are made by `shrink.report`. */
  constructor(columns: readonly ColumnReport[], left: readonly string[] = []) {
    this.columns = columns;
    this.left = left;
    this.before = columns.reduce((sum, { before }) => sum + before, 0);
    this.after = columns.reduce((sum, { after }) => sum + after, 0);
    this.saving = this.before === 0 ? 0 : 1 - this.after / this.before;
  }

  /** Whether a value is a report. @internal */
  static made(value: unknown): value is Report {
    return typeof value === "object" && value !== null && #made in value;
  }

  toString(): string {
    atMost(0, arguments.length, "toString()");
    return reportText(this);
  }
}

/**
 * Finds for each column (an array, or named arrays, of real dtypes) the dtype of the fewest bytes that changes no value
 * (-0 and 0 are one), or with `abs` or `rel` the one that keeps every value within them, and what every other would lose:
 * values out of its range, NaNs, the largest errors. One pass over each column; allocates 57 KiB of scratch whatever their
 * size. Data that are not in memory stay there: the path of a .npy file, a mapped array or another expression are gone
 * through in blocks; an async iterator of tables (`readCsv`) gives a promise, and each of its tables is disposed once it
 * was read. Errors: `ArgumentError`, `DTypeError`, `ValueError`, `DisposedError`, `FileError`.
 */
export function report(columns: NDArray<DType> | Columns | TableLike | Streamed, given?: ReportOptions): Report;
export function report(tables: AsyncIterable<TableLike | Columns>, given?: ReportOptions): Promise<Report>;
export function report(
  columns: NDArray<DType> | Columns | TableLike | Streamed | AsyncIterable<TableLike | Columns>,
  given?: ReportOptions,
): Report | Promise<Report> {
  const options: ReportOptions = REPORT.read(given, arguments.length);
  if (isStreamed(columns))
    return withArray(columns, CALL, ({ elements, shape }) => reportOf([{ name: "array", elements, shape }], options));
  if (givesTables(columns)) return reportOfPieces(columns, options);
  const { arrays, others } = isTable(columns) ? partsOf(columns) : { arrays: columns, others: {} };
  const named = namedColumns(arrays, CALL).map(([name, elements]) => ({ name, elements, shape: elements.shape }));
  return reportOf(named, options, Object.keys(others));
}

const CALL = "shrink.report(columns)";

function reportOf(columns: readonly NamedElements[], options: ReportOptions, left: readonly string[] = []): Report {
  const dtypes = checkCandidates(options.candidates),
    tolerances = tolerancesOf(
      columns.map(({ name }) => name),
      options,
    );
  const work = new Work("shrink.report");
  try {
    return new Report(
      columns.map(({ name, elements, shape }, k) =>
        analyse(name, elements, shape, { tolerance: tolerances[k], dtypes }, work),
      ),
      left,
    );
  } finally {
    work.release();
  }
}

async function reportOfPieces(tables: AsyncIterable<unknown>, options: ReportOptions): Promise<Report> {
  const dtypes = checkCandidates(options.candidates);
  toleranceOf("", options);
  let pieces: Pieces | null = null,
    left: readonly string[] = [];
  try {
    for await (const table of tables) {
      try {
        const { arrays, others } = piecesIn(table, CALL),
          names = namedColumns(arrays, CALL).map(([name]) => name);
        if (pieces === null) {
          const tolerances = tolerancesOf(names, options);
          pieces = new Pieces(arrays, (name) => ({ tolerance: tolerances[names.indexOf(name)], dtypes }));
          left = Object.keys(others);
        }
        pieces.add(arrays);
      } finally {
        giveUp(table);
      }
    }
    return new Report(pieces?.finish() ?? [], left);
  } finally {
    pieces?.[Symbol.dispose]();
  }
}

/** The columns with their names: a single array is called `array`. Throws for what is no live array of a real dtype. @internal */
export function namedColumns(columns: NDArray<DType> | Columns, call: string): [name: string, column: NDArray][] {
  const single = columns instanceof NDArray;
  if (!single) {
    refuseStranger(columns);
    if (!isPlain(columns)) throw new DTypeError(`${call} takes an array or an object of arrays, not ${shown(columns)}`);
  }
  const named = single ? [["array", columns] as [string, NDArray]] : Object.entries(columns);
  for (const [name, column] of named) {
    refuseStranger(column);
    if (!(column instanceof NDArray)) throw new DTypeError(`column ${shown(name)} is no array but ${shown(column)}`);
    live(column);
    if (column.descr.kind === "c")
      throw new DTypeError(`column ${shown(name)} is ${column.dtype}; only real dtypes shrink`);
  }
  return named;
}

function checkCandidates(given: readonly CandidateDType[] = candidates): readonly CandidateDType[] {
  if (!isList(given)) throw new DTypeError(`candidates are a list of dtypes, not ${shown(given)}`);
  const wanted = new Set<CandidateDType>();
  for (let k = 0; k < given.length; k++) {
    const dtype = given[k];
    if (!candidates.includes(dtype))
      throw new DTypeError(`candidates are ${candidates.join(", ")}, not ${shown(dtype)}`);
    wanted.add(dtype);
  }
  return candidates.filter((dtype) => wanted.has(dtype));
}

function tolerancesOf(names: readonly string[], options: ReportOptions): Tolerance[] {
  const tolerances = names.map((name) => toleranceOf(name, options));
  if (names.length === 0) toleranceOf("", options);
  checkNames(names, options);
  return tolerances;
}

function checkNames(names: readonly string[], { abs, rel }: ReportOptions): void {
  for (const given of [abs, rel]) {
    if (!isPlain(given)) continue;
    const unknown = Object.keys(given as object).find((key) => !names.includes(key));
    if (unknown !== undefined) throw new ValueError(`a tolerance for ${shown(unknown)}, which is no column`);
  }
}

function toleranceOf(name: string, options: ReportOptions): Tolerance {
  const [abs, rel] = (["abs", "rel"] as const).map((key) => {
    const given = options[key],
      // What is plain has keys that are columns: they were checked.
      byName = isPlain(given) ? (given as Readonly<Record<string, number>>) : null,
      value = byName === null ? given : Object.hasOwn(byName, name) ? byName[name] : undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !(value >= 0))
      throw new ValueError(`${key} is an error of 0 or more, not ${shown(value)}`);
    return value;
  });
  if (abs === undefined && rel === undefined) return LOSSLESS;
  return { abs: abs ?? Number.POSITIVE_INFINITY, rel: rel ?? Number.POSITIVE_INFINITY };
}
