import { type Buffer, type CopyReason, clock, type FreedBy, freers, type Ledger, type Slot, tick } from "../buffer.js";
import type { Descr } from "../dtype.js";
import { Born, type CopySum, isNeedless, OpSums, type Row, rowOf } from "./born.js";
import { ALLOC, FREE, NONE, Ring, SCRATCH, VIEW, WRITE } from "./events.js";
import { Overlap } from "./overlap.js";
import { lastStack, takeStacks } from "./sites.js";

export const levels = ["counters", "events", "lines", "stacks"] as const;

/** How much a trace records: sums only; each event; the user's line of each; its callers too. */
export type Level = (typeof levels)[number];

/** Deaths that are kept for reports about lifetimes; sums do not depend on them. */
const DEAD = 16_384;

/** Buffers and bytes. */
export interface Freed {
  count: number;
  bytes: number;
}

/** Records what happens to memory from `start` to `stop`: exact sums, sums per line and operation, and the last events. */
export class Recorder implements Ledger {
  readonly sited: boolean;
  readonly ring: Ring;
  readonly bySite = new Map<number, Row>();
  readonly byOp = new Map<string, OpSums>();
  readonly byStack = new Map<number, Row>();
  /** What pools, caches and growable arrays took over, by their names; all else is the program's own. */
  readonly byOwner = new Map<string, Row>();
  readonly copySums: CopySum[] = [];
  /** Buffers that were born and died in the trace, and how many more there were. */
  readonly dead: Born[] = [];
  deadDropped = 0;
  /** At which sites the buffers were born that scopes freed. */
  readonly scoped = new Map<number, Freed>();
  /** Bytes that the collector freed, by the site of their birth. */
  readonly forgotten = new Map<number, number>();
  allocated = 0;
  allocs = 0;
  frees = 0;
  freed = 0;
  live = 0;
  peak = 0;
  copied = 0;
  /** The allocation that made the peak, its number and its event's, and buffers that lived then and are dead now. */
  peakOrder = 0;
  peakSeq = 0;
  readonly #peakDead: Born[] = [];
  // By the slot of the buffer, since a table is quicker than a map. Where the buffer died, the object waits for the next.
  readonly #bySlot: (Born | null)[] = [];
  readonly #freedBy: readonly Freed[] = freers.map(() => ({ count: 0, bytes: 0 }));
  readonly #scratch = new Overlap();
  #lastOp: OpSums | null = null;
  #leaveStacks: (() => void) | null = null;
  readonly #detailed: boolean;
  readonly #stacked: boolean;

  constructor(
    readonly level: Level,
    readonly frames: number,
    capacity: number,
  ) {
    this.sited = level === "lines" || level === "stacks";
    this.#detailed = level !== "counters";
    this.#stacked = level === "stacks";
    this.ring = new Ring(this.#detailed ? capacity : 0);
  }

  start(): void {
    if (this.#stacked) this.#leaveStacks = takeStacks(this.frames);
  }

  stop(): void {
    this.#leaveStacks?.();
  }

  /** The most bytes of temporaries inside one operation. */
  get scratchPeak(): number {
    return this.#scratch.peak;
  }

  /** What one way of freeing gave back. */
  freedBy(by: FreedBy): Freed {
    return this.#freedBy[freers.indexOf(by)];
  }

  /** A living buffer of the trace; null for one that was born before it. */
  bornOf({ index, serial }: Slot): Born | null {
    const born = this.#bySlot[index];
    return born != null && born.serial === serial && born.freedBy === null ? born : null;
  }

  /** The buffers that were born in the trace and are alive, oldest first. */
  living(): Born[] {
    const alive: Born[] = [];
    for (const born of this.#bySlot) {
      if (born == null || born.freedBy !== null) continue;
      born.know(born.slot!.ref?.deref());
      alive.push(born);
    }
    return alive.sort((a, b) => a.order - b.order);
  }

  allowing(_nbytes: number, _op: string, _descr: Descr, _shape: readonly number[], _reason: CopyReason | null): void {}

  born(buffer: Buffer): void {
    const { nbytes } = buffer;
    this.allocs++;
    this.allocated += nbytes;
    this.live += nbytes;
    if (buffer.reason !== null) this.copied += nbytes;
    if (this.live > this.peak) {
      this.peak = this.live;
      this.peakOrder = this.allocs;
      this.peakSeq = this.ring.count;
      if (this.#peakDead.length > 0) this.#peakDead.length = 0;
    }
    if (this.#detailed) this.#record(buffer);
  }

  #record(buffer: Buffer): void {
    const { site, descr, op, reason, nbytes } = buffer,
      { index } = buffer.slot,
      sums = this.#sumsOf(op),
      stack = this.#stacked ? lastStack() : 0;
    while (this.#bySlot.length <= index) this.#bySlot.push(null);
    const born = this.#bySlot[index] ?? new Born();
    this.#bySlot[index] = born;
    born.begin(buffer, sums, this.allocs, this.ring.count, tick(), stack);
    const kind = born.scratch ? SCRATCH : ALLOC;
    this.ring.add(kind, sums.number, born.serial, nbytes, this.live, born.shape, descr.code, reason, null, site);
    sums.row(descr.code).add(born, this.live);
    if (site !== 0) rowOf(this.bySite, site).add(born, this.live);
    if (stack !== 0) rowOf(this.byStack, stack).add(born, this.live);
    if (reason === null) return;
    born.copies = this.#copiesOf(sums, site, reason);
    born.copies.count++;
    born.copies.bytes += nbytes;
  }

  // Most calls are for the operation of the call before.
  #sumsOf(op: string): OpSums {
    if (this.#lastOp !== null && op === this.#lastOp.name) return this.#lastOp;
    let sums = this.byOp.get(op);
    if (sums === undefined) {
      sums = new OpSums(op, this.ring.numberOf(op));
      this.byOp.set(op, sums);
    }
    this.#lastOp = sums;
    return sums;
  }

  #copiesOf({ name: op, copies }: OpSums, site: number, reason: CopyReason): CopySum {
    const key = `${site} ${reason}`;
    let sum = copies.get(key);
    if (sum === undefined) {
      sum = { site, op, reason, count: 0, bytes: 0, needless: 0, needlessBytes: 0, cast: "" };
      copies.set(key, sum);
      this.copySums.push(sum);
    }
    return sum;
  }

  owned(buffer: Buffer): void {
    const born = this.bornOf(buffer.slot);
    if (born === null || born.owner === buffer.owner) return;
    const before = this.byOwner.get(born.owner);
    if (before !== undefined) {
      before.allocs--;
      before.allocated -= born.nbytes;
    }
    born.owner = buffer.owner;
    const row = rowOf(this.byOwner, born.owner);
    row.allocs++;
    row.allocated += born.nbytes;
  }

  died(slot: Slot, by: FreedBy, site: number, buffer: Buffer | null): void {
    const { nbytes } = slot;
    this.frees++;
    this.freed += nbytes;
    this.live -= nbytes;
    const sum = this.freedBy(by);
    sum.count++;
    sum.bytes += nbytes;
    if (by === "gc") this.forgotten.set(slot.site, (this.forgotten.get(slot.site) ?? 0) + nbytes);
    if (!this.#detailed) return;
    const born = this.bornOf(slot);
    if (by === "operation" && born !== null) this.#scratchDied(born);
    // Temporaries and `using` free where they were made: no line of the user's says it better.
    const line = (by === "operation" || by === "using") && born !== null ? born.site : site,
      { number } = born === null ? this.#sumsOf(buffer?.op ?? "") : born.sums;
    this.ring.add(FREE, number, slot.serial, nbytes, this.live, null, NONE, null, by, line);
    if (by === "scope") this.#scopeFreed(born?.site ?? buffer?.site ?? 0, nbytes);
    else if (line !== 0) {
      const row = rowOf(this.bySite, line);
      row.frees++;
      row.freed += nbytes;
      row.liveAfter = this.live;
    }
    if (born !== null) this.#bury(born, by, buffer);
  }

  #scopeFreed(site: number, nbytes: number): void {
    const sum = this.scoped.get(site);
    if (sum === undefined) this.scoped.set(site, { count: 1, bytes: nbytes });
    else {
      sum.count++;
      sum.bytes += nbytes;
    }
  }

  // Operands made for one operation are known as such only now.
  #scratchDied(born: Born): void {
    this.#scratch.add(born.at, clock, born.nbytes);
    if (born.scratch) return;
    born.scratch = true;
    this.ring.relabel(born.seq, SCRATCH);
    born.sums.row(born.descr.code).scratch += born.nbytes;
    if (born.site !== 0) rowOf(this.bySite, born.site).scratch += born.nbytes;
  }

  #bury(born: Born, by: FreedBy, buffer: Buffer | null): void {
    born.freedBy = by;
    born.freedAt = tick();
    born.lifetime = this.allocs - born.order;
    if (born.reason === "requested" && buffer !== null && isNeedless(buffer)) {
      born.needless = true;
      born.copies!.needless++;
      born.copies!.needlessBytes += born.nbytes;
    }
    const kept = this.dead.length < DEAD,
      atPeak = born.order <= this.peakOrder;
    if (atPeak) this.#peakDead.push(born);
    if (kept) this.dead.push(born);
    else this.deadDropped++;
    if (!kept && !atPeak) return;
    born.know(buffer);
    this.#bySlot[born.slot!.index] = null;
  }

  /** What was born in the trace and alive at its highest moment. */
  atPeak(): Born[] {
    const alive = this.living().filter((born) => born.order <= this.peakOrder);
    return [...this.#peakDead, ...alive].sort((a, b) => a.order - b.order);
  }

  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void {
    if (!this.#detailed) return;
    const { number } = this.#sumsOf(buffer.op);
    this.ring.add(VIEW, number, buffer.serial, 0, this.live, shape, descr.code, null, null, 0);
  }

  ran(op: string, source: Buffer | null, output: Buffer | null): void {
    if (!this.#detailed) return;
    const sums = this.#sumsOf(op),
      code = (output ?? source)?.descr.code ?? 0;
    if (output === null) {
      sums.row(code).calls++;
      return;
    }
    const born = this.bornOf(output.slot);
    if (!born?.scratch) sums.row(code).calls++;
    this.ring.add(WRITE, sums.number, output.serial, 0, this.live, output.shape, code, null, null, 0);
    if (born?.reason === "dtype" && source !== null && born.copies!.cast === "")
      born.copies!.cast = `${source.descr.name} → ${born.descr.name}`;
  }
}
