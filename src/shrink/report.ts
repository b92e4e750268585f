import { live, NDArray, refuseStranger } from "../array/ndarray.js";
import { isPlain, takes } from "../array/options.js";
import { atMost } from "../base/arity.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { isList, shown } from "../base/shown.js";
import { analyse, type ColumnReport } from "./column.js";
import { reportText } from "./reportText.js";
import { type CandidateDType, candidates, type Tolerance } from "./tally.js";
import { Work } from "./work.js";

/** Named arrays. */
export type Columns = Readonly<Record<string, NDArray>>;

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

  // Says that it was made here, whatever an object pretends to be.
  readonly #made = true;

  /** @internal Reports are made by `shrink.report`. */
  constructor(columns: readonly ColumnReport[]) {
    this.columns = columns;
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
 * size. Errors: `ArgumentError`, `DTypeError`, `ValueError`, `DisposedError`.
 */
export function report(columns: NDArray<DType> | Columns, given?: ReportOptions): Report {
  const options: ReportOptions = REPORT.read(given, arguments.length),
    named = namedColumns(columns, "shrink.report(columns)"),
    tried = checkCandidates(options.candidates),
    tolerances = named.map(([name]) => toleranceOf(name, options));
  if (named.length === 0) toleranceOf("", options);
  checkNames(named, options);
  const work = new Work("shrink.report");
  try {
    return new Report(named.map(([name, column], k) => analyse(name, column, tolerances[k], tried, work)));
  } finally {
    work.release();
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

function checkNames(named: readonly [string, NDArray][], { abs, rel }: ReportOptions): void {
  for (const given of [abs, rel]) {
    if (!isPlain(given)) continue;
    const unknown = Object.keys(given as object).find((key) => !named.some(([name]) => name === key));
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
