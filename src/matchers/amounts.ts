import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { type Bytes, formatBytes, parseBytes } from "../base/units.js";
import { type CopyReason, copyReasons } from "../heap/reasons.js";
import { counted, exactBytes } from "../memory/common/text.js";
import { Bill, billed } from "../memory/report/bill.js";
import {
  allocations,
  bothBytes,
  buffersIn,
  copyings,
  functionOf,
  keepings,
  type MatcherContext,
  measure,
  nameOf,
  runOnce,
  told,
  type Verdict,
} from "./measure.js";

/** What `toAllocate` expects; at least one of the two. `arrays` and `allocs` are the same number: temporaries count. */
export interface Allocation {
  readonly arrays?: number;
  readonly allocs?: number;
  readonly bytes?: Bytes;
}

/** Exactly so many arrays and bytes, in sum. */
export function toAllocate(this: MatcherContext, received: unknown, expected: Allocation): Verdict {
  const allocs = expected.allocs ?? expected.arrays,
    bytes = expected.bytes === undefined ? undefined : parseBytes(expected.bytes);
  if (allocs === undefined && bytes === undefined) throw new ValueError("toAllocate needs arrays, bytes or both");
  if (expected.allocs !== undefined && expected.arrays !== undefined && expected.allocs !== expected.arrays)
    throw new ValueError("toAllocate was given two different numbers of arrays");
  const { name, bill } = measure(received, "toAllocate");
  const pass = (allocs ?? bill.allocs) === bill.allocs && (bytes ?? bill.allocated) === bill.allocated;
  const wanted = [
    ...(bytes === undefined ? [] : [exactBytes(bytes)]),
    ...(allocs === undefined ? [] : [counted(allocs, "array")]),
  ].join(" in ");
  const was = pass ? "it did" : `it allocated ${exactBytes(bill.allocated)} in ${counted(bill.allocs, "array")}`;
  return { pass, message: told(`expected ${name}${not(this)} to allocate ${wanted}, but ${was}`, allocations(bill)) };
}

/** At most so many bytes, in sum. */
export function toAllocateAtMost(this: MatcherContext, received: unknown, most: Bytes): Verdict {
  const limit = parseBytes(most),
    { name, bill } = measure(received, "toAllocateAtMost");
  const [allowed, was] = bothBytes(limit, bill.allocated),
    pass = bill.allocated <= limit;
  const sentence = `expected ${name} to allocate ${atMost(this)} ${allowed}, but it allocated ${was} in ${counted(bill.allocs, "array")}`;
  const notes = pass ? [] : [`over by ${formatBytes(bill.allocated - limit)}; peak was ${formatBytes(bill.peak)}`];
  return { pass, message: told(sentence, allocations(bill), ...notes) };
}

/** No array and no temporary. */
export function toAllocateNothing(this: MatcherContext, received: unknown): Verdict {
  const { name, bill } = measure(received, "toAllocateNothing"),
    pass = bill.allocs === 0;
  const was = pass
    ? "it allocated nothing"
    : `it allocated ${exactBytes(bill.allocated)} in ${counted(bill.allocs, "array")}`;
  const wanted = this.isNot ? "something" : "nothing";
  return { pass, message: told(`expected ${name} to allocate ${wanted}, but ${was}`, allocations(bill)) };
}

/** At most so many bytes live at once beyond those at the start, temporaries inside operations included. */
export function toPeakAtMost(this: MatcherContext, received: unknown, most: Bytes): Verdict {
  const limit = parseBytes(most),
    { name, bill } = measure(received, "toPeakAtMost");
  const [allowed, was] = bothBytes(limit, bill.peak),
    pass = bill.peak <= limit;
  const sentence = `expected the peak of ${name} to be ${atMost(this)} ${allowed}, but it was ${was}`;
  const notes = pass
    ? []
    : [
        `over by ${formatBytes(bill.peak - limit)}; allocated were ${formatBytes(bill.allocated)} in ${counted(bill.allocs, "array")}`,
      ];
  return { pass, message: told(sentence, allocations(bill), ...notes) };
}

/** Exactly so many bytes more live after it than before, its result included. */
export function toRetain(this: MatcherContext, received: unknown, bytes: Bytes): Verdict {
  // Below 0 is a function that frees what others made.
  const expected = typeof bytes === "number" ? bytes : parseBytes(bytes),
    { name, bill } = measure(received, "toRetain");
  const pass = bill.retained === expected,
    was = pass ? "it did" : `it retained ${exactBytes(bill.retained)}`;
  return {
    pass,
    message: told(`expected ${name}${not(this)} to retain ${exactBytes(expected)}, but ${was}`, keepings(bill)),
  };
}

/** How often `toBeLeakFree` runs a function: before it counts, and while it counts. */
export interface LeakRuns {
  readonly warmups?: number;
  readonly runs?: number;
}

/** Nothing more is live after each run than before it, but for arrays that it returns: those are its caller's. */
export function toBeLeakFree(
  this: MatcherContext,
  received: unknown,
  { warmups = 1, runs = 3 }: LeakRuns = {},
): Verdict {
  const fn = functionOf(received, "toBeLeakFree");
  if (!(Number.isInteger(warmups) && Number.isInteger(runs) && warmups >= 0 && runs >= 1))
    throw new ValueError(
      `toBeLeakFree needs whole numbers of warmups and of runs, 1 at least, not ${warmups} and ${runs}`,
    );
  for (let i = 0; i < warmups; i++) runOnce(fn);
  const bill = new Bill(),
    perRun: number[] = [];
  billed(bill, () => {
    for (let i = 0; i < runs; i++) {
      const before = bill.retained;
      bill.handOver(buffersIn(runOnce(fn)));
      perRun.push(bill.retained - before);
    }
  });
  const pass = perRun.every((bytes) => bytes <= 0);
  return { pass, message: () => leaks(nameOf(fn, bill), bill, perRun, pass) };
}

function leaks(name: string, bill: Bill, perRun: readonly number[], pass: boolean): string {
  if (pass) return `expected ${name} to leak, but nothing it made was live after ${counted(perRun.length, "run")}`;
  const [first] = perRun,
    alike = perRun.every((bytes) => bytes === first);
  const each = alike && bill.charges.every(({ kept }) => kept % perRun.length === 0);
  const was = alike
    ? `${exactBytes(first)} in ${perRun.length === 1 ? "its run" : `each of ${perRun.length} runs`}`
    : `${perRun.map(exactBytes).join(", then ")} in ${counted(perRun.length, "run")}`;
  const unit = each || perRun.length === 1 ? "" : "bytes of all runs together";
  const sentence = `expected ${name} to be leak-free, but it retained ${was}`;
  return told(sentence, keepings(bill, each ? perRun.length : 1), ...(unit === "" ? [] : [unit]))();
}

/** No copy but for these reasons; without any, no copy at all. Making none fits too. */
export function toCopyOnlyBecause(this: MatcherContext, received: unknown, ...reasons: CopyReason[]): Verdict {
  const stranger = reasons.find((reason) => !copyReasons.includes(reason));
  if (stranger !== undefined)
    throw new ValueError(`${shown(stranger)} is no reason of a copy; reasons are ${copyReasons.join(", ")}`);
  const { name, bill } = measure(received, "toCopyOnlyBecause");
  const copies = bill.charges.filter(({ reason }) => reason !== null),
    others = copies.filter(({ reason }) => !reasons.includes(reason!));
  const pass = others.length === 0,
    bytes = others.reduce((sum, { allocated }) => sum + allocated, 0);
  const why = [...new Set(others.map(({ reason }) => reason))].join(", "),
    list = reasons.join(", ");
  const wanted =
    reasons.length === 0
      ? this.isNot
        ? "to copy"
        : "not to copy"
      : `${this.isNot ? "not " : ""}to copy only because of ${list}`;
  const was = pass
    ? copies.length === 0
      ? "it made no copy"
      : "it did"
    : `it copied ${formatBytes(bytes)} because of ${why}`;
  return { pass, message: told(`expected ${name} ${wanted}, but ${was}`, copyings(pass ? copies : others)) };
}

function not({ isNot }: MatcherContext): string {
  return isNot ? " not" : "";
}

function atMost({ isNot }: MatcherContext): string {
  return isNot ? "more than" : "at most";
}
