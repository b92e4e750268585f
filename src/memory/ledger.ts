import { byCode, type Descr } from "../dtype.js";
import { type Buffer, type CopyReason, type FreedBy, type Ledger, tick } from "../heap.js";
import { Born, type CopySum, Row, rowOf } from "./born.js";
import { ALLOC, FREE, NONE, Ring, SCRATCH, VIEW, WRITE } from "./events.js";
import { lastStack, takeStacks } from "./sites.js";

export const levels = ["counters", "events", "lines", "stacks"] as const;

/** How much a trace records: sums only; each event; the user's line of each; its callers too. */
export type Level = (typeof levels)[number];

/** Deaths that are kept for reports about lifetimes; sums do not depend on them. */
const DEAD = 16_384;

/** Bytes and buffers. */
interface Freed {
  count: number;
  bytes: number;
}

function countFreed<K>(sums: Map<K, Freed>, key: K, nbytes: number): void {
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, { count: 1, bytes: nbytes });
  else {
    sum.count++;
    sum.bytes += nbytes;
  }
}

/** Records what happens to memory from `start` to `stop`: exact sums, sums per line and operation, and the last events. */
export class Recorder implements Ledger {
  readonly sited: boolean;
  readonly ring: Ring;
  readonly bySite = new Map<number, Row>();
  readonly byOp = new Map<string, Row>();
  readonly byStack = new Map<number, Row>();
  /** By the dtype's code. */
  readonly byDType = byCode.map(() => new Row());
  readonly copySums = new Map<string, CopySum>();
  /** Buffers born in the trace and alive, by serial. */
  readonly living = new Map<number, Born>();
  /** Buffers that were born and died in the trace, and how many more there were. */
  readonly dead: Born[] = [];
  deadDropped = 0;
  /** What each way of freeing gave back, and at which sites the buffers were born that scopes freed. */
  readonly freedBy = new Map<FreedBy, Freed>();
  readonly scoped = new Map<number, Freed>();
  allocated = 0;
  allocs = 0;
  frees = 0;
  freed = 0;
  live = 0;
  peak = 0;
  copied = 0;
  scratchPeak = 0;
  /** The allocation that made the peak, its number and its event's, and buffers that lived then and are dead now. */
  peakOrder = 0;
  peakSeq = 0;
  readonly #peakDead: Born[] = [];
  #lastOp: string | null = null;
  #lastRow = new Row();
  #scratchLive = 0;
  #lateScratch = 0;
  #stacksBefore = 0;
  readonly #detailed: boolean;

  constructor(
    readonly level: Level,
    readonly frames: number,
    capacity: number,
  ) {
    this.sited = level === "lines" || level === "stacks";
    this.#detailed = level !== "counters";
    this.ring = new Ring(this.#detailed ? capacity : 0);
  }

  start(): void {
    if (this.level === "stacks") this.#stacksBefore = takeStacks(this.frames);
  }

  stop(): void {
    if (this.level === "stacks") takeStacks(this.#stacksBefore);
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
      this.#peakDead.length = 0;
    }
    if (this.#detailed) this.#record(buffer);
  }

  #record(buffer: Buffer): void {
    const { serial, op, site, descr } = buffer,
      stack = this.level === "stacks" ? lastStack() : 0;
    const born = new Born(buffer, this.allocs, this.ring.count, tick(), stack);
    this.living.set(serial, born);
    this.#lateScratch = 0;
    if (born.scratch) {
      this.#scratchLive += born.nbytes;
      this.scratchPeak = Math.max(this.scratchPeak, this.#scratchLive);
    }
    const kind = born.scratch ? SCRATCH : ALLOC;
    this.ring.add(kind, op, serial, born.nbytes, this.live, born.shape, descr.code, born.reason, null, site);
    this.#rowOfOp(op).add(born, this.live);
    this.byDType[descr.code].add(born, this.live);
    if (site !== 0) rowOf(this.bySite, site).add(born, this.live);
    if (stack !== 0) rowOf(this.byStack, stack).add(born, this.live);
    if (born.reason === null) return;
    const sum = this.#sumOf(born);
    sum.count++;
    sum.bytes += born.nbytes;
  }

  // Most calls are for the operation of the call before.
  #rowOfOp(op: string): Row {
    if (op !== this.#lastOp) {
      this.#lastOp = op;
      this.#lastRow = rowOf(this.byOp, op);
    }
    return this.#lastRow;
  }

  #sumOf(born: Born): CopySum {
    const key = `${born.site} ${born.op} ${born.reason}`;
    let sum = this.copySums.get(key);
    if (sum === undefined) {
      const { site, op } = born;
      sum = { site, op, reason: born.reason!, count: 0, bytes: 0, needless: 0, needlessBytes: 0, cast: "" };
      this.copySums.set(key, sum);
    }
    return sum;
  }

  died(serial: number, nbytes: number, by: FreedBy, site: number, buffer: Buffer | null): void {
    this.frees++;
    this.freed += nbytes;
    this.live -= nbytes;
    if (!this.#detailed) return;
    const born = this.living.get(serial);
    if (by === "operation") this.#scratchDied(born, nbytes);
    countFreed(this.freedBy, by, nbytes);
    // Temporaries and `using` free where they were made: no line of the user's says it better.
    const line = (by === "operation" || by === "using") && born !== undefined ? born.site : site;
    this.ring.add(FREE, born?.op ?? buffer?.op ?? "", serial, nbytes, this.live, null, NONE, null, by, line);
    if (by === "scope") countFreed(this.scoped, born?.site ?? buffer?.site ?? 0, nbytes);
    else if (line !== 0) {
      const row = rowOf(this.bySite, line);
      row.frees++;
      row.freed += nbytes;
      row.liveAfter = this.live;
    }
    if (born !== undefined) this.#bury(born, by, buffer);
  }

  // Operands made for one operation are known as such only now; those freed one after the other lived together.
  #scratchDied(born: Born | undefined, nbytes: number): void {
    this.#lateScratch += nbytes;
    if (born?.scratch) this.#scratchLive -= nbytes;
    this.scratchPeak = Math.max(this.scratchPeak, this.#scratchLive + this.#lateScratch);
    if (born === undefined || born.scratch) return;
    born.scratch = true;
    this.ring.relabel(born.seq, SCRATCH);
    rowOf(this.byOp, born.op).scratch += nbytes;
    this.byDType[born.descr.code].scratch += nbytes;
    if (born.site !== 0) rowOf(this.bySite, born.site).scratch += nbytes;
  }

  #bury(born: Born, by: FreedBy, buffer: Buffer | null): void {
    born.die(by, tick(), this.allocs - born.order, buffer);
    this.living.delete(born.serial);
    if (born.needless) {
      const sum = this.#sumOf(born);
      sum.needless++;
      sum.needlessBytes += born.nbytes;
    }
    if (born.order <= this.peakOrder) this.#peakDead.push(born);
    if (this.dead.length < DEAD) this.dead.push(born);
    else this.deadDropped++;
  }

  /** What was born in the trace and alive at its highest moment. */
  atPeak(): Born[] {
    const alive = [...this.living.values()].filter((born) => born.order <= this.peakOrder);
    return [...this.#peakDead, ...alive].sort((a, b) => a.order - b.order);
  }

  viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void {
    if (!this.#detailed) return;
    const born = this.living.get(buffer.serial);
    if (born !== undefined) born.views++;
    this.ring.add(VIEW, buffer.op, buffer.serial, 0, this.live, shape, descr.code, null, null, 0);
  }

  ran(op: string, inputs: readonly (Buffer | null)[], output: Buffer | null): void {
    if (!this.#detailed) return;
    // A use after this operation comes later than it: the clock moves on before anything else can happen.
    const at = tick() - 1,
      out = output === null ? undefined : this.living.get(output.serial);
    if (!out?.scratch) this.#rowOfOp(op).calls++;
    for (const input of inputs) {
      if (input === null) continue;
      const born = this.living.get(input.serial);
      if (born !== undefined) born.reads++;
    }
    if (output === null) return;
    this.ring.add(WRITE, op, output.serial, 0, this.live, output.shape, output.descr.code, null, null, 0);
    if (out === undefined) return;
    out.writes++;
    if (out.filledAt !== 0) return;
    const source = inputs.length === 1 ? inputs[0] : null;
    out.fill(at, output.version, source);
    if (out.reason === "dtype" && source !== null) this.#sumOf(out).cast = `${source.descr.name} → ${out.descr.name}`;
  }
}
