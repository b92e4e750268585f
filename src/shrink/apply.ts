import { copyAs } from "../array/convert.js";
import { make, NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, descrOf } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { sameShape, shapeText } from "../base/layout.js";
import { plain } from "../base/plain.js";
import { shown } from "../base/shown.js";
import { rint } from "../elementwise/ufuncs.js";
import type { ColumnReport } from "./column.js";
import { type Columns, namedColumns, Report } from "./report.js";

const APPLY = takes("shrink.apply(columns, report)");

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
 */
export function apply<D extends DType>(column: NDArray<D>, report: Report): NDArray;
export function apply<C extends Columns>(columns: C, report: Report): Shrunk<C>;
export function apply(columns: NDArray | Columns, report: Report): NDArray | Columns {
  APPLY.count(arguments.length);
  const named = namedColumns(columns, "shrink.apply(columns, report)");
  if (!Report.made(report)) throw new ValueError(`shrink.apply takes a report of shrink.report, not ${shown(report)}`);
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
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => plain(name)).join(", ");
  const given = names(named.map(([name]) => ({ name })));
  if (named.length !== reports.length || named.some(([name], k) => name !== reports[k].name))
    throw new ValueError(`a report on the columns ${names(reports)} cannot be applied to ${given}`);
  named.forEach(([name, column], k) => {
    const { from, shape } = reports[k];
    if (column.dtype !== from || !sameShape(shapeOf(column), shape))
      throw new ValueError(
        `column ${shown(name)} was ${from} ${shapeText(shape)} when it was reported, and is ${column.dtype} ${shapeText(shapeOf(column))}`,
      );
    const twin = named.findIndex(([, other]) => other === column);
    if (twin < k) throw new ValueError(`columns ${shown(named[twin][0])} and ${shown(name)} are one array`);
  });
}
