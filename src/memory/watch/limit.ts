import { takes } from "../../array/options.js";
import type { Descr } from "../../base/dtype.js";
import { ArgumentError, MemoryBudgetError, NDArrayError, ValueError } from "../../base/errors.js";
import { sameShape } from "../../base/layout.js";
import { shown } from "../../base/shown.js";
import { type Bytes, formatBytes, parseBytes } from "../../base/units.js";
import { reclaim } from "../../heap/allocate.js";
import type { Buffer, Slot } from "../../heap/buffer.js";
import { canCollect } from "../../heap/collector.js";
import type { CopyReason, FreedBy } from "../../heap/reasons.js";
import { elementwise } from "../../operations/apply.js";
import { labelOf } from "../common/args.js";
import { callWithOut, columns, counted } from "../common/text.js";
import { siteNow, siteText } from "../places/sites.js";
import type { AllocationRecord } from "../record/allocations.js";
import { spendings } from "../record/costs.js";
import { holdingTexts } from "../record/holding.js";
import { attach, detach } from "../record/listeners.js";
import { Recorder } from "../record/recorder.js";
import { Report } from "../report/report.js";
import { Extent, type Owner, whyNotAcross } from "./extent.js";

/** What may be used at most, counted from the moment the limit is set. */
export interface Limits {
  /** Bytes live at once, of arrays born under the limit, temporaries inside operations included. */
  live?: Bytes;
  /** Bytes allocated in sum. */
  allocated?: Bytes;
  /** Allocations. */
  allocs?: number;
  /** Copies of any reason. */
  copies?: number;
}

type Kind = keyof Limits;

const every: Record<Kind, true> = { live: true, allocated: true, allocs: true, copies: true },
  kinds = Object.keys(every) as readonly Kind[]; // the keys of a table of all kinds

const LIMIT = takes(
  "memory.limit()",
  { live: "anything", allocated: "anything", allocs: "limit", copies: "limit" },
  'memory.limit({ live: "20 MB" }, label)',
);

/** What a limit hears of memory: out of reach of whoever holds the limit. */
class Meter extends Recorder implements Owner {
  ownLive = 0;
  copies = 0;
  readonly extent: Extent;

  constructor(
    readonly max: Partial<Record<Kind, number>>,
    readonly refusal: (kind: Kind, needed: number, op: string, descr: Descr, shape: readonly number[]) => Error,
  ) {
    super("lines", 0, 4096);
    this.extent = new Extent(this, limit);
  }

  certain(): void {}

  uncertain(): void {}

  used(kind: Kind): number {
    if (kind === "live") return this.ownLive;
    return kind === "copies" ? this.copies : this[kind];
  }

  left(kind: Kind): number {
    return (this.max[kind] ?? Number.POSITIVE_INFINITY) - this.used(kind);
  }

  override allowing(
    nbytes: number,
    op: string,
    descr: Descr,
    shape: readonly number[],
    reason: CopyReason | null,
  ): void {
    if (!this.extent.holds) return;
    if (this.left("live") < nbytes && canCollect) reclaim(nbytes);
    const needs: Record<Kind, number> = { live: nbytes, allocated: nbytes, allocs: 1, copies: reason === null ? 0 : 1 };
    for (const kind of kinds) {
      if (needs[kind] > 0 && this.left(kind) < needs[kind]) throw this.refusal(kind, needs[kind], op, descr, shape);
    }
  }

  override born(buffer: Buffer): void {
    if (!this.extent.holds) return;
    super.born(buffer);
    this.ownLive += buffer.nbytes;
    if (buffer.reason !== null) this.copies++;
  }

  override died(slot: Slot, by: FreedBy, site: number, buffer: Buffer | null): void {
    const own = this.owns(slot);
    if (own) this.ownLive -= slot.nbytes;
    if (own || this.extent.holds) super.died(slot, by, site, buffer);
  }

  override viewed(buffer: Buffer, shape: readonly number[], descr: Descr): void {
    if (this.extent.holds) super.viewed(buffer, shape, descr);
  }

  override ran(op: string, source: Buffer | null, output: Buffer | null, descr?: Descr): void {
    if (this.extent.holds) super.ran(op, source, output, descr);
  }
}

/** A limit in force until it is disposed. */
export class Budget implements Disposable {
  readonly report: Report;
  readonly #meter: Meter;
  readonly #setAt: number;

  /** @internal */
  constructor(
    { live, allocated, allocs, copies }: Limits,
    readonly label: string,
  ) {
    const bytes = (value: Bytes | undefined): number | undefined =>
      value === undefined ? undefined : parseBytes(value);
    const max = { live: bytes(live), allocated: bytes(allocated), allocs, copies };
    this.#setAt = siteNow(limit, "limit");
    this.#meter = new Meter(max, (...args) => this.#refusal(...args));
    this.report = new Report(this.#meter, `budget "${label}"`, spendings());
    attach(this.#meter);
  }

  /** What is left: bytes for `live` and `allocated`, numbers for the others; Infinity where there is no limit. */
  left(kind: keyof Limits): number {
    if (!kinds.includes(kind)) throw new ValueError(`a limit is one of ${kinds.join(", ")}, not ${shown(kind)}`);
    return this.#meter.left(kind);
  }

  #refusal(kind: Kind, needed: number, op: string, descr: Descr, shape: readonly number[]): MemoryBudgetError {
    const text = (n: number): string => amount(kind, n),
      bytes = inBytes(kind),
      { max, ownLive } = this.#meter;
    const left = this.#meter.left(kind),
      held = this.#meter.living().sort((a, b) => b.nbytes - a.nbytes),
      place = siteText(this.#setAt);
    const fits = elementwise.has(op)
      ? held.find((record) => record.descr === descr && sameShape(record.shape, shape))
      : undefined;
    const message = [
      `${op} needs ${text(needed)}, but budget "${this.label}" has ${left <= 0 ? (bytes ? "nothing" : "none") : text(left)} left`,
      `  budget    ${text(max[kind]!)}${bytes ? ` ${kind}` : ""}${place === "" ? "" : `, set at ${place}`}`,
      `  in use    ${formatBytes(ownLive)} in ${counted(held.length, "array")} made under it`,
      ...(held.length > 0 ? [columns(held.slice(0, 8).map(heldRow), "<<><<", "              ")] : []),
      ...holdingTexts(this.#meter.holdings()).map((text) => `  views     ${text}`),
      ...(fits === undefined ? [] : [`  try       ${callWithOut(op)} into such an array that is of no further use`]),
    ];
    return new MemoryBudgetError(message.join("\n"), this.label, kind, needed, left, this.report);
  }

  /** What is used of each limit. */
  toString(): string {
    const used = kinds.flatMap((kind) => {
      const most = this.#meter.max[kind];
      return most === undefined
        ? []
        : [`${amount(kind, this.#meter.used(kind))} of ${amount(kind, most)}${inBytes(kind) ? ` ${kind}` : ""}`];
    });
    return `budget "${this.label}": ${used.join(", ")}`;
  }

  /**
   * Takes the limit away. Error: it was in force across an await, where the host cannot tell tasks apart; it has then
   * refused nothing since.
   */
  close(): void {
    const { extent } = this.#meter;
    if (!extent.open) return;
    extent.end();
    detach(this.#meter);
    this.#meter.stop();
    this.report.end();
    if (extent.unknowable)
      throw new NDArrayError(`limit "${this.label}" was in force across an await, which ${whyNotAcross}`);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const inBytes = (kind: Kind): boolean => kind === "live" || kind === "allocated";

function amount(kind: Kind, n: number): string {
  return inBytes(kind) ? formatBytes(n) : counted(n, kind === "allocs" ? "allocation" : "copy");
}

function heldRow({ serial, descr, shape, nbytes, op, site }: AllocationRecord): string[] {
  return [`#${serial}`, `${descr.name} [${shape.join(", ")}]`, formatBytes(nbytes), op, siteText(site)];
}

/**
 * Sets a limit that lasts until it is disposed: `using _ = memory.limit({ live: "20 MB" }, "normalise")`. What would
 * exceed it is a `MemoryBudgetError`, thrown before anything changes. Limits nest; each counts from where it was set.
 * In Node a limit may last across awaits of the function that sets it, and then counts what is done on that function's
 * behalf; elsewhere one that was in force across an await refuses nothing after it, and says so when it ends.
 */
export function limit(max: Limits, label = "limit"): Budget {
  LIMIT.count(arguments.length - 1);
  if (max === undefined) throw new ArgumentError('memory.limit takes what is allowed: memory.limit({ live: "20 MB" })');
  const read = LIMIT.read(max);
  return new Budget(read, labelOf(label, "memory.limit"));
}
