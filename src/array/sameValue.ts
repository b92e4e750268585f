import {
  canCast,
  computedDescr,
  type Descr,
  dtypes,
  isInexact,
  isInteger,
  isStorageOnly,
  limitsOf,
  partDescr,
} from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { area, packOut, packX, runBox, setBox, setOut, setX, setY, slot, slots, TILE } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { comparisons } from "../core/chapters/comparisons.js";
import { reducing } from "../core/chapters/reducing.js";
import { view } from "../core/instance.js";
import { writeElement } from "../core/scalar.js";
import { inOrder } from "../loops/ordered.js";
import { addressOf } from "./destination.js";
import { type NDArray, shapeOf, stridesOf } from "./ndarray.js";

// The casting rule `same_value`: tile by tile each value goes to the dtype and back, and must arrive as it left.

const CAST = 0,
  BACK = 1,
  OWN = 2,
  BOOLS = 3;

/** Throws a `ValueError` if an element of `a` cannot be itself in the dtype `to`. Every value can become a bool. */
export function checkSameValue(a: NDArray, to: Descr): void {
  const from = a.descr;
  // float64 holds not every 64-bit integer, though NumPy calls that cast safe.
  const loses = isInteger(from) && from.itemsize === 8 && !isInteger(to);
  if (to.kind === "b" || (canCast(from.name, to.name, "safe") && !loses)) return;
  const own = computedDescr(from),
    real = partDescr(own);
  const parts = own.itemsize / real.itemsize;
  inOrder(shapeOf(a), [addressOf(a)], [stridesOf(a)], TILE, -1, ({ rows, cols, at, row, col }) => {
    const count = rows * cols;
    for (const [into, descr] of [[OWN, own] as const, [CAST, to] as const]) {
      setBox(rows, cols);
      packOut(area(into), descr.itemsize);
      setX(at[0], row[0], col[0]);
      cast(from.code, descr.code);
    }
    setBox(1, count);
    packOut(area(BACK), own.itemsize);
    packX(area(CAST), to.itemsize);
    cast(to.code, own.code);
    let changed = howMany("notEqual", real, count * parts, area(OWN), area(BACK), real.itemsize);
    if (real.kind === "f" && isInexact(to)) changed -= howMany("isnan", real, count * parts, area(OWN), area(OWN), 0);
    // A float beyond an integer dtype's range saturates, and so the largest integer could come back by accident.
    if (!canCast(to.name, from.name, "safe")) {
      if (isInteger(to) && !isInteger(from)) changed += howManyLargest(to, count, area(CAST));
      if (isInteger(from) && !isInteger(to)) changed += howManyLargest(from, count, area(OWN));
      if (isStorageOnly(to) && from.kind === "i" && from.itemsize > 2) changed += howManyLowest(from, count, area(OWN));
    }
    // Wrapping into the other signedness comes back too; but its sign is lost.
    if (from.kind === "i" && to.kind === "u") changed += howManyNegative(from, count, area(OWN));
    if (from.kind === "u" && to.kind === "i") changed += howManyNegative(to, count, area(CAST));
    if (changed > 0)
      throw new ValueError(
        `could not cast 'same_value' ${from.name} to ${to.name}: ${changed} of ${count} values looked at would change`,
      );
  });
}

function howManyLargest(descr: Descr, count: number, at: number): number {
  return howManyAre(limitsOf(descr.name)[1], descr, count, at);
}
// Minus infinity saturates too.
function howManyLowest(descr: Descr, count: number, at: number): number {
  return howManyAre(limitsOf(descr.name)[0], descr, count, at);
}
function howManyAre(value: bigint, descr: Descr, count: number, at: number): number {
  writeElement(descr.code, slot(slots.constant), value);
  return howMany("equal", descr, count, at, slot(slots.constant), 0);
}

function howManyNegative(descr: Descr, count: number, at: number): number {
  writeElement(descr.code, slot(slots.constant), 0);
  return howMany("less", descr, count, at, slot(slots.constant), 0);
}

function howMany(
  kernel: "less" | "equal" | "notEqual" | "isnan",
  descr: Descr,
  count: number,
  x: number,
  y: number,
  yStep: number,
): number {
  setBox(1, count);
  packOut(area(BOOLS), 1);
  packX(x, descr.itemsize);
  setY(y, 0, yStep);
  runBox(comparisons.kernels[kernel], descr.code);
  setOut(slot(slots.result), 0, 0);
  packX(area(BOOLS), 1);
  runBox(reducing.kernels.countNonzero, dtypes.bool.code);
  return view.getInt32(slot(slots.result), true);
}
