import { NDArrayError, ValueError } from "../base/errors.js";
import { say } from "../base/host.js";
import { type Bytes, formatBytes, parseBytes } from "../base/units.js";
import { exactBytes } from "../memory/common/text.js";
import { attach, detach } from "../memory/record/listeners.js";
import { Bill } from "../memory/report/bill.js";
import { allocations, bothBytes, keepings, told } from "./measure.js";

/** What each test of a suite is held to. */
export interface MemoryRules {
  /** The most bytes live at once in a test, beyond those at its start. */
  readonly maxPeak?: Bytes;
  /** The most bytes allocated in a test, in sum. */
  readonly maxAllocated?: Bytes;
  /** What becomes of a test that leaves arrays undisposed: nothing (`ignore`, the default), a warning, a failure. */
  readonly leaks?: "ignore" | "warn" | "fail";
}

/** The hooks of a test runner. */
export interface Hooks {
  beforeEach(hook: () => void): void;
  afterEach(hook: () => void): void;
}

let current: MemoryRules | null = null;

/**
 * Holds every test to the rules: once at the head of a file, or in a setup file for all. Tests may be asynchronous, but
 * those that run at the same moment (`test.concurrent`) are billed for each other.
 */
export function memorySetupWith({ beforeEach, afterEach }: Hooks, rules: MemoryRules): void {
  valid(rules);
  let bill: Bill | null = null;
  beforeEach(() => {
    current = rules;
    bill = new Bill();
    attach(bill);
  });
  afterEach(() => {
    if (bill === null) return;
    detach(bill);
    const broken = brokenRule(bill, current ?? rules);
    bill = current = null;
    if (broken !== null) throw new NDArrayError(broken);
  });
}

/** Other rules for the test that runs; what is not named stays as `memorySetup` says. */
export function memoryRules(rules: MemoryRules): void {
  if (current === null) throw new ValueError("memoryRules() changes rules inside a test; set some with memorySetup()");
  current = valid({ ...current, ...rules });
}

function valid(rules: MemoryRules): MemoryRules {
  for (const bytes of [rules.maxPeak, rules.maxAllocated]) if (bytes !== undefined) parseBytes(bytes);
  if (!["ignore", "warn", "fail"].includes(rules.leaks ?? "ignore"))
    throw new ValueError(`leaks is "ignore", "warn" or "fail", not ${JSON.stringify(rules.leaks)}`);
  return rules;
}

function brokenRule(bill: Bill, { maxPeak, maxAllocated, leaks = "ignore" }: MemoryRules): string | null {
  const sentences = [
    [bill.peak, maxPeak, "the peak of the test to be", "was"],
    [bill.allocated, maxAllocated, "the test to allocate", "allocated"],
  ] as const;
  for (const [bytes, max, what, verb] of sentences) {
    const limit = max === undefined ? Number.POSITIVE_INFINITY : parseBytes(max);
    if (bytes <= limit) continue;
    const [allowed, was] = bothBytes(limit, bytes);
    const sentence = `expected ${what} at most ${allowed}, but it ${verb} ${was}`;
    return told(sentence, allocations(bill), `over by ${formatBytes(bytes - limit)}`)();
  }
  if (leaks === "ignore" || bill.charges.every(({ kept }) => kept === 0)) return null;
  const left = bill.charges.reduce((sum, { retained }) => sum + retained, 0);
  const sentence = `expected the test to dispose what it made, but it left ${exactBytes(left)}`;
  const text = told(sentence, keepings(bill), "`using`, dispose() or memory.scope(() => …) frees them")();
  if (leaks === "fail") return text;
  say("warn", text);
  return null;
}
