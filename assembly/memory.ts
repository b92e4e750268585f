/**
 * The allocator of the core: 64-byte aligned payloads, and the counters that the ledger reports.
 *
 * The heap is a row of blocks without gaps. A block is a number of 64-byte units and begins 16 bytes before a multiple
 * of 64, so that its payload begins on one:
 *
 *   0      __heap_base                                                       end of linear memory
 *   ┌────────┬─┬──────┬────────────┬──────┬────────┬──────┬────────────┬──────┬─────────────┬────┐
 *   │ static │ │header│ used       │header│ free   │header│ used       │header│ tail, fresh │16 B│
 *   └────────┴─┴──────┴────────────┴──────┴────────┴──────┴────────────┴──────┴─────────────┴────┘
 *      ┌───────┘      └────────┐
 *      ┌───────────────┬───────────────┬───────────────────────┬───────────────────────┐
 *      │ head          │ below         │ next                  │ previous              │
 *      │ units<<1|used │ units of the  │ free: newer to older  │ free: older to newer  │
 *      │               │ block below   │ used: bytes asked for │ used: the owner's tag │
 *      └───────────────┴───────────────┴───────────────────────┴───────────────────────┘
 *      48 mod 64       52              56                      60                      payload, 0 mod 64
 *
 * `head` and `below` are boundary tags (Knuth, TAOCP 1, 2.5): both neighbours of a block are found without a search, so
 * released blocks join at once and two free blocks never touch. Free blocks hang in bins by size, as in TLSF (Masmano
 * et al., 2004), but a request looks into its own bin first: plain TLSF rounds up and misses the block of the very size
 * that was just released. The tail is the last block, of 0 or more units, in no bin and used last: recycled pages are
 * some 20 times faster to write than pages the system has yet to supply.
 *
 * The 16 bytes after the tail keep its end at 48 mod 64. They count as static, so that the spans of all blocks sum to
 * reserved - static, and reserved - static - live - free is what headers and rounding cost.
 */
@unmanaged class Block {
  head: usize; below: usize; next: usize; previous: usize;

  @inline get units(): usize { return this.head >> 1; }
  @inline get used(): bool { return (this.head & 1) != 0; }
}

@inline function at(block: usize): Block { return changetype<Block>(block); }
@inline function above(block: usize, units: usize): usize { return block + (units << 6); }
@inline function capacity(units: usize): usize { return (units << 6) - HEADER; }

const HEADER: usize = 16;
const PAGE_UNITS: usize = 1024;
// Not 65,536: in a memory that ends at 4 GiB, the end of the last block would wrap to 0.
const MAXIMUM_PAGES: usize = 65535;
const NO_LIMIT: u32 = 0xffffffff;

const first: usize = ((__heap_base + 15) & ~63) + 48;
let tail: usize = first;
setFree(tail, ((pages() << 16) - HEADER - tail) >> 6);

let live: usize = 0;
let peak: usize = 0;
let usedUnits: usize = 0;
let allocations: f64 = 0;
let releases: f64 = 0;
// One page more than the largest memory the host has not refused: a module cannot read its memory's maximum.
let refused: usize = MAXIMUM_PAGES + 1;

@inline function pages(): usize { return memory.size() as usize; }

// Bins: one per size below 32 units, then 16 per octave; of 6 × 64 bins the last with a block in 4 GiB is 367.

const bins = memory.data(384 * 4, 64);
const filled = memory.data(6 * 8, 8);

@inline function binOf(units: usize): usize {
  if (units < 16) return units;
  const shift = 27 - clz(units as u32) as usize;
  return (shift << 4) + (units >> shift);
}

@inline function newest(bin: usize): usize { return load<usize>(bins + (bin << 2)); }
@inline function setNewest(bin: usize, block: usize): void { store<usize>(bins + (bin << 2), block); }

/** The first bin at or above `bin` with a block in it, or 384. */
function filledFrom(bin: usize): usize {
  if (bin >= 384) return 384;
  let word = bin >> 6;
  let bits = load<u64>(filled + (word << 3)) & (<u64>-1 << (bin & 63));
  while (bits == 0) {
    if (++word == 6) return 384;
    bits = load<u64>(filled + (word << 3));
  }
  return (word << 6) + ctz(bits) as usize;
}

function setFilled(bin: usize, on: bool): void {
  const word = filled + (bin >> 6 << 3), bit = <u64>1 << (bin & 63);
  store<u64>(word, on ? load<u64>(word) | bit : load<u64>(word) & ~bit);
}

@inline function setFree(block: usize, units: usize): void { at(block).head = units << 1; }

function insert(block: usize, units: usize): void {
  const bin = binOf(units), next = newest(bin);
  setFree(block, units);
  at(above(block, units)).below = units;
  at(block).next = next;
  at(block).previous = 0;
  if (next) at(next).previous = block; else setFilled(bin, true);
  setNewest(bin, block);
}

function remove(block: usize): void {
  const next = at(block).next, previous = at(block).previous;
  if (next) at(next).previous = previous;
  if (previous) { at(previous).next = next; return; }
  const bin = binOf(at(block).units);
  setNewest(bin, next);
  if (!next) setFilled(bin, false);
}

/** The smallest of the `limit` newest blocks of the bin that have `units`, or 0. */
function bestOf(bin: usize, units: usize, limit: u32): usize {
  let best: usize = 0, least: usize = usize.MAX_VALUE;
  for (let block = newest(bin); block && limit; block = at(block).next, --limit) {
    const size = at(block).units;
    if (size < units || size >= least) continue;
    best = block;
    least = size;
    if (size == units) break;
  }
  return best;
}

/** A free block of at least `units`: recycled, else the tail, else the tail after growth; 0 when memory is full. */
function find(units: usize): usize {
  const bin = binOf(units);
  let block = bestOf(bin, units, 32);
  if (block) return block;
  const larger = filledFrom(bin + 1);
  if (larger < 384) return newest(larger);
  if (at(tail).units >= units) return tail;
  // Before memory grows or the caller fails, no block may be overlooked.
  block = bestOf(bin, units, NO_LIMIT);
  if (block) return block;
  return grow(units) ? tail : 0;
}

// Grows by a quarter, for every growth detaches the views of JavaScript; by less where the host refuses.
function grow(units: usize): bool {
  const size = pages(), missing = units - at(tail).units;
  const needed = (missing + PAGE_UNITS - 1) / PAGE_UNITS, room = MAXIMUM_PAGES - size;
  if (needed > room) return false;
  let extra = min(max(needed, size >> 2), room);
  while (memory.grow(extra as i32) < 0) {
    refused = size + extra;
    if (extra == needed) return false;
    extra = max(needed, extra >> 1);
  }
  refused = max(refused, size + extra + 1);
  setFree(tail, at(tail).units + extra * PAGE_UNITS);
  return true;
}

/** Hands out a block for `bytes`, 0 bytes too; 0 when memory is full. `blockTag` gives the tag back. */
export function allocate(bytes: usize, tag: u32): usize {
  if (bytes > MAXIMUM_PAGES << 16) return 0;
  const units = (bytes + HEADER + 63) >> 6, block = find(units);
  if (!block) return 0;

  const rest = at(block).units - units, upper = above(block, units);
  if (block == tail) {
    tail = upper;
    setFree(tail, rest);
    at(tail).below = units;
  } else {
    remove(block);
    if (rest) insert(upper, rest);
    at(upper).below = units;
  }

  at(block).head = units << 1 | 1;
  at(block).next = bytes;
  at(block).previous = tag;
  usedUnits += units;
  live += bytes;
  if (live > peak) peak = live;
  allocations += 1;
  return block + HEADER;
}

/** Takes back what `allocate` handed out, and joins it with the free blocks on both sides. */
export function release(pointer: usize): void {
  let block = pointer - HEADER, units = at(block).units;
  usedUnits -= units;
  live -= at(block).next;
  releases += 1;

  const upper = above(block, units);
  // Nothing is below the first block: `below` is 0 there, and `lower` the block itself, which is used.
  const lower = block - (at(block).below << 6);
  if (!at(lower).used) {
    remove(lower);
    units += at(lower).units;
    block = lower;
  }
  if (upper == tail) {
    setFree(block, units + at(tail).units);
    tail = block;
    return;
  }
  if (!at(upper).used) {
    remove(upper);
    units += at(upper).units;
  }
  insert(block, units);
}

// Counters. f64, for a JavaScript number holds them all; an i64 would arrive as a bigint.

/** Bytes asked for and not released. */
export function liveBytes(): f64 { return live as f64; }

/** The most `liveBytes` since the start or `resetPeak`. */
export function peakBytes(): f64 { return peak as f64; }

/** Lets the peak begin again at what is live now. */
export function resetPeak(): void { peak = live; }

/** Calls of `allocate` that did not return 0. */
export function allocationCount(): f64 { return allocations; }

/** Calls of `release`. */
export function releaseCount(): f64 { return releases; }

/** The whole linear memory. It never shrinks. */
export function reservedBytes(): f64 { return (pages() << 16) as f64; }

/** All that is no block: the data below the heap, what aligns it, and the 16 bytes after the tail. */
export function staticBytes(): f64 { return (first + HEADER) as f64; }

/** The free blocks with their headers, the tail among them. */
export function freeBytes(): f64 { return reservedBytes() - staticBytes() - ((usedUnits << 6) as f64); }

/** The largest request that succeeds without growth. */
export function largestFree(): f64 {
  let units = at(tail).units;
  let top: usize = 0;
  for (let bin = filledFrom(0); bin < 384; bin = filledFrom(bin + 1)) top = bin;
  for (let block = newest(top); block; block = at(block).next) units = max(units, at(block).units);
  return units ? capacity(units) as f64 : 0;
}

/** No larger request can succeed, with growth: to 65,535 pages, or to fewer than the host has refused before. */
export function largestPossible(): f64 {
  const end = (refused - 1 << 16) - HEADER;
  return max(largestFree(), (end as f64) - ((tail + HEADER) as f64));
}

// The walk over all blocks, used and free, by address: `for (b = firstBlock(); b; b = nextBlock(b))`.

/** The lowest block, or 0. A block's address is that of its header. */
export function firstBlock(): usize { return existing(first); }

/** The block above, or 0 at the end. */
export function nextBlock(block: usize): usize { return block == tail ? 0 : existing(above(block, at(block).units)); }

// A tail of no units is a header only, and no block.
function existing(block: usize): usize { return at(block).units ? block : 0; }

/** Where the payload begins: what `allocate` returned. */
export function blockPointer(block: usize): usize { return block + HEADER; }

/** The bytes asked for, if used; the largest request the block could serve, if free. */
export function blockBytes(block: usize): usize { return at(block).used ? at(block).next : capacity(at(block).units); }

/** All bytes of the block with its header. */
export function blockSpan(block: usize): usize { return at(block).units << 6; }

/** 1 if the block is handed out, else 0. */
export function blockUsed(block: usize): u32 { return at(block).head as u32 & 1; }

/** The tag given to `allocate`, or 0 if the block is free. */
export function blockTag(block: usize): u32 { return at(block).used ? at(block).previous as u32 : 0; }

// The size classes, for reports.

/** The bin that a free block of so many bytes hangs in; a used one would, the tail does not. */
export function binOfSpan(span: usize): usize { return binOf(span >> 6); }

/** The bytes of the smallest block of a bin. */
export function leastSpan(bin: usize): usize {
  if (bin < 16) return bin << 6;
  const shift = (bin >> 4) - 1;
  return bin - (shift << 4) << shift << 6;
}
