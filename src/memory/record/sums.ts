import type { CopyReason } from "../../heap/reasons.js";

/** Sums over one line of the user's program, one operation, or one dtype. */
export class Row {
  allocs = 0;
  allocated = 0;
  frees = 0;
  freed = 0;
  /** Live bytes after the last thing that happened on it. */
  liveAfter = 0;
  /** When that was: the number of the event. */
  last = 0;
  /** The most live bytes after an allocation on it. */
  peak = 0;
  copies = 0;
  copied = 0;
  scratch = 0;
  calls = 0;

  /** Counts an allocation: the live bytes after it, and the number of its event. */
  add(nbytes: number, isScratch: boolean, isCopy: boolean, live: number, event: number): void {
    this.allocs++;
    this.allocated += nbytes;
    this.liveAfter = live;
    this.last = event;
    if (live > this.peak) this.peak = live;
    if (isScratch) this.scratch += nbytes;
    if (isCopy) {
      this.copies++;
      this.copied += nbytes;
    }
  }

  /** Counts a death. */
  release(nbytes: number, live: number, event: number): void {
    this.frees++;
    this.freed += nbytes;
    this.liveAfter = live;
    this.last = event;
  }
}

/** The row of a key, made if it is new. */
export function rowOf<K>(rows: Map<K, Row>, key: K): Row {
  const found = rows.get(key);
  if (found !== undefined) return found;
  const made = new Row();
  rows.set(key, made);
  return made;
}

/** What several rows count together; gaps count nothing. `liveAfter` and `peak` belong to lines and have no sum. */
export function sumOf(rows: Iterable<Row | undefined>): Row {
  const sum = new Row();
  for (const row of rows) {
    if (row === undefined) continue;
    for (const key of ["allocs", "allocated", "frees", "freed", "copies", "copied", "scratch", "calls"] as const)
      sum[key] += row[key];
  }
  return sum;
}

/** Sums over one operation: a row for each dtype's code, and its copies by line and reason. */
export class OpSums {
  readonly rows: Row[] = [];
  readonly copies = new Map<string, CopySum>();
  constructor(
    readonly name: string,
    /** By which events name it. */
    readonly number: number,
  ) {}

  row(dtype: number): Row {
    // Filled up at once: an array with gaps is slower.
    while (this.rows.length <= dtype) this.rows.push(new Row());
    return this.rows[dtype];
  }
}

/** Sums over the copies of one line, operation and reason. */
export interface CopySum {
  /** Its place among the trace's sums of copies. */
  readonly number: number;
  readonly site: number;
  readonly op: string;
  readonly reason: CopyReason;
  count: number;
  bytes: number;
  needless: number;
  needlessBytes: number;
  /** The dtypes copied from and to, where they differ. */
  cast: string;
}
