import type { Descr } from "../../base/dtype.js";
import { type Buffer, type Slot, shapeAsked } from "../../heap/buffer.js";
import { clock, type Listener, tick } from "../../heap/listener.js";
import { type CopyReason, type FreedBy, freers } from "../../heap/reasons.js";
import { lastStack, takeStacks } from "../places/sites.js";
import { type AllocationRecord, type AllocationRecords, originalOf } from "./allocations.js";
import { Endings } from "./endings.js";
import { ALLOC, FREE, NO_DTYPE, NO_ONE, Ring, SCRATCH, VIEW, WRITE } from "./events.js";
import { type Holding, heldByViews } from "./holding.js";
import { Lives, NOBODY } from "./lives.js";
import { Overlap } from "./scratch.js";
import { type CopySum, OpSums, type Row, rowOf } from "./sums.js";

export const levels = ["counters", "events", "lines", "stacks"] as const;

/** How much a trace records: sums only; each event; the user's line of each; its callers too. */
export type Level = (typeof levels)[number];

/** Buffers and bytes. */
export interface Freed {
  count: number;
  bytes: number;
}

/** Records what happens to memory from `start` to `stop`: exact sums, sums per line and operation, and the last events. */
export class Recorder implements Listener {
  readonly sited: boolean;
  readonly ring: Ring;
  readonly bySite = new Map<number, Row>();
  readonly byOp = new Map<string, OpSums>();
  readonly byStack = new Map<number, Row>();
  /** What pools, caches and growable arrays took over, by their names; all else is the program's own. */
  readonly byOwner = new Map<string, Row>();
  readonly copySums: CopySum[] = [];
  /** At which sites the buffers were born that scopes freed. */
  readonly scoped = new Map<number, Freed>();
  /** Bytes that the collector freed, by the site of their birth. */
  readonly forgotten = new Map<number, number>();
  /** Views that ended because their array was disposed by hand. */
  readonly endings = new Endings();
  allocated = 0;
  allocs = 0;
  frees = 0;
  freed = 0;
  live = 0;
  peak = 0;
  copied = 0;
  /** The number of the allocation that made the peak. */
  peakOrder = 0;
  readonly #ops: OpSums[] = [];
  readonly #lives = new Lives(this.#ops);
  readonly #records: AllocationRecords = this.#lives.records;
  readonly #freedBy: readonly Freed[] = freers.map(() => ({ count: 0, bytes: 0 }));
  readonly #scratch = new Overlap();
  #lastOp: OpSums | null = null;
  #holdings: Holding[] | null = null;
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
    this.#holdings = this.holdings();
    this.#lives.settle();
  }

  /** The buffers that were born in the trace, are alive and reachable, while it runs. */
  buffers(): Buffer[] {
    return this.#lives.buffers();
  }

  /** What was born in the trace and is held by views alone, at its end. */
  holdings(): Holding[] {
    return this.#holdings ?? this.buffers().flatMap(heldByViews);
  }

  /** Bytes of JavaScript memory that the events and allocations take. */
  get nbytes(): number {
    return this.ring.nbytes + this.#records.size;
  }

  /** The most bytes of temporaries inside one operation. */
  get scratchPeak(): number {
    return this.#scratch.peak;
  }

  /** What one way of freeing gave back. */
  freedBy(by: FreedBy): Freed {
    return this.#freedBy[freers.indexOf(by)];
  }

  /** Whether a living buffer was born in the trace. */
  owns(slot: Slot): boolean {
    return this.#lives.rowOf(slot) !== NOBODY;
  }

  /** The buffers that were born in the trace and are alive, oldest first. */
  living(): AllocationRecord[] {
    return this.#lives.living();
  }

  /** The buffers that were born and died in the trace, oldest first; of very many the first that died. */
  dead(): AllocationRecord[] {
    return this.#lives.dead();
  }

  /** What was born in the trace and alive at its highest moment. */
  atPeak(): AllocationRecord[] {
    return this.#lives.atPeak(this.peakOrder);
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
      this.#lives.forgetPeak();
    }
    if (this.#detailed) this.#record(buffer);
  }

  #record(buffer: Buffer): void {
    const { site, descr, op, reason, nbytes, slot } = buffer,
      sums = this.#sumsOf(op),
      copies = reason === null ? null : this.#copiesOf(sums, site, reason),
      stack = this.#stacked ? lastStack() : 0,
      records = this.#records,
      row = records.add(buffer, sums.number, this.allocs, this.ring.count, tick(), stack, copies?.number ?? NOBODY),
      scratch = records.isScratch(row);
    this.#lives.begin(slot, row);
    this.ring.add(
      scratch ? SCRATCH : ALLOC,
      sums.number,
      buffer.serial,
      nbytes,
      shapeAsked(buffer),
      descr.code,
      reason,
      NO_ONE,
      site,
    );
    const event = this.ring.count;
    sums.row(descr.code).add(nbytes, scratch, reason !== null, this.live, event);
    if (site !== 0) rowOf(this.bySite, site).add(nbytes, scratch, reason !== null, this.live, event);
    if (stack !== 0) rowOf(this.byStack, stack).add(nbytes, scratch, reason !== null, this.live, event);
    if (copies === null) return;
    copies.count++;
    copies.bytes += nbytes;
  }

  // Most calls are for the operation of the call before.
  #sumsOf(op: string): OpSums {
    if (this.#lastOp !== null && op === this.#lastOp.name) return this.#lastOp;
    let sums = this.byOp.get(op);
    if (sums === undefined) {
      sums = new OpSums(op, this.ring.numberOf(op));
      this.byOp.set(op, sums);
      this.#ops.push(sums);
    }
    this.#lastOp = sums;
    return sums;
  }

  #copiesOf({ name: op, copies }: OpSums, site: number, reason: CopyReason): CopySum {
    const key = `${site} ${reason}`;
    let sum = copies.get(key);
    if (sum === undefined) {
      sum = {
        number: this.copySums.length,
        site,
        op,
        reason,
        count: 0,
        bytes: 0,
        needless: 0,
        needlessBytes: 0,
        cast: "",
      };
      copies.set(key, sum);
      this.copySums.push(sum);
    }
    return sum;
  }

  owned({ slot, owner }: Buffer): void {
    const row = this.#lives.rowOf(slot),
      records = this.#records;
    if (row === NOBODY || records.owner(row) === owner) return;
    const nbytes = records.nbytes(row),
      before = this.byOwner.get(records.owner(row));
    if (before !== undefined) {
      before.allocs--;
      before.allocated -= nbytes;
    }
    records.setOwner(row, owner);
    const sum = rowOf(this.byOwner, owner);
    sum.allocs++;
    sum.allocated += nbytes;
  }

  kept({ slot }: Buffer, scope: number): void {
    const row = this.#lives.rowOf(slot);
    if (row !== NOBODY) this.#records.keep(row, scope);
  }

  again(array: number): void {
    this.#records.again(array);
  }

  died(slot: Slot, by: FreedBy, site: number, buffer: Buffer | null): void {
    const { nbytes } = slot;
    this.frees++;
    this.freed += nbytes;
    this.live -= nbytes;
    const code = freers.indexOf(by),
      sum = this.#freedBy[code];
    sum.count++;
    sum.bytes += nbytes;
    if (by === "gc") this.forgotten.set(slot.site, (this.forgotten.get(slot.site) ?? 0) + nbytes);
    if (!this.#detailed) return;
    const row = this.#lives.rowOf(slot),
      known = row !== NOBODY,
      birthplace = known ? this.#records.site(row) : (buffer?.site ?? 0);
    if (by === "operation" && known) this.#scratchDied(row);
    // Temporaries and `using` free where they were made: no line of the user's says it better.
    const line = (by === "operation" || by === "using") && known ? birthplace : site,
      op = known ? this.#records.op(row) : this.#sumsOf(buffer?.op ?? "").number;
    this.ring.add(FREE, op, slot.serial, nbytes, null, NO_DTYPE, null, code, line);
    if (by === "scope") this.#scopeFreed(birthplace, nbytes);
    else if (line !== 0) rowOf(this.bySite, line).release(nbytes, this.live, this.ring.count);
    if (known) this.#bury(slot, row, code, site, buffer);
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
  #scratchDied(row: number): void {
    const records = this.#records,
      nbytes = records.nbytes(row),
      site = records.site(row);
    this.#scratch.add(records.at(row), clock, nbytes);
    if (records.isScratch(row)) return;
    records.markScratch(row);
    this.ring.relabel(records.seq(row), SCRATCH);
    this.#ops[records.op(row)].row(records.code(row)).scratch += nbytes;
    if (site !== 0) rowOf(this.bySite, site).scratch += nbytes;
  }

  #bury(slot: Slot, row: number, freer: number, site: number, buffer: Buffer | null): void {
    const records = this.#records,
      order = records.order(row),
      original = buffer !== null && buffer.reason === "requested" ? originalOf(buffer, freers[freer]) : 0;
    if (original !== 0) {
      const sum = this.copySums[records.copies(row)];
      sum.needless++;
      sum.needlessBytes += records.nbytes(row);
    }
    if (this.#lives.end(slot, row, order <= this.peakOrder))
      records.bury(row, freer, tick(), this.allocs - order, original, site, buffer);
  }

  endedViews(buffer: Buffer, count: number): void {
    if (this.#detailed) this.endings.add(buffer, count);
  }

  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void {
    if (!this.#detailed) return;
    const { number } = this.#sumsOf(buffer.op);
    this.ring.add(VIEW, number, buffer.serial, 0, shape, descr.code, null, NO_ONE, 0);
  }

  ran(op: string, source: Buffer | null, output: Buffer | null, descr?: Descr): void {
    if (!this.#detailed) return;
    const sums = this.#sumsOf(op),
      code = (output?.descr ?? descr ?? source?.descr)?.code ?? 0;
    if (output === null) {
      sums.row(code).calls++;
      return;
    }
    const row = this.#lives.rowOf(output.slot),
      records = this.#records;
    if (row === NOBODY || !records.isScratch(row)) sums.row(code).calls++;
    this.ring.add(WRITE, sums.number, output.serial, 0, shapeAsked(output), code, null, NO_ONE, 0);
    if (row === NOBODY || source === null || output.reason !== "dtype") return;
    const copies = this.copySums[records.copies(row)];
    if (copies.cast === "") copies.cast = `${source.descr.name} → ${output.descr.name}`;
  }
}
