import { atMost } from "../../base/arity.js";
import { formatBytes } from "../../base/units.js";
import { core } from "../../core/instance.js";
import { bytesOrNone, columns, counted, countOrNone } from "../common/text.js";
import { map, type Region } from "./map.js";

/** How many blocks there are, used and free, and where their bytes go. */
export interface ClassSums {
  readonly usedBlocks: number;
  /** Bytes asked for, of the used blocks. */
  readonly live: number;
  /** The used blocks' headers, and their rounding to 64 bytes. */
  readonly overhead: number;
  readonly freeBlocks: number;
  /** Bytes of the free blocks, with their headers. */
  readonly free: number;
}

/** One size class of the allocator: a free list of blocks of about one size. */
export interface ClassRow extends ClassSums {
  /** Bytes of its smallest and its largest block, with their headers: 16 bytes more than an array of that size. */
  readonly from: number;
  readonly to: number;
}

/** Classes that are printed. */
const SHOWN = 20;

/** Linear memory by the allocator's size classes, smallest first; only those that have a block. */
export class MemoryClasses {
  readonly rows: readonly ClassRow[];
  /** Bytes of the last block, which is in no class: it is used when no other block fits. */
  readonly tail: number;
  /** Bytes of the engine's own data. */
  readonly engine: number;
  readonly reserved: number;
  /** All classes, the tail and the engine's own data: live, overhead and free are those of `memory.usage()`. */
  readonly total: ClassSums;

  /** @internal */
  constructor({ regions, reserved }: { readonly regions: readonly Region[]; readonly reserved: number }) {
    const last = regions[regions.length - 2];
    this.reserved = reserved;
    this.tail = last.kind === "free" ? last.span : 0;
    this.engine = sumOf(regions.filter(({ kind }) => kind === "static").map(({ span }) => span));
    this.rows = rowsOf(regions.filter((region) => region.kind !== "static" && (region !== last || this.tail === 0)));
    const sum = (key: keyof ClassSums): number => sumOf(this.rows.map((row) => row[key]));
    this.total = {
      usedBlocks: sum("usedBlocks"),
      live: sum("live"),
      overhead: sum("overhead") + this.engine,
      freeBlocks: sum("freeBlocks") + (this.tail > 0 ? 1 : 0),
      free: sum("free") + this.tail,
    };
  }

  /** A row for each class, the tail, the engine's own data, and their sums, in 80 columns. */
  toString(): string {
    const largest = [...this.rows].sort((a, b) => spanOf(b) - spanOf(a)).slice(0, SHOWN),
      rest = this.rows.length - largest.length;
    const rows = largest.sort((a, b) => a.from - b.from).map((row) => [rangeOf(row), ...cellsOf(row)]);
    const others = [
      ...(rest > 0 ? [[`${counted(rest, "more class")}`]] : []),
      ["the tail, used last", "", "", "", this.tail > 0 ? "1" : "", formatBytes(this.tail)],
      ["the engine's own data", "", "", formatBytes(this.engine)],
      ["sum", ...cellsOf(this.total)],
    ];
    const head = ["blocks of", "used", "live", "overhead", "free", "free bytes"];
    return `${formatBytes(this.reserved)} reserved\n${columns([head, ...rows, ...others], "<>>>>>", "  ")}`;
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const spanOf = ({ live, overhead, free }: ClassRow): number => live + overhead + free;

function rowsOf(blocks: readonly Region[]): ClassRow[] {
  const bins = new Map<number, Region[]>();
  for (const block of blocks) {
    const bin = core.binOfSpan(block.span),
      members = bins.get(bin);
    if (members === undefined) bins.set(bin, [block]);
    else members.push(block);
  }
  return [...bins].sort(([a], [b]) => a - b).map(([bin, members]) => rowOf(bin, members));
}

function rowOf(bin: number, members: readonly Region[]): ClassRow {
  const used = members.filter(({ kind }) => kind === "used"),
    free = members.filter(({ kind }) => kind === "free"),
    live = sumOf(used.map(({ nbytes }) => nbytes));
  return {
    from: core.leastSpan(bin) >>> 0,
    // The bin above the last begins at 4 GiB, which wraps to 0: one block less than that all the same.
    to: (core.leastSpan(bin + 1) - 64) >>> 0,
    usedBlocks: used.length,
    live,
    overhead: sumOf(used.map(({ span }) => span)) - live,
    freeBlocks: free.length,
    free: sumOf(free.map(({ span }) => span)),
  };
}

function rangeOf({ from, to }: ClassRow): string {
  return from === to ? formatBytes(from) : `${formatBytes(from)} – ${formatBytes(to)}`;
}

function cellsOf({ usedBlocks, live, overhead, freeBlocks, free }: ClassSums): string[] {
  return [
    countOrNone(usedBlocks),
    bytesOrNone(live),
    bytesOrNone(overhead),
    countOrNone(freeBlocks),
    bytesOrNone(free),
  ];
}

/**
 * Shows linear memory by the allocator's size classes: of each the blocks in use and the free ones, which wait in its
 * list for the next array of such a size. All bytes together are `reserved`.
 */
export function classes(): MemoryClasses {
  atMost(0, arguments.length, "memory.classes()");
  return new MemoryClasses(map());
}
