import { byCode, type DType } from "../../base/dtype.js";
import { frozenCopy } from "../../base/layout.js";
import { type CopyReason, codeOfReason, type FreedBy, freers, reasonOf } from "../../heap/reasons.js";
import { type Site, siteAt } from "../places/sites.js";

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

// The kinds, and the numbers by which the ring names them.
const kindCodes = { alloc: 0, scratch: 1, free: 2, view: 3, write: 4 } as const;

/** `scratch` is an allocation that lives only while an operation runs; `write` is an operation that ran. */
export type Kind = keyof typeof kindCodes;

const kinds = Object.keys(kindCodes) as readonly Kind[]; // numbered in the order in which they stand

/** The numbers of the kinds, for `Ring.add`. */
export const ALLOC = kindCodes.alloc,
  SCRATCH = kindCodes.scratch,
  FREE = kindCodes.free,
  VIEW = kindCodes.view,
  WRITE = kindCodes.write;

/** The dtype of an event that has none, and who freed it where nobody did. */
export const NO_DTYPE = 255,
  NO_ONE = 255;

// Five words an event:
//   0 kind, dtype, reason, freed by: a byte each    1 operation    2 serial    3 bytes    4 site
const WORDS = 5;

/** The last events, at most `capacity`; older ones are dropped and counted. It grows as it fills. */
export class Ring {
  #words = new Uint32Array(0);
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
    shape: readonly number[] | null,
    dtype: number,
    reason: CopyReason | null,
    by: number,
    site: number,
  ): void {
    this.count++;
    if (this.capacity === 0) return;
    const slot = this.#next,
      at = slot * WORDS;
    this.#next = slot + 1 === this.capacity ? 0 : slot + 1;
    if (at === this.#words.length) this.#grow();
    const words = this.#words;
    words[at] = kind | (dtype << 8) | (codeOfReason(reason) << 16) | (by << 24);
    words[at + 1] = op;
    words[at + 2] = serial;
    words[at + 3] = nbytes;
    words[at + 4] = site;
    this.#shapes[slot] = shape;
  }

  #grow(): void {
    const words = new Uint32Array(Math.min(Math.max(256 * WORDS, 2 * this.#words.length), this.capacity * WORDS));
    words.set(this.#words);
    this.#words = words;
  }

  /** Gives the event of a number another kind, if it is still kept: scratch may be known as such only when it is freed. */
  relabel(seq: number, kind: number): void {
    const ago = (this.count - seq) >>> 0;
    if (ago > this.capacity || this.capacity === 0) return;
    const at = ((this.count - ago) % this.capacity) * WORDS;
    this.#words[at] = (this.#words[at] & ~255) | kind;
  }

  /** The events that are kept, oldest first, if so many bytes are live after the last of them. */
  list(live: number): AllocEvent[] {
    const numbers = new Map<number, number>(),
      events: AllocEvent[] = [];
    let before = live;
    for (let seq = this.count - 1; seq >= this.dropped; seq--) before -= this.#change(seq);
    for (let seq = this.dropped; seq < this.count; seq++) {
      before += this.#change(seq);
      events.push(this.#read(seq, before, numbers));
    }
    return events;
  }

  // By how much an event changed the live bytes.
  #change(seq: number): number {
    const at = (seq % this.capacity) * WORDS,
      nbytes = this.#words[at + 3];
    return (this.#words[at] & 255) === FREE ? -nbytes : nbytes;
  }

  #read(seq: number, live: number, numbers: Map<number, number>): AllocEvent {
    const at = (seq % this.capacity) * WORDS,
      words = this.#words,
      head = words[at],
      serial = words[at + 2];
    let buffer = numbers.get(serial);
    if (buffer === undefined) {
      buffer = numbers.size + 1;
      numbers.set(serial, buffer);
    }
    const dtype = (head >> 8) & 255,
      reason = reasonOf((head >> 16) & 255),
      by = head >>> 24;
    const shape = this.#shapes[seq % this.capacity],
      site = siteAt(words[at + 4]);
    return {
      seq,
      kind: kinds[head & 255],
      op: this.#ops[words[at + 1]],
      buffer,
      nbytes: words[at + 3],
      live,
      ...(shape === null ? {} : { shape: frozenCopy(shape) }),
      ...(dtype === NO_DTYPE ? {} : { dtype: byCode[dtype].name }),
      ...(reason === null ? {} : { reason }),
      ...(by === NO_ONE ? {} : { freedBy: freers[by] }),
      ...(site === undefined ? {} : { site }),
    };
  }
}
