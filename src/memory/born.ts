import type { Buffer, CopyReason, FreedBy, Slot } from "../buffer.js";
import type { Descr } from "../dtype.js";

/**
 * What a trace knows of one allocation, while and after it lives. Of a living one it keeps what the buffer's object
 * cannot tell once it is collected; the rest is taken down at its death. The objects are used again.
 */
export class Born {
  serial = 0;
  nbytes = 0;
  op = "";
  /** The sums of its operation. */
  sums!: OpSums;
  descr!: Descr;
  shape: readonly number[] = [];
  reason: CopyReason | null = null;
  site = 0;
  slot: Slot | null = null;
  /** What keeps it: `array`, or the name of a pool or cache. */
  owner = "array";
  /** Which allocation of the trace it is, from 1; the number of its event; when; and its callers. */
  order = 0;
  seq = 0;
  at = 0;
  stack = 0;
  /** True for memory that lives only while an operation runs; of operands it is known when they are freed. */
  scratch = false;
  /** For a copy: the sums it is counted in. */
  copies: CopySum | null = null;
  /** Who freed it and when; null while it lives. */
  freedBy: FreedBy | null = null;
  freedAt = 0;
  /** Allocations of the trace between its birth and its death. */
  lifetime = 0;
  /** What `know` takes from the buffer. */
  filledAt = 0;
  views = 0;
  reads = 0;
  /** When it was last used in any way, and whether a typed array over it was given out. */
  touched = 0;
  escaped = false;
  /** For a copy: whether neither it nor what it was made from was written as long as it lived. */
  needless = false;

  /** Takes down a birth; the object may have served another buffer before. */
  begin(buffer: Buffer, sums: OpSums, order: number, seq: number, at: number, stack: number): void {
    this.serial = buffer.serial;
    this.nbytes = buffer.nbytes;
    this.op = buffer.op;
    this.sums = sums;
    this.descr = buffer.descr;
    this.shape = buffer.shape;
    this.reason = buffer.reason;
    this.site = buffer.site;
    this.slot = buffer.slot;
    this.owner = "array";
    this.order = order;
    this.seq = seq;
    this.at = at;
    this.stack = stack;
    this.scratch = isScratch(buffer);
    this.copies = null;
    this.freedBy = null;
    this.needless = false;
  }

  /** Takes down what its buffer tells now. Of a collected buffer nothing more can be told, so nothing is claimed of it. */
  know(buffer: Buffer | null | undefined): void {
    this.filledAt = buffer?.filledAt ?? 0;
    this.views = buffer?.views ?? 0;
    this.reads = buffer?.reads ?? 0;
    this.touched = buffer?.touched ?? Number.POSITIVE_INFINITY;
    this.escaped = buffer?.escaped ?? true;
  }
}

/** Whether a copy that was asked for dies now without it, or what it was made from, having been written. */
export function isNeedless(copy: Buffer): boolean {
  const { source: slot } = copy;
  if (slot === null || copy.escaped || copy.version !== copy.filledVersion) return false;
  const source = slot.pointer !== 0 && slot.serial === copy.sourceSerial ? slot.ref?.deref() : undefined;
  return (
    source !== undefined && !source.escaped && source.version === copy.sourceVersion && source.descr === copy.descr
  );
}

// Copies for these reasons live only while an operation runs; other temporaries are known by who frees them.
function isScratch(buffer: Buffer): boolean {
  return buffer.scratch || buffer.reason === "overlap" || buffer.reason === "contiguous-kernel";
}

/** Sums over one line of the user's program, one operation, or one dtype. */
export class Row {
  allocs = 0;
  allocated = 0;
  frees = 0;
  freed = 0;
  /** Live bytes after the last thing that happened on it. */
  liveAfter = 0;
  /** The most live bytes after an allocation on it. */
  peak = 0;
  copies = 0;
  copied = 0;
  scratch = 0;
  calls = 0;

  /** Counts an allocation. */
  add(born: Born, live: number): void {
    this.allocs++;
    this.allocated += born.nbytes;
    this.liveAfter = live;
    if (live > this.peak) this.peak = live;
    if (born.scratch) this.scratch += born.nbytes;
    if (born.reason !== null) {
      this.copies++;
      this.copied += born.nbytes;
    }
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
