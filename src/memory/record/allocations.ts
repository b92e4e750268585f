import { byCode, type Descr } from "../../base/dtype.js";
import { frozenCopy } from "../../base/layout.js";
import { type Buffer, copyOnWriteOf, shapeAsked } from "../../heap/buffer.js";
import { closing } from "../../heap/listener.js";
import { type CopyReason, codeOfReason, type FreedBy, freers, reasonOf } from "../../heap/reasons.js";

/** What a trace knows of one allocation, for reports. */
export interface AllocationRecord {
  readonly serial: number;
  readonly nbytes: number;
  readonly op: string;
  readonly descr: Descr;
  readonly shape: readonly number[];
  readonly reason: CopyReason | null;
  readonly site: number;
  /** Its callers, for `sitesOfStack`; 0 if they were not taken. */
  readonly stack: number;
  /** What keeps it: `array`, or the name of a pool or cache. */
  readonly owner: string;
  /** Which allocation of the trace it is, from 1, and when. */
  readonly order: number;
  readonly at: number;
  /** True for memory that lives only while an operation runs. */
  readonly scratch: boolean;
  /** Who freed it and when; null while it lives. */
  readonly freedBy: FreedBy | null;
  readonly freedAt: number;
  /** Allocations of the trace between its birth and its death. */
  readonly lifetime: number;
  readonly filledAt: number;
  readonly views: number;
  readonly reads: number;
  /** When it was last used in any way, and whether a typed array over it was given out. */
  readonly touched: number;
  readonly escaped: boolean;
  /** For a copy: whether neither it nor what it was made from was written as long as it lived. */
  readonly needless: boolean;
  /** Whether an elementwise operation that takes `out` was called for it and wrote all of its elements. */
  readonly whole: boolean;
  /** For a needless copy the serial of what it was made from, else 0. */
  readonly original: number;
  /** For a needless copy the line that disposed it; 0 if unknown, or if no such line did. */
  readonly disposal: number;
  /** Whether it is a lazy copy whose memory came when either was written: it was made elsewhere, and seen before. */
  readonly late: boolean;
  /** Whether something was told to see when its array ends. */
  readonly watched: boolean;
  /** The number of the scope that freed it, else 0, if it was not disposed once more; and of those that kept it. */
  readonly closer: number;
  readonly keepers: readonly number[];
}

// A birth is a row of sixteen words, one line of the processor's cache. With an object for each the collector took 40 %
// of the time of a traced loop, with rows 8. The first nine are written at birth, the others at death:
//
//   order (a double)  serial  bytes  event  moment  site  op·reason·dtype  copy's sums
//   flags  freed at  lifetime  filled at  views  reads  touched
const WORDS = 16;
const SERIAL = 2,
  NBYTES = 3,
  SEQ = 4,
  AT = 5,
  SITE = 6,
  KIND = 7,
  COPIES = 8,
  FLAGS = 9,
  FREED_AT = 10,
  LIFETIME = 11,
  FILLED_AT = 12,
  VIEWS = 13,
  READS = 14,
  TOUCHED = 15;

// Flags; who freed it is kept above them, from 1.
const IS_SCRATCH = 1,
  IS_ESCAPED = 2,
  IS_NEEDLESS = 4,
  IS_WHOLE = 8,
  IS_LATE = 16,
  IS_WATCHED = 32,
  FREER = 256;

/** The last moment that a word can tell; what comes later is at no known time. */
const LATE = 0xffff_ffff;

/** Arrays that are disposed twice, of which a trace knows each; of more nothing is claimed. */
const MOST_AGAIN = 16_384;

/** The allocations of a trace. A row is used again when its allocation is forgotten. */
export class AllocationRecords {
  #words = new Uint32Array(0);
  #doubles = new Float64Array(this.#words.buffer);
  readonly #shapes: (readonly number[])[] = [];
  // Callers, by row where they are taken: a map that forgets as much as it learns costs 16 µs for each.
  readonly #stacks: number[] = [];
  // Owners of the few rows that have one.
  readonly #owners = new Map<number, string>();
  // Of the rows that scopes freed or kept, which.
  readonly #closers = new Map<number, { readonly scope: number; readonly array: number }>();
  readonly #disposedAgain = new Set<number>();
  readonly #keepers = new Map<number, number[]>();
  readonly #originals = new Map<number, { readonly serial: number; readonly array: number; readonly site: number }>();
  readonly #unused: number[] = [];
  #length = 0;

  /** Bytes that the table itself takes. */
  get size(): number {
    return this.#words.byteLength + 8 * this.#shapes.length;
  }

  /** Takes down a birth; returns its row. */
  add(buffer: Buffer, op: number, order: number, seq: number, at: number, stack: number, copies: number): number {
    const row = this.#unused.length > 0 ? this.#unused.pop()! : this.#length++,
      i = row * WORDS;
    if (i === this.#words.length) this.#grow();
    const words = this.#words;
    this.#doubles[i >> 1] = order;
    words[i + SERIAL] = buffer.serial;
    words[i + NBYTES] = buffer.nbytes;
    words[i + SEQ] = seq;
    words[i + AT] = moment(at);
    words[i + SITE] = buffer.site;
    words[i + KIND] = (op << 16) | (codeOfReason(buffer.reason) << 8) | buffer.descr.code;
    words[i + COPIES] = copies;
    words[i + FLAGS] = (isScratch(buffer) ? IS_SCRATCH : 0) | (copyOnWriteOf(buffer) === null ? 0 : IS_LATE);
    this.#shapes[row] = shapeAsked(buffer);
    if (stack !== 0 || this.#stacks.length > 0) this.#callers(row, stack);
    return row;
  }

  #callers(row: number, stack: number): void {
    while (this.#stacks.length < row) this.#stacks.push(0);
    this.#stacks[row] = stack;
  }

  #grow(): void {
    const words = new Uint32Array(Math.max(128 * WORDS, 2 * this.#words.length));
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }

  /** Takes down a death. Of a buffer that was collected nothing can be told, so nothing is claimed of it. */
  bury(
    row: number,
    freer: number,
    at: number,
    lifetime: number,
    original: number,
    site: number,
    buffer: Buffer | null,
  ): void {
    const words = this.#words,
      i = row * WORDS;
    if (closing.scope !== 0) this.#closers.set(row, { ...closing });
    if (original !== 0) this.#originals.set(row, { serial: original, array: buffer?.copyId ?? 0, site });
    words[i + FREED_AT] = moment(at);
    words[i + LIFETIME] = moment(lifetime);
    words[i + FLAGS] += (original !== 0 ? IS_NEEDLESS : 0) + (freer + 1) * FREER;
    this.know(row, buffer);
  }

  /** Takes down what its buffer tells now; null if it was collected. */
  know(row: number, buffer: Buffer | null): void {
    const words = this.#words,
      i = row * WORDS,
      flags = words[i + FLAGS];
    words[i + FILLED_AT] = buffer === null ? 0 : moment(buffer.filledAt);
    words[i + VIEWS] = buffer === null ? 0 : buffer.views;
    words[i + READS] = buffer === null ? 0 : buffer.reads;
    words[i + TOUCHED] = buffer === null ? LATE : moment(buffer.touched);
    words[i + FLAGS] =
      (flags & ~(IS_ESCAPED | IS_WHOLE | IS_WATCHED)) |
      (buffer === null || buffer.escaped ? IS_ESCAPED : 0) |
      (buffer?.watched ? IS_WATCHED : 0) |
      (buffer?.whole ? IS_WHOLE : 0);
  }

  /** Takes down that an array is disposed which was disposed before. */
  again(array: number): void {
    if (this.#disposedAgain.size < MOST_AGAIN) this.#disposedAgain.add(array);
  }

  #closer(row: number): number {
    const { scope, array } = this.#closers.get(row) ?? { scope: 0, array: 0 };
    return this.#isDisposedAgain(array) ? 0 : scope;
  }

  #isDisposedAgain(array: number): boolean {
    return this.#disposedAgain.has(array) || this.#disposedAgain.size === MOST_AGAIN;
  }

  /** Lets a row be used again. */
  forget(row: number): void {
    if (this.#closers.size > 0) this.#closers.delete(row);
    if (this.#originals.size > 0) this.#originals.delete(row);
    if (this.#owners.size > 0) this.#owners.delete(row);
    if (this.#keepers.size > 0) this.#keepers.delete(row);
    this.#unused.push(row);
  }

  #word(row: number, column: number): number {
    return this.#words[row * WORDS + column];
  }

  order(row: number): number {
    return this.#doubles[row * (WORDS / 2)];
  }
  serial(row: number): number {
    return this.#word(row, SERIAL);
  }
  nbytes(row: number): number {
    return this.#word(row, NBYTES);
  }
  /** The number of its event, less multiples of 2³². */
  seq(row: number): number {
    return this.#word(row, SEQ);
  }
  at(row: number): number {
    return this.#word(row, AT);
  }
  site(row: number): number {
    return this.#word(row, SITE);
  }
  /** The number of its operation. */
  op(row: number): number {
    return this.#word(row, KIND) >>> 16;
  }
  /** Its dtype's code. */
  code(row: number): number {
    return this.#word(row, KIND) & 255;
  }
  /** For a copy, the place of the sums it is counted in. */
  copies(row: number): number {
    return this.#word(row, COPIES);
  }
  isScratch(row: number): boolean {
    return (this.#word(row, FLAGS) & IS_SCRATCH) !== 0;
  }

  /** Says of memory that it lived only while an operation ran: of operands this is known when they are freed. */
  markScratch(row: number): void {
    this.#words[row * WORDS + FLAGS] |= IS_SCRATCH;
  }

  owner(row: number): string {
    return this.#owners.get(row) ?? "array";
  }
  setOwner(row: number, owner: string): void {
    this.#owners.set(row, owner);
  }

  /** Takes down that a scope keeps it when it closes. */
  keep(row: number, scope: number): void {
    const keepers = this.#keepers.get(row);
    if (keepers === undefined) this.#keepers.set(row, [scope]);
    else keepers.push(scope);
  }

  /** A row as an object. */
  read(row: number, op: string): AllocationRecord {
    const word = (column: number): number => this.#word(row, column),
      flags = word(FLAGS),
      copied = this.#originals.get(row) ?? { serial: 0, array: 0, site: 0 },
      isDead = flags >= FREER;
    return {
      serial: word(SERIAL),
      nbytes: word(NBYTES),
      op,
      descr: byCode[this.code(row)],
      shape: frozenCopy(this.#shapes[row]),
      reason: reasonOf((word(KIND) >> 8) & 255),
      site: word(SITE),
      stack: this.#stacks[row] ?? 0,
      owner: this.owner(row),
      order: this.order(row),
      at: word(AT),
      scratch: (flags & IS_SCRATCH) !== 0,
      freedBy: isDead ? freers[(flags >> 8) - 1] : null,
      freedAt: isDead ? word(FREED_AT) : 0,
      lifetime: isDead ? word(LIFETIME) : 0,
      filledAt: word(FILLED_AT),
      views: word(VIEWS),
      reads: word(READS),
      touched: word(TOUCHED) === LATE ? Number.POSITIVE_INFINITY : word(TOUCHED),
      escaped: (flags & IS_ESCAPED) !== 0,
      needless: (flags & IS_NEEDLESS) !== 0 && !this.#isDisposedAgain(copied.array),
      whole: (flags & IS_WHOLE) !== 0,
      late: (flags & IS_LATE) !== 0,
      original: copied.serial,
      disposal: copied.site,
      watched: (flags & IS_WATCHED) !== 0,
      closer: this.#closer(row),
      keepers: this.#keepers.get(row) ?? [],
    };
  }
}

function moment(at: number): number {
  return at < LATE ? at : LATE;
}

// Copies for these reasons live only while an operation runs; other temporaries are known by who frees them.
function isScratch({ scratch, reason }: Buffer): boolean {
  return scratch || reason === "overlap" || reason === "contiguous-kernel";
}

// What gives the elements of one array in one layout: the original could be read instead.
const copying = new Set(["copy", "array", "asarray", "astype"]);

/**
 * The serial of what a copy was made from, if it dies now at the hands of the program without it or its original having
 * been written, handed out, or disposed; else 0.
 */
export function originalOf(copy: Buffer, by: FreedBy): number {
  if (
    copy.source === null ||
    copy.escaped ||
    copy.watched ||
    copy.version !== copy.filledVersion ||
    !copying.has(copy.op)
  )
    return 0;
  if (copy.owner !== "array" || (by !== "dispose" && by !== "using" && by !== "scope")) return 0;
  const original = copy.source.deref();
  if (original === undefined || original.disposed) return 0;
  const { escaped, version, serial, owner } = original.buffer;
  return escaped || version !== copy.sourceVersion || owner !== "array" ? 0 : serial;
}
