import { NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { sameShape, shapeText } from "../base/layout.js";
import { formatBytes } from "../base/units.js";
import { absolute } from "../elementwise/magnitude.js";
import { nanToNum } from "../elementwise/nanToNum.js";
import { divide, subtract } from "../elementwise/ufuncs.js";
import { checkArray, checkFunction } from "../memory/common/args.js";
import { Table } from "../memory/common/table.js";
import { columns } from "../memory/common/text.js";
import { max } from "../reducing/reductions.js";
import { castTo } from "./apply.js";
import { errorText } from "./numbers.js";
import { report } from "./report.js";
import type { CandidateDType } from "./tally.js";

const CALL = "shrink.sweep(x, fn, dtypes)",
  SWEEP = takes(CALL);

/** What a function can give to be compared. */
export type SweepResult = number | bigint | boolean | NDArray<DType>;

/** What a function makes of a column in one dtype. */
export interface SweepRow {
  readonly dtype: DType;
  /** Bytes of the column. */
  readonly nbytes: number;
  /** The largest error of the column's values. */
  readonly dataAbs: number;
  /** The largest errors of the result beside that of the column's own dtype; NaN where the function was not run. */
  readonly maxAbs: number;
  readonly maxRel: number;
  /** Why the function was not run: values that the dtype cannot hold. Else empty. */
  readonly why: string;
}

/**
 * Runs a function on a column as it is and in each of some smaller dtypes (all that are), and tells the errors of its
 * result instead of those of the data. The column is copied for each and the copy disposed, as are arrays that the
 * function returns. A dtype that cannot hold the values is not tried. Returns rows that print themselves as a table.
 * Errors: those of `shrink.report`; a `ShapeError` or `DTypeError` for results that cannot be compared.
 */
export function sweep(
  x: NDArray<DType>,
  fn: (column: NDArray) => SweepResult,
  dtypes?: readonly CandidateDType[],
): Table<SweepRow> {
  SWEEP.count(arguments.length);
  checkArray(x, CALL);
  checkFunction(fn, CALL);
  const {
    columns: [{ candidates, from }],
  } = report(x, { abs: Number.POSITIVE_INFINITY, candidates: dtypes });
  using work = new Temporaries("shrink.sweep");
  const own = x,
    due = fn(own);
  if (due !== own) takeOver(due, work);
  const rows = candidates.map(({ dtype, itemsize, maxAbs: dataAbs, why }): SweepRow => {
    const row = { dtype, nbytes: x.size * itemsize, dataAbs, why };
    return why === ""
      ? { ...row, ...inDType(own, dtype, fn, due) }
      : { ...row, maxAbs: Number.NaN, maxRel: Number.NaN };
  });
  const first = { dtype: from, nbytes: x.nbytes, dataAbs: 0, maxAbs: 0, maxRel: 0, why: "" };
  const all = [first, ...rows];
  return Table.printed(all, () => sweepText(all));
}

function inDType(x: NDArray, dtype: DType, fn: (column: NDArray) => SweepResult, due: SweepResult): Errors {
  using work = new Temporaries("shrink.sweep");
  const got = fn(work.use(castTo(x, dtype, "shrink.sweep")));
  takeOver(got, work);
  return errorsOf(got, due);
}

function takeOver(result: SweepResult, work: Temporaries): void {
  if (result instanceof NDArray) work.use(result);
}

interface Errors {
  readonly maxAbs: number;
  readonly maxRel: number;
}

function errorsOf(got: SweepResult, due: SweepResult): Errors {
  if (got instanceof NDArray && due instanceof NDArray) return errorsOfArrays(got, due);
  if (!isNumber(got) || !isNumber(due)) throw new DTypeError("sweep compares real numbers or arrays of them");
  const [value, truth] = [Number(got), Number(due)],
    maxAbs = Object.is(value, truth) ? 0 : Math.abs(value - truth);
  return { maxAbs, maxRel: maxAbs === 0 ? 0 : maxAbs / Math.abs(truth) };
}

function isNumber(value: SweepResult): value is number | bigint | boolean {
  return ["number", "bigint", "boolean"].includes(typeof value);
}

function errorsOfArrays(got: NDArray<DType>, due: NDArray<DType>): Errors {
  for (const { descr } of [got, due])
    if (descr.kind === "c") throw new DTypeError("sweep compares real numbers or arrays of them");
  if (!sameShape(shapeOf(got), shapeOf(due)))
    throw new ShapeError(`results of shapes ${shapeText(shapeOf(due))} ${shapeText(shapeOf(got))} cannot be compared`);
  if (got.size === 0) return { maxAbs: 0, maxRel: 0 };
  using work = new Temporaries("shrink.sweep");
  const error = work.copy(got, "dtype", "float64");
  absolute(subtract(error, due, { out: error }), { out: error });
  const maxAbs = max(error);
  if (maxAbs === 0) return { maxAbs, maxRel: 0 };
  absolute(divide(error, due, { out: error }), { out: error });
  // What stands beside a zero is ∞, and NaN where both are: as elsewhere, zeros are left out.
  nanToNum(error, { copy: false, posinf: 0 });
  return { maxAbs, maxRel: max(error) };
}

function sweepText(rows: readonly SweepRow[]): string {
  const head = ["dtype", "bytes", "data error", "result error", "relative"];
  const lines = rows.map(({ dtype, nbytes, dataAbs, maxAbs, maxRel, why }) => [
    dtype,
    formatBytes(nbytes),
    ...(why === "" ? [errorText(dataAbs), errorText(maxAbs), errorText(maxRel), ""] : ["", "", "", why]),
  ]);
  return columns([[...head, ""], ...lines], "<>>>>~");
}
