import { describe, expect, test } from "vitest";
import type { Listener } from "../../src/heap/listener.js";
import * as np from "../../src/index.js";
import { attach, detach } from "../../src/memory/record/listeners.js";
import { allCalls, type Call, finished, methodNames, names } from "../support/calls.js";

const { memory } = np;
const calls = allCalls();

/** Bytes and blocks that the heap walk finds in use. */
function walked(): [bytes: number, blocks: number] {
  const used = memory.map().regions.filter((region) => region.kind === "used");
  return [used.reduce((sum, { nbytes }) => sum + nbytes, 0), used.length];
}

/** A result as values that can be compared: arrays by dtype, shape and elements, also inside lists and objects. */
function plain(value: unknown): unknown {
  if (value instanceof np.NDArray) return [value.dtype, value.shape, value.tolist()];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** Runs a program under a trace and holds events, sums, counters and the heap walk against each other. */
function agree(name: string, program: () => unknown): void {
  const before = memory.usage(),
    blocks = walked();
  const t = memory.trace(program, { level: "events" });
  const after = memory.usage(),
    blocksAfter = walked();
  let live = 0,
    allocs = 0,
    frees = 0,
    allocated = 0,
    copied = 0;
  for (const e of t.events) {
    if (e.kind === "alloc" || e.kind === "scratch") {
      allocs++;
      allocated += e.nbytes;
      live += e.nbytes;
      if (e.reason !== undefined) copied += e.nbytes;
    } else if (e.kind === "free") {
      frees++;
      live -= e.nbytes;
    }
    expect(e.live).toBe(live);
  }
  const events = { allocs, frees, allocated, copied, live };
  const sums = { allocs: t.allocs, frees: t.frees, allocated: t.allocated, copied: t.copied, live: t.retained };
  const counters = {
    allocs: after.allocs - before.allocs,
    frees: after.frees - before.frees,
    allocated: after.allocated - before.allocated,
    copied: after.copied - before.copied,
    live: after.live - before.live,
  };
  expect([name, events]).toEqual([name, counters]);
  expect([name, sums]).toEqual([name, counters]);
  expect([name, blocksAfter[0] - blocks[0], blocksAfter[1] - blocks[1]]).toEqual([name, live, allocs - frees]);
  const lines = [...t.ops(), ...t.dtypes()].reduce((sum, row) => sum + row.allocated, 0);
  expect([name, lines]).toEqual([name, 2 * allocated]);
}

describe("every public function", () => {
  test("is among the calls, and so is every method", () => {
    const known = new Set(calls.map((call) => call.name));
    expect([...names, ...methodNames].filter((name) => !known.has(name))).toEqual([]);
  });

  test("allocates and frees what the events say, the counters count and the heap walk finds", () => {
    for (const { name, run } of calls) memory.scope(() => agree(name, () => finished(run())));
  });

  test("leaves nothing behind after a scope", () => {
    const before = memory.usage();
    for (const { name, run } of calls) {
      memory.scope(() => void finished(run()));
      const { live, buffers } = memory.usage();
      expect([name, live, buffers]).toEqual([name, before.live, before.buffers]);
    }
  });

  test("gives the same with and without a trace, and the same events twice", () => {
    for (const { name, run } of calls) {
      // What tells addresses or draws numbers differs by its nature.
      if (/random|empty|bufferInfo/i.test(name)) continue;
      memory.scope(() => {
        const off = plain(finished(run()));
        const first = memory.trace(() => finished(run())),
          second = memory.trace(() => finished(run()));
        expect([name, plain(first.result)]).toEqual([name, off]);
        const facts = (t: typeof first): unknown => t.events.map(({ site: _, ...event }) => event);
        expect([name, facts(second)]).toEqual([name, facts(first)]);
      });
    }
  });
});

/** Refuses the allocation with the given number. */
class Fault implements Listener {
  readonly sited = false;
  #left: number;
  constructor(at: number) {
    this.#left = at;
  }
  allowing(nbytes: number): void {
    if (this.#left-- === 0) throw new np.OutOfMemoryError("refused by the test", nbytes, 0, 0, 0);
  }
  born(): void {}
  died(): void {}
  viewed(): void {}
  ran(): void {}
}

/** Runs a call again and again, each time with the next allocation refused; returns what is live afterwards. */
function faults({ name, run }: Call, check: (name: string, at: number) => void): void {
  for (let at = 0; at < 50; at++) {
    const fault = new Fault(at);
    attach(fault);
    let fails = false;
    try {
      memory.scope(() => void finished(run()));
    } catch (error) {
      if (!(error instanceof np.OutOfMemoryError))
        throw new Error(`${name} turned the fault at ${at} into ${String(error)}`);
      fails = true;
    } finally {
      detach(fault);
    }
    check(name, at);
    if (!fails) return;
  }
}

describe("out of memory at each allocation in turn", () => {
  test("is a typed error in every public function, and a scope frees what there was", () => {
    const before = memory.usage();
    for (const call of calls) {
      faults(call, (name, at) => {
        const { live, buffers } = memory.usage();
        expect([name, at, live, buffers]).toEqual([name, at, before.live, before.buffers]);
      });
    }
  });

  test("inside an operation frees its temporaries without any scope", () => {
    const x = np.arange(12).reshape([3, 4]),
      y = x.transpose();
    const operations: [string, () => unknown][] = [
      ["add lists", () => np.add([1, 2], [3, 4])],
      ["overlap", () => np.add(x.at(":, :-1"), x.at(":, 1:"), { out: x.at(":, 1:") })],
      ["where list", () => np.sqrt([1, 4, 9], { where: [true, false, true] })],
      ["mask list", () => x.at([[true, false, true]])],
      [
        "set list",
        () =>
          x.set(
            [
              [0, 1],
              [1, 2],
            ],
            [7, 8],
          ),
      ],
      ["std", () => np.std(y, 0)],
      [
        "std list",
        () =>
          np.std(
            [
              [1, 2],
              [3, 4],
            ],
            0,
          ),
      ],
      ["reshape F", () => np.reshape(x, [12], { order: "F" })],
      ["save", () => np.save(y)],
      ["clip", () => np.clip([1, 2, 3], [0, 0, 0], 2)],
      ["sum list", () => np.sum([1n, 2n, 3n])],
      ["deepCopy", () => memory.deepCopy([x, y, [x.at(0)]])],
    ];
    for (const [name, run] of operations) {
      for (let at = 0; at < 20; at++) {
        const fault = new Fault(at),
          { live } = memory.usage();
        attach(fault);
        let fails = false;
        try {
          run();
        } catch {
          fails = true;
        } finally {
          detach(fault);
        }
        if (!fails) break;
        expect([name, at, memory.usage().live]).toEqual([name, at, live]);
      }
    }
  });
});
