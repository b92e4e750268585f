import { atMost } from "../base/arity.js";
import type { Descr } from "../base/dtype.js";
import { frozenCopy } from "../base/layout.js";
import { printAsText } from "../base/shown.js";
import { formatBytes } from "../base/units.js";
import type { CopyReason, FreedBy } from "./reasons.js";

// One allocation as an object.

// Given by the static blocks of the classes.
/** @internal */ export let setSlotPointer: (slot: Slot, pointer: number) => void;
/** @internal */ export let setRef: (slot: Slot, ref: WeakRef<Buffer>) => void;
/** @internal */ export let setSharedFrom: (slot: Slot, from: Slot | null) => void;
/** Says which memory is a buffer's, and for which shape. @internal */
export let setMemory: (buffer: Buffer, pointer: number, nbytes: number, shape: readonly number[]) => void;
/** The shape a buffer was asked for with: an array's own list, never to be given out. @internal */
export let shapeAsked: (buffer: Buffer) => readonly number[];
/** The memory that a buffer shares with its lazy copies, or that it reads as one; null for almost all. */
export let copyOnWriteOf: (buffer: Buffer) => CopyOnWrite | null;
/** @internal */ export let setGeneration: (buffer: Buffer, generation: number) => void;
/** Ends a generation: every array of it is disposed from now on. @internal */ export let endGeneration: (
  buffer: Buffer,
) => void;
/** Counts arrays on a buffer; returns how many there are now. @internal */ export let countHandles: (
  buffer: Buffer,
  more: number,
) => number;
/** @internal */ export let setCopyOnWrite: (buffer: Buffer, shared: CopyOnWrite | null) => void;
/** Where a buffer goes when its last array is disposed, instead of being freed: the pool that lent it. @internal */
export let homeOf: (buffer: Buffer) => Home | null;
/** @internal */ export let setHome: (buffer: Buffer, home: Home | null) => void;

/** What takes a buffer back. */
export interface Home {
  back(buffer: Buffer, by: FreedBy, site: number): void;
}

// Users reach buffers and slots through their arrays (`a.buffer.slot`). What the core is called with, and what decides
// when memory is freed, has getters only: it is written by the functions that static blocks hand out below.

/** What is left of a buffer when its object is collected: enough to free its memory. */
export class Slot {
  /** Its place among all slots: small numbers, used again, that tables about live buffers go by. */
  index = -1;
  serial = 0;
  nbytes = 0;
  site = 0;
  #pointer = 0;
  #ref: WeakRef<Buffer> | null = null;
  #sharedFrom: Slot | null = null;

  get pointer(): number {
    return this.#pointer;
  }
  get ref(): WeakRef<Buffer> | null {
    return this.#ref;
  }
  /** If its buffer has no memory of its own, but reads another's: the slot of that. */
  get sharedFrom(): Slot | null {
    return this.#sharedFrom;
  }
  static {
    setSlotPointer = (slot, pointer) => {
      slot.#pointer = pointer;
    };
    setRef = (slot, ref) => {
      slot.#ref = ref;
    };
    setSharedFrom = (slot, from) => {
      slot.#sharedFrom = from;
    };
  }
}

/** A view whose line is known. */
export interface ViewNote {
  readonly view: WeakRef<{ readonly disposed: boolean }>;
  /** That of the buffer it was made of. */
  readonly serial: number;
  readonly site: number;
  /** Bytes of its elements. */
  readonly nbytes: number;
}

/** What is asked of an array that was copied. */
export interface Original {
  readonly id: number;
  readonly buffer: Buffer;
  readonly disposed: boolean;
}

/** Memory that several buffers read as their own, until one of them is written. */
export interface CopyOnWrite {
  /** Whose memory it is. Each copy counts among its handles, so that it stays. */
  readonly holder: Buffer;
  /** Their slots, which keep none of them alive: a lazy copy may be forgotten as any other array. */
  readonly copies: Set<Slot>;
}

/**
 * One allocation. Arrays are handles on it; it is freed with the array that owns it, or with the last handle. The object
 * is used again for a later allocation: `generation` tells a handle of the earlier one that its memory is gone.
 */
export class Buffer {
  #pointer = 0;
  #nbytes = 0;
  #generation = 0;
  #refcount = 0;
  #home: Home | null = null;
  #copyOnWrite: CopyOnWrite | null = null;
  #shape: readonly number[] = [];
  readonly #slot: Slot;
  /** Counts allocations from 1; also the tag of the block in the core's heap. */
  serial = 0;
  /** Operations that wrote into it. */
  version = 0;
  /** When it was last used in any way, by `clock`: known while a trace runs. */
  touched = 0;
  /** Operations that read it, counted while a trace runs. */
  reads = 0;
  /** Whether a typed array over it was given out: writes through that are not seen. */
  escaped = false;
  /** Whether something was told to see when its array ends: a weak reference. */
  watched = false;
  /** Whether the array that owns it, rather than a view, is among its handles. */
  owned = false;
  /** What keeps it: `array`, or the name of a pool or cache. */
  owner = "array";
  /** Caches that took it over: while one holds it, disposing its array frees nothing. */
  keepers = 0;
  /** Views of it that were disposed by hand. */
  viewsGone = 0;
  op = "";
  reason: CopyReason | null = null;
  /** True for memory that lives only while an operation runs. */
  scratch = false;
  /** Where it was born: an index into the sites of src/memory/places/sites.ts, 0 if nobody looked. */
  site = 0;
  descr!: Descr;
  // What follows is known of buffers that were born while somebody listened.
  /** Views made of it, and those of them whose lines were looked for: of earlier lives of this object too. */
  views = 0;
  viewNotes: ViewNote[] | null = null;
  /** When its first operation had filled it, and the version it then had; 0 before. */
  filledAt = 0;
  filledVersion = 0;
  /** Whether an elementwise operation that takes `out` was called for it and wrote all of its elements. */
  whole = false;
  /** For a copy that was asked for and has the layout of its original: that array, and its buffer's version then. */
  source: WeakRef<Original> | null = null;
  sourceVersion = 0;
  /** The copy's own array, by its number. */
  copyId = 0;

  constructor(slot: Slot) {
    this.#slot = slot;
  }

  get pointer(): number {
    return this.#pointer;
  }
  /** Bytes asked for. */
  get nbytes(): number {
    return this.#nbytes;
  }
  get generation(): number {
    return this.#generation;
  }
  /** Arrays on it that were not disposed: the owner and its views. */
  get refcount(): number {
    return this.#refcount;
  }
  /** The shape it was asked for with, frozen. */
  get shape(): readonly number[] {
    return frozenCopy(this.#shape);
  }
  get slot(): Slot {
    return this.#slot;
  }

  /** What it holds and for whom, in a line. */
  toString(): string {
    atMost(0, arguments.length, "toString()");
    if (this.#generation < 0 || this.#refcount === 0 || this.descr === undefined) return "buffer without memory";
    const held = `buffer of ${formatBytes(this.#nbytes)}, ${this.descr.name} [${this.#shape.join(", ")}]`;
    return `${held}, ${this.#refcount} ${this.#refcount === 1 ? "handle" : "handles"}`;
  }
  /** The same for `JSON.stringify`. */
  toJSON(): string {
    return String(this);
  }
  static {
    setMemory = (buffer, pointer, nbytes, shape) => {
      buffer.#pointer = pointer;
      buffer.#nbytes = nbytes;
      buffer.#shape = shape;
    };
    shapeAsked = (buffer) => buffer.#shape;
    copyOnWriteOf = (buffer) => buffer.#copyOnWrite;
    setGeneration = (buffer, generation) => {
      buffer.#generation = generation;
    };
    endGeneration = (buffer) => {
      buffer.#generation++;
      buffer.#pointer = 0;
    };
    countHandles = (buffer, more) => {
      buffer.#refcount += more;
      return buffer.#refcount;
    };
    setCopyOnWrite = (buffer, shared) => {
      buffer.#copyOnWrite = shared;
    };
    homeOf = (buffer) => buffer.#home;
    setHome = (buffer, home) => {
      buffer.#home = home;
    };
  }
}

printAsText(Buffer);
