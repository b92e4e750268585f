import { type CopyReason, type FreedBy, freers } from "../buffer.js";
import { byCode, type DType } from "../dtype.js";
import { type Site, siteAt } from "./sites.js";

/** What happened to memory, in the order it happened. */
export interface AllocEvent {
  /** Counts events from 0, dropped ones too. */
  readonly seq: number;
  readonly kind: Kind;
  readonly op: string;
  /** The buffer, numbered in the order of their first event in this trace. */
  readonly buffer: number;
  /** Bytes allocated or freed; 0 for views and writes. */
  readonly nbytes: number;
  /** Live bytes after the event, counted from the start of the trace. */
  readonly live: number;
  readonly shape?: readonly number[];
  readonly dtype?: DType;
  readonly reason?: CopyReason;
  readonly freedBy?: FreedBy;
  readonly site?: Site;
}

const kinds = ["alloc", "scratch", "free", "view", "write"] as const;

/** `scratch` is an allocation that lives only while an operation runs; `write` is an operation that ran. */
export type Kind = (typeof kinds)[number];

const reasons: readonly (CopyReason | null)[] = [
  null,
  "requested",
  "dtype",
  "advanced-index",
  "strides",
  "overlap",
  "contiguous-kernel",
  "join",
  "growth",
  "host-boundary",
];

// Eight words an event:
//   0 kind, dtype, reason, freed by: a byte each    1 operation    2 serial    3 bytes
//   4–5 live, a double                              6 site         7 not used
const WORDS = 8;
const NO_DTYPE = 255,
  NO_ONE = 255;

/** The last events, at most `capacity`; older ones are dropped and counted. It grows as it fills. */
export class Ring {
  #words = new Uint32Array(64 * WORDS);
  #doubles = new Float64Array(this.#words.buffer);
  #shapes: (readonly number[] | null)[] = [];
  // Where the next event goes.
  #next = 0;
  readonly #ops: string[] = [];
  /** All events, those dropped too. */
  count = 0;

  constructor(readonly capacity: number) {}

  /** Events that are no longer kept. */
  get dropped(): number {
    return Math.max(0, this.count - this.capacity);
  }

  /** Bytes that the ring itself takes. */
  get nbytes(): number {
    return this.#words.byteLength + 8 * this.#shapes.length;
  }

  /** Gives an operation the number by which events name it. */
  numberOf(op: string): number {
    return this.#ops.push(op) - 1;
  }

  add(
    kind: number,
    op: number,
    serial: number,
    nbytes: number,
    live: number,
    shape: readonly number[] | null,
    dtype: number,
    reason: CopyReason | null,
    by: FreedBy | null,
    site: number,
  ): void {
    this.count++;
    if (this.capacity === 0) return;
    const slot = this.#next,
      at = slot * WORDS;
    this.#next = slot + 1 === this.capacity ? 0 : slot + 1;
    if (at >= this.#words.length) this.#grow();
    const words = this.#words;
    words[at] =
      kind | (dtype << 8) | (reasons.indexOf(reason) << 16) | ((by === null ? NO_ONE : freers.indexOf(by)) << 24);
    words[at + 1] = op;
    words[at + 2] = serial;
    words[at + 3] = nbytes;
    this.#doubles[(at + 4) >> 1] = live;
    words[at + 6] = site;
    this.#shapes[slot] = shape;
  }

  #grow(): void {
    const words = new Uint32Array(Math.min(2 * this.#words.length, this.capacity * WORDS));
    words.set(this.#words);
    this.#words = words;
    this.#doubles = new Float64Array(words.buffer);
  }

  /** Gives an event another kind, if it is still kept: scratch may be known as such only when it is freed. */
  relabel(seq: number, kind: number): void {
    if (seq < this.dropped || this.capacity === 0) return;
    const at = (seq % this.capacity) * WORDS;
    this.#words[at] = (this.#words[at] & ~255) | kind;
  }

  /** The events that are kept, oldest first. */
  list(): AllocEvent[] {
    const numbers = new Map<number, number>(),
      events: AllocEvent[] = [];
    for (let seq = this.dropped; seq < this.count; seq++) events.push(this.#read(seq, numbers));
    return events;
  }

  #read(seq: number, numbers: Map<number, number>): AllocEvent {
    const slot = seq % this.capacity,
      at = slot * WORDS,
      words = this.#words,
      head = words[at],
      serial = words[at + 2];
    let buffer = numbers.get(serial);
    if (buffer === undefined) {
      buffer = numbers.size + 1;
      numbers.set(serial, buffer);
    }
    const dtype = (head >> 8) & 255,
      reason = reasons[(head >> 16) & 255],
      by = head >>> 24;
    const shape = this.#shapes[slot],
      site = siteAt(words[at + 6]);
    return {
      seq,
      kind: kinds[head & 255],
      op: this.#ops[words[at + 1]],
      buffer,
      nbytes: words[at + 3],
      live: this.#doubles[(at + 4) >> 1],
      ...(shape === null ? {} : { shape }),
      ...(dtype === NO_DTYPE ? {} : { dtype: byCode[dtype].name }),
      ...(reason === null ? {} : { reason }),
      ...(by === NO_ONE ? {} : { freedBy: freers[by] }),
      ...(site === undefined ? {} : { site }),
    };
  }
}

/** The numbers of the kinds, for `Ring.add`. */
export const ALLOC = 0,
  SCRATCH = 1,
  FREE = 2,
  VIEW = 3,
  WRITE = 4;

/** The dtype of an event that has none. */
export const NONE = NO_DTYPE;
