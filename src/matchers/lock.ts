import { NDArrayError, ValueError } from "../base/errors.js";
import { environment } from "../base/host.js";
import { columns, exactBytes } from "../memory/common/text.js";
import type { Bill } from "../memory/report/bill.js";
import { findLockfile, type LockEntry, readLockfile, writeEntry } from "./lockfile.js";
import { allocations, type MatcherContext, type Measured, measure, type Verdict } from "./measure.js";

/** Where the lockfile is, and whether it is written. */
export interface LockOptions {
  /** Its path. Unless given: `NBYTES_LOCKFILE`, else `memory.lock.json` beside the nearest package.json. */
  readonly file?: string;
  /** True writes what was measured; unless given, `NBYTES_UPDATE=1` or the runner's flag for snapshots (`-u`) does. */
  readonly update?: boolean;
}

/** When entries are written: `all`, only those that are missing, or none. */
type Update = "all" | "new" | "none";

/** A function allocates what the lockfile says of it, to the byte; `name` is the test's unless given. */
export function toMatchAllocationLock(
  this: MatcherContext,
  received: unknown,
  name = this.currentTestName,
  options: LockOptions = {},
): Verdict {
  if (this.isNot) throw new ValueError("toMatchAllocationLock says what is; .not would let anything else pass");
  if (name === undefined || name === "") throw new ValueError("toMatchAllocationLock needs a name for the entry");
  const measured = measure(received, "toMatchAllocationLock"),
    file = findLockfile(options.file, this.testPath);
  const difference = check(name, measured, file, updateOf(options, this.snapshotState));
  return { pass: difference === null, message: () => difference ?? "" };
}

/**
 * Runs a function and holds what it allocates against the lockfile's entry `name`; returns what the function returned.
 * The same as `expect(fn).toMatchAllocationLock(name)` where there is no `expect`. A difference is an `NDArrayError`.
 */
export function lock<T>(name: string, fn: () => T, options: LockOptions = {}): T {
  const measured = measure(fn, "lock"),
    difference = check(name, measured, findLockfile(options.file, undefined), updateOf(options, undefined));
  if (difference !== null) throw new NDArrayError(difference);
  return measured.result as T;
}

function updateOf({ update }: LockOptions, snapshots: unknown): Update {
  if (update !== undefined) return update ? "all" : "none";
  // Vitest's name, and the one that Jest has.
  const { snapshotUpdateState, _updateSnapshot } = (snapshots ?? {}) as Record<string, unknown>,
    runner = snapshotUpdateState ?? _updateSnapshot;
  if (isOn("NBYTES_UPDATE") || runner === "all") return "all";
  // As with snapshots, a check that nobody can review must not write what it then believes.
  return isOn("CI") || runner === "none" ? "none" : "new";
}

function isOn(variable: string): boolean {
  return !["", "0", "false"].includes(environment(variable) ?? "");
}

function check(name: string, { name: fn, bill }: Measured, file: string, update: Update): string | null {
  const now = entryOf(bill),
    entries = readLockfile(file);
  const locked = Object.hasOwn(entries, name) ? entries[name] : undefined;
  const rows = locked === undefined ? [] : differences(locked, now);
  if (locked !== undefined && rows.length === 0) return null;
  if (update === "all" || (update === "new" && locked === undefined)) {
    writeEntry(file, name, now);
    return null;
  }
  const quoted = JSON.stringify(name),
    found = locked === undefined ? `there is no entry ${quoted}` : `it differs from the entry ${quoted}`;
  return [
    `expected ${fn} to allocate what ${file} says, but ${found}`,
    ...(locked === undefined ? [] : [columns([["", "locked", "now", "difference"], ...rows], "<>>>", "  ")]),
    ...(bill.allocs === 0 ? [] : ["it allocated", allocations(bill, true)]),
    "  if this is meant, run once with NBYTES_UPDATE=1, or the runner's -u, and review the change",
  ].join("\n");
}

function entryOf({ allocs, allocated, peak, copies }: Bill): LockEntry {
  return { allocs, allocated, peak, copies };
}

function differences(locked: LockEntry, now: LockEntry): string[][] {
  const count = (n: number): string => n.toLocaleString("en-US");
  const row = (name: string, a: number, b: number, text: (n: number) => string): string[][] =>
    a === b ? [] : [[name, text(a), text(b), `${b > a ? "+" : ""}${text(b - a)}`]];
  const reasons = [...new Set([...Object.keys(locked.copies), ...Object.keys(now.copies)])].sort() as CopyName[];
  return [
    ...row("allocs", locked.allocs, now.allocs, count),
    ...row("allocated", locked.allocated, now.allocated, exactBytes),
    ...row("peak", locked.peak, now.peak, exactBytes),
    ...reasons.flatMap((reason) =>
      row(`copies: ${reason}`, locked.copies[reason] ?? 0, now.copies[reason] ?? 0, count),
    ),
  ];
}

type CopyName = keyof LockEntry["copies"];
