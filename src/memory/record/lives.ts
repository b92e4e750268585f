import type { Buffer, Slot } from "../../heap/buffer.js";
import { type AllocationRecord, AllocationRecords } from "./allocations.js";
import type { OpSums } from "./sums.js";

/** Deaths that are kept for reports about lifetimes; sums do not depend on them. */
const DEAD = 16_384;

/** Where a row would be, of a buffer that was born before the trace, or is dead. */
export const NOBODY = -1;

/** The buffers of a trace: who lives in which slot, who has died, and who lived at the highest moment. */
export class Lives {
  readonly records = new AllocationRecords();
  // By the slot of a buffer, since a table is quicker than a map.
  readonly #rows: number[] = [];
  readonly #slots: Slot[] = [];
  readonly #dead: number[] = [];
  // Who lived at the peak and is dead now, and those of them who are not among the dead that are kept.
  readonly #peakDead: number[] = [];
  readonly #onlyAtPeak: number[] = [];
  #settled = false;

  constructor(private readonly ops: readonly OpSums[]) {}

  /** The row of a living buffer of the trace, else NOBODY. */
  rowOf({ index }: Slot): number {
    return index < this.#rows.length ? this.#rows[index] : NOBODY;
  }

  begin(slot: Slot, row: number): void {
    const { index } = slot;
    while (this.#rows.length <= index) {
      this.#rows.push(NOBODY);
      this.#slots.push(slot);
    }
    this.#rows[index] = row;
    if (this.#slots[index] !== slot) this.#slots[index] = slot;
  }

  /** Ends a life; says whether its row stays, so that the death is worth taking down. */
  end({ index }: Slot, row: number, atPeak: boolean): boolean {
    const kept = this.#dead.length < DEAD;
    this.#rows[index] = NOBODY;
    if (!kept && !atPeak) {
      this.records.forget(row);
      return false;
    }
    if (kept) this.#dead.push(row);
    else this.#onlyAtPeak.push(row);
    if (atPeak) this.#peakDead.push(row);
    return true;
  }

  /** A higher moment has come: who lived at the one before is of no further interest. */
  forgetPeak(): void {
    if (this.#peakDead.length === 0) return;
    for (const row of this.#onlyAtPeak) this.records.forget(row);
    this.#onlyAtPeak.length = this.#peakDead.length = 0;
  }

  /** Takes down what the living buffers tell: after the trace they go on, and their slots and objects serve others. */
  settle(): void {
    this.#learn();
    this.#settled = true;
  }

  #learn(): void {
    this.#rows.forEach((row, index) => {
      if (row !== NOBODY) this.records.know(row, this.#slots[index].ref?.deref() ?? null);
    });
  }

  /** The buffers that are alive and reachable, until the trace ends: then their slots serve others too. */
  buffers(): Buffer[] {
    return this.#rows.flatMap((row, index) => (row === NOBODY ? [] : (this.#slots[index].ref?.deref() ?? [])));
  }

  /** Who is alive, oldest first. */
  living(): AllocationRecord[] {
    if (!this.#settled) this.#learn();
    return this.#rows
      .filter((row) => row !== NOBODY)
      .map((row) => this.#read(row))
      .sort(byOrder);
  }

  /** Who has died, oldest first; of very many the first that did. */
  dead(): AllocationRecord[] {
    return this.#dead.map((row) => this.#read(row)).sort(byOrder);
  }

  /** Who was alive at the highest moment, which an allocation of this number made; oldest first. */
  atPeak(order: number): AllocationRecord[] {
    const alive = this.living().filter((record) => record.order <= order);
    return [...this.#peakDead.map((row) => this.#read(row)), ...alive].sort(byOrder);
  }

  #read(row: number): AllocationRecord {
    return this.records.read(row, this.ops[this.records.op(row)].name);
  }
}

const byOrder = (a: AllocationRecord, b: AllocationRecord): number => a.order - b.order;
