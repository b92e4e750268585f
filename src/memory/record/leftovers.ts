import { enter, NDArray } from "../../array/ndarray.js";
import { type Buffer, copyOnWriteOf } from "../../heap/buffer.js";
import { lazyCopiesOf } from "../../heap/copyOnWrite.js";
import { knownViews } from "../../heap/viewing.js";
import { type Holding, holdingOf } from "./holding.js";
import type { Recorder } from "./recorder.js";

// What a traced function made, and neither returned, nor disposed, nor gave to a pool or a cache. Nothing is said where it
// may be in order: inside a scope that will dispose it, or when what was returned does not show all that it holds.

/** Arrays that were born on one line: how many, and a view that is alive of the first. */
export interface LeftOfLine {
  count: number;
  readonly view?: { readonly site: number; readonly nbytes: number };
}

/** Arrays that a function left alive. */
export interface Left {
  readonly bytes: number;
  /** Those that have a name or a view, by line. */
  readonly sites: ReadonlyMap<number, LeftOfLine>;
  /** Others, of which only a view was disposed. */
  readonly unnamed: readonly Holding[];
  /** All that a scope around the function would give back, by their serial numbers: what views alone hold too. */
  readonly serials: ReadonlySet<number>;
  /** What it returned that holds more than it shows: single views whose arrays are gone. */
  readonly views: readonly Holding[];
}

/** What is left of a trace that has ended with a result; null if it cannot be told. */
export function leftBy(recorder: Recorder, result: unknown): Left | null {
  if (!recorder.sited || insideScope()) return null;
  const returned = buffersIn(result);
  if (returned === null) return null;
  const sites = new Map<number, LeftOfLine>(),
    unnamed: Holding[] = [],
    views: Holding[] = [],
    serials = new Set<number>();
  let bytes = 0;
  for (const buffer of recorder.buffers()) {
    const { owner, owned, scratch, site, nbytes, serial } = buffer;
    if (owner !== "array" || scratch || isShared(buffer, returned)) continue;
    const holding = holdingOf(buffer),
      sum = sites.get(site);
    if (returned.has(buffer)) {
      if (holding !== null && isWasteful(holding)) views.push(holding);
      continue;
    }
    serials.add(serial);
    if (!owned) continue;
    if (holding !== null) unnamed.push(holding);
    else {
      bytes += nbytes;
      if (sum !== undefined) sum.count++;
      else {
        const [view] = knownViews(buffer);
        sites.set(site, {
          count: 1,
          ...(view === undefined ? {} : { view: { site: view.site, nbytes: view.nbytes } }),
        });
      }
    }
  }
  return { bytes, sites, unnamed, serials, views };
}

// Whether a copy would take less than what a single view holds.
function isWasteful({ kind, count, views, nbytes }: Holding): boolean {
  return kind === "views" && count === 1 && views.length === 1 && views[0].nbytes < nbytes;
}

// Whether a lazy copy that was returned, or that a cache holds, reads the memory: it stays, whoever gives up the array.
function isShared(buffer: Buffer, returned: ReadonlySet<Buffer>): boolean {
  if (lazyCopiesOf(buffer) === 0) return false;
  return [...copyOnWriteOf(buffer)!.copies].some(({ ref }) => {
    const copy = ref?.deref();
    return copy !== undefined && (returned.has(copy) || copy.owner !== "array");
  });
}

function insideScope(): boolean {
  const scope = enter(null);
  enter(scope);
  return scope !== null;
}

/** Values that are looked at before a result counts as one that cannot be seen through. */
const MANY = 10_000;

/** The buffers of all arrays inside a value; null if it may hold some that cannot be seen. */
function buffersIn(value: unknown): Set<Buffer> | null {
  const found = new Set<Buffer>(),
    seen = new Set<unknown>(),
    waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "function" || seen.size > MANY) return null;
    if (typeof next !== "object" || next === null || seen.has(next) || ArrayBuffer.isView(next)) continue;
    seen.add(next);
    if (next instanceof NDArray) {
      if (!next.disposed) found.add(next.buffer);
      continue;
    }
    const members = plainMembers(next);
    if (members === null) return null;
    for (const member of members) waiting.push(member);
  }
  return found;
}

function plainMembers(value: object): unknown[] | null {
  try {
    if (value instanceof Map) return [...value].flat();
    if (value instanceof Set) return [...value];
    const prototype: unknown = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return null;
    const properties = Object.values(Object.getOwnPropertyDescriptors(value));
    return properties.some((property) => !("value" in property)) ? null : properties.map(({ value }) => value);
  } catch {
    return null; // a proxy, or a subclass that answers what it likes
  }
}
