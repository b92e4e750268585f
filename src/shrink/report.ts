import type { DType } from "../dtype.js";
import { DTypeError, ValueError } from "../errors.js";
import { live, NDArray } from "../ndarray.js";
import { analyse, type ColumnReport } from "./column.js";
import { reportText } from "./reportText.js";
import { type CandidateDType, candidates, type Tolerance } from "./tally.js";
import { Work } from "./work.js";

/** Named arrays. */
export type Columns = Readonly<Record<string, NDArray>>;

/** What `shrink.report` takes. */
export interface ReportOptions {
  /** The largest error of a value that is accepted: of all columns, or by their names. */
  abs?: number | Readonly<Record<string, number>>;
  /** The largest error in proportion to the value. */
  rel?: number | Readonly<Record<string, number>>;
  /** The dtypes to try: all of 8 to 32 bits if not given. */
  candidates?: readonly CandidateDType[];
}

// Without a tolerance six figures are enough: float32 keeps them wherever it does not overflow, float16 does not.
const SIX_FIGURES = 1e-6;

/** How small the dtypes of some columns can be. Prints itself as a table of 80 columns. */
export class Report {
  readonly columns: readonly ColumnReport[];
  /** Bytes of all columns, as they are and in their best dtypes, and the share that is saved. */
  readonly before: number;
  readonly after: number;
  readonly saving: number;

  /** @internal Reports are made by `shrink.report`. */
  constructor(columns: readonly ColumnReport[]) {
    this.columns = columns;
    this.before = columns.reduce((sum, { before }) => sum + before, 0);
    this.after = columns.reduce((sum, { after }) => sum + after, 0);
    this.saving = this.before === 0 ? 0 : 1 - this.after / this.before;
  }

  toString(): string {
    return reportText(this);
  }
}

/**
 * Finds for each column (an array, or named arrays, of real dtypes) the dtype of the fewest bytes that keeps every value
 * within the tolerance, and what every other would lose: values out of its range, NaNs, the largest errors. Without
 * `abs` and `rel` the relative error may be 1e-6; `{ abs: 0 }` accepts only what changes no value. One pass over each
 * column; allocates 57 KiB of scratch whatever their size. Errors: `DTypeError`, `ValueError`, `DisposedError`.
 */
export function report(columns: NDArray<DType> | Columns, options: ReportOptions = {}): Report {
  const named = namedColumns(columns),
    tried = checkCandidates(options.candidates),
    tolerances = named.map(([name]) => toleranceOf(name, options));
  checkNames(named, options);
  const work = new Work("shrink.report");
  try {
    return new Report(named.map(([name, column], k) => analyse(name, column, tolerances[k], tried, work)));
  } finally {
    work.release();
  }
}

/** The columns with their names: a single array is called `array`. Throws for what is no live array of a real dtype. @internal */
export function namedColumns(columns: NDArray<DType> | Columns): [name: string, column: NDArray][] {
  const named = columns instanceof NDArray ? [["array", columns] as [string, NDArray]] : Object.entries(columns ?? {});
  for (const [name, column] of named) {
    if (!(column instanceof NDArray)) throw new DTypeError(`column '${name}' is no array but ${kindOf(column)}`);
    live(column);
    if (column.descr.kind === "c") throw new DTypeError(`column '${name}' is ${column.dtype}; only real dtypes shrink`);
  }
  return named;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
}

function checkCandidates(given: readonly CandidateDType[] = candidates): readonly CandidateDType[] {
  const unknown = given.find((dtype) => !candidates.includes(dtype));
  if (unknown !== undefined) throw new DTypeError(`candidates are ${candidates.join(", ")}, not '${String(unknown)}'`);
  return candidates.filter((dtype) => given.includes(dtype));
}

function checkNames(named: readonly [string, NDArray][], { abs, rel }: ReportOptions): void {
  for (const given of [abs, rel]) {
    if (typeof given !== "object") continue;
    const unknown = Object.keys(given).find((key) => !named.some(([name]) => name === key));
    if (unknown !== undefined) throw new ValueError(`a tolerance for '${unknown}', which is no column`);
  }
}

function toleranceOf(name: string, options: ReportOptions): Tolerance {
  const [abs, rel] = (["abs", "rel"] as const).map((key) => {
    const given = options[key],
      value = typeof given === "object" && Object.hasOwn(given, name) ? given[name] : given;
    if (value === undefined || typeof value === "object") return undefined;
    if (typeof value !== "number" || !(value >= 0))
      throw new ValueError(`${key} is an error of 0 or more, not ${String(value)}`);
    return value;
  });
  if (abs === undefined && rel === undefined) return { abs: Number.POSITIVE_INFINITY, rel: SIX_FIGURES };
  return { abs: abs ?? Number.POSITIVE_INFINITY, rel: rel ?? Number.POSITIVE_INFINITY };
}
