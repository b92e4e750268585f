import fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { Overlap } from "../../../src/memory/record/scratch.js";

const { memory } = np;

test("the highest overlap of spans that are told at their ends is that of all spans together", () => {
  // Every step begins a span of so many bytes, or ends one of those that are open.
  const steps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 50 }), ends: fc.boolean(), which: fc.nat() }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (program) => {
      const overlap = new Overlap(),
        open: { from: number; bytes: number }[] = [];
      let live = 0,
        peak = 0,
        clock = 0;
      for (const { bytes, ends, which } of [...program, ...program.map((step) => ({ ...step, ends: true }))]) {
        if (!ends) {
          open.push({ from: ++clock, bytes });
          live += bytes;
          peak = Math.max(peak, live);
        } else if (open.length > 0) {
          const [span] = open.splice(which % open.length, 1);
          overlap.add(span.from, clock++, span.bytes);
          live -= span.bytes;
        }
      }
      expect(overlap.peak).toBe(peak);
    }),
  );
});

test("scratchPeak is exact where operations make temporaries one inside another", () => {
  memory.scope(() => {
    const x = np.arange(1000),
      // A list becomes an array of 1000 float64 for the time of the call; two of them live together.
      list = Array.from({ length: 1000 }, (_, i) => i);
    expect(memory.trace(() => np.add(x, list)).scratchPeak).toBe(8000);
    expect(memory.trace(() => np.add(list, list)).scratchPeak).toBe(16_000);
    expect(memory.trace(() => [np.add(x, list), np.add(x, list)]).scratchPeak).toBe(8000);
  });
});
