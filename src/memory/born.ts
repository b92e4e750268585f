import type { Descr } from "../dtype.js";
import type { Buffer, CopyReason, FreedBy } from "../heap.js";

/** What a trace knows of one allocation, while and after it lives. */
export class Born {
  readonly serial: number;
  readonly nbytes: number;
  readonly op: string;
  readonly descr: Descr;
  readonly shape: readonly number[];
  readonly reason: CopyReason | null;
  readonly site: number;
  /** True for memory that lives only while an operation runs; of operands it is known when they are freed. */
  scratch: boolean;
  /** When its first operation had filled it, and the version it then had. */
  filledAt = 0;
  version = 0;
  views = 0;
  reads = 0;
  writes = 0;
  /** For a copy: what it was made from, and the generation and version of that. */
  source: WeakRef<Buffer> | null = null;
  sourceGeneration = 0;
  sourceVersion = 0;
  /** Who freed it and when; null while it lives. */
  freedBy: FreedBy | null = null;
  freedAt = 0;
  /** Allocations of the trace between its birth and its death. */
  lifetime = 0;
  /** When it was last used in any way, and whether a typed array over it was given out; told at its death. */
  touched = 0;
  escaped = false;
  /** For a copy: whether neither it nor what it was made from was written as long as it lived. */
  needless = false;

  constructor(
    buffer: Buffer,
    /** Which allocation of the trace it is, from 1. */
    readonly order: number,
    /** The number of its event. */
    readonly seq: number,
    readonly at: number,
    readonly stack: number,
  ) {
    this.serial = buffer.serial;
    this.nbytes = buffer.nbytes;
    this.op = buffer.op;
    this.descr = buffer.descr;
    this.shape = buffer.shape;
    this.reason = buffer.reason;
    this.site = buffer.site;
    this.scratch = isScratch(buffer);
  }

  /** Takes down who freed it. Of a collected buffer nothing more can be told, so nothing is claimed of it. */
  die(by: FreedBy, at: number, lifetime: number, buffer: Buffer | null): void {
    this.freedBy = by;
    this.freedAt = at;
    this.lifetime = lifetime;
    this.touched = buffer?.touched ?? Number.POSITIVE_INFINITY;
    this.escaped = buffer?.escaped ?? true;
    this.needless =
      this.reason === "requested" &&
      buffer !== null &&
      !this.escaped &&
      buffer.version === this.version &&
      this.#sourceUnchanged();
  }

  #sourceUnchanged(): boolean {
    const source = this.source?.deref();
    return (
      source !== undefined &&
      !source.escaped &&
      source.generation === this.sourceGeneration &&
      source.version === this.sourceVersion &&
      source.descr === this.descr
    );
  }

  /** Takes down what filled it first: for a copy, what it was made from. */
  fill(at: number, version: number, source: Buffer | null): void {
    this.filledAt = at;
    this.version = version;
    if (this.reason === null || source === null) return;
    this.source = new WeakRef(source);
    this.sourceGeneration = source.generation;
    this.sourceVersion = source.version;
  }
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
