import { isArray, tolist } from "../array/convert.js";
import { type NDArray, refuseStranger } from "../array/ndarray.js";
import type { Table } from "../array/options.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { listOf } from "../base/layout.js";
import { shown } from "../base/shown.js";

// What the functions of this chapter are told beside arrays and axes.

/** NumPy's names of algorithms. They say whether equal elements keep their order; what runs is chosen by dtype and length. */
export type SortKind = "quicksort" | "mergesort" | "heapsort" | "stable";

/** What `sort` and `argsort` take after the axis. */
export interface SortOptions {
  /** `stable` and `mergesort` keep elements that are equal in their order, the others need not. */
  kind?: SortKind | null;
  /** The same as a truth; not beside `kind`. */
  stable?: boolean | null;
  /** NumPy's names of fields, of which there are none here: refused. */
  order?: null;
}

/** What `partition` and `argpartition` take after the axis. */
export interface PartitionOptions {
  /** The one algorithm there is. */
  kind?: "introselect";
  /** NumPy's names of fields, of which there are none here: refused. */
  order?: null;
}

/** Ranks: which places of the sorted order are filled. Negative ones count from the end. */
export type Ranks = number | bigint | readonly (number | bigint)[] | NDArray;

/** How `takes` reads these options. */
export const SORTING = { kind: "string?", stable: "boolean?", order: "anything?" } as const satisfies Table;
export const PARTITIONING = { kind: "string", order: "anything?" } as const satisfies Table;

/** Whether a sort must keep equal elements in their order; as in NumPy the first letter of `kind` says which it is. */
export function isStable({ kind, stable, order }: SortOptions): boolean {
  refuseFields(order);
  if (kind === undefined || kind === null) return stable ?? false;
  if (!/^[qhms]/i.test(kind))
    throw new ValueError(`sort kind must be one of 'quick', 'heap', or 'stable' (got ${shown(kind)})`);
  if (stable !== undefined && stable !== null)
    throw new ValueError("`kind` and keyword parameters can't be provided at the same time. Use only one of them.");
  return /^[ms]/i.test(kind);
}

/** Refuses what `partition` does not know. */
export function checkSelect({ kind = "introselect", order }: PartitionOptions): void {
  refuseFields(order);
  if (kind !== "introselect") throw new ValueError(`select kind must be 'introselect' (got ${shown(kind)})`);
}

function refuseFields(order: unknown): void {
  if (order !== undefined && order !== null) throw new ValueError("Cannot specify order when the array has no fields.");
}

/** Ranks as places among n elements, in ascending order; of an array without elements any will do. */
export function readRanks(kth: Ranks, n: number, size: number): number[] {
  const list: unknown = typeof kth === "object" && isArray(kth) ? tolist(kth) : kth;
  refuseStranger(list);
  const ranks = listOf(list, "kth", 2 ** 26).map((rank) => place(rank, n, size));
  if (ranks.length === 0) throw new DTypeError("Partition index must be integer");
  return size === 0 ? [] : [...new Set(ranks)].sort((a, b) => a - b);
}

function place(rank: unknown, n: number, size: number): number {
  if (typeof rank === "boolean") throw new ValueError("Booleans unacceptable as partition index");
  const whole = typeof rank === "bigint" ? Number(rank) : rank;
  if (!Number.isInteger(whole)) throw new DTypeError("Partition index must be integer");
  const k = (whole as number) < 0 ? (whole as number) + n : (whole as number); // an integer, as was just asked
  if (size > 0 && (k < 0 || k >= n)) throw new ValueError(`kth(=${k}) out of bounds (${n})`);
  return k + 0;
}
