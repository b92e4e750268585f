import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

test("memory.trace(fn) returns what the function returned, and its sums are those of the allocator", () => {
  const before = memory.usage();
  const t = memory.trace(() => {
    const x = np.zeros(100),
      y = np.add(x, 1),
      z = np.add(x, [1]);
    x.dispose();
    return [y, z];
  });
  const after = memory.usage();
  expect(t.allocs).toBe(after.allocs - before.allocs);
  expect(t.frees).toBe(after.frees - before.frees);
  expect(t.allocated).toBe(after.allocated - before.allocated);
  expect(t.copied).toBe(after.copied - before.copied);
  expect(t.retained).toBe(after.live - before.live);
  for (const array of t.result) array.dispose();
});

test("events tell each allocation, view, write and free in order", () => {
  const t = memory.trace(() => {
    const x = np.zeros([2, 3]);
    const v = x.at(0);
    np.add(v, 1, { out: v });
    x.dispose();
    v.dispose();
  });
  expect(t.events.map(({ seq, kind, op, buffer, nbytes, live }) => [seq, kind, op, buffer, nbytes, live])).toEqual([
    [0, "alloc", "zeros", 1, 48, 48],
    [1, "view", "zeros", 1, 0, 48],
    [2, "write", "add", 1, 0, 48],
    [3, "free", "zeros", 1, 48, 0],
  ]);
  const [alloc, view, , free] = t.events;
  expect([alloc.shape, alloc.dtype, view.shape, free.freedBy]).toEqual([[2, 3], "float64", [3], "dispose"]);
  expect(alloc.site?.source).toBe("const x = np.zeros([2, 3]);");
});

test("every copy has a reason", () => {
  const t = memory.trace(() =>
    memory.scope(() => {
      const x = np.array([1, 2, 3, 4]),
        m = x.reshape([2, 2]);
      x.copy();
      x.astype("float32");
      x.at(np.greater(x, 1));
      m.transpose().reshape([4]);
      np.add(x.at(":-1"), x.at("1:"), { out: x.at("1:") });
    }),
  );
  const copies = t.events.filter((e) => e.reason !== undefined).map((e) => [e.kind, e.op, e.reason]);
  expect(copies).toEqual([
    ["alloc", "array", "host-boundary"],
    ["alloc", "copy", "requested"],
    ["alloc", "astype", "dtype"],
    ["alloc", "at", "advanced-index"],
    ["alloc", "reshape", "strides"],
    ["scratch", "add", "overlap"],
  ]);
  expect(t.copied).toBe(32 + 32 + 16 + 24 + 32 + 24);
});

test("temporaries inside an operation count in the peak, and are told apart", () => {
  using x = np.zeros(1000);
  const t = memory.trace(() => np.add(x, new Float64Array(1000), { out: x }));
  expect([t.allocs, t.frees, t.peak, t.retained, t.scratchPeak]).toEqual([1, 1, 8000, 0, 8000]);
  expect(t.ops()).toEqual([{ op: "add", calls: 1, allocs: 1, allocated: 8000, scratch: 8000, copied: 8000 }]);
  expect(t.events.map((e) => e.kind)).toEqual(["scratch", "write", "free"]);
});

test("the same work traced twice gives the same events", () => {
  const work = (): unknown => memory.scope(() => void np.sqrt(np.add(np.arange(10), [1])));
  const [first, second] = [memory.trace(work), memory.trace(work)];
  expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events));
});

test("a trace inside a trace counts for both", () => {
  const outer = memory.trace(() => {
    np.zeros(10).dispose();
    const inner = memory.trace(() => np.zeros(5).dispose());
    expect([inner.allocs, inner.peak]).toEqual([1, 40]);
  });
  expect([outer.allocs, outer.allocated, outer.peak]).toEqual([2, 120, 80]);
});

test("what a trace frees of before it makes retained negative", () => {
  const x = np.zeros(10);
  const t = memory.trace(() => x.dispose());
  expect([t.allocs, t.frees, t.retained, t.peak]).toEqual([0, 1, -80, 0]);
});

test("memory.trace(async fn) is refused, and so is a function that returns a promise", () => {
  const sentence =
    "trace() measures synchronous work; around an await use `await memory.traceAsync(fn)`, or `using t = memory.tracing()`";
  let ran = false;
  expect(() =>
    memory.trace(async () => {
      ran = true;
    }),
  ).toThrow(sentence);
  expect(ran).toBe(false);
  expect(() => memory.trace(() => Promise.resolve(1))).toThrow(sentence);
});

test("a function that throws ends its trace", () => {
  expect(() =>
    memory.trace(() => {
      throw new RangeError("on purpose");
    }),
  ).toThrow("on purpose");
  const t = memory.trace(() => 1);
  expect([t.allocs, t.events]).toEqual([0, []]);
});

test("memory.tracing() counts until it is disposed, across awaits", async () => {
  const run = memory.tracing({ label: "epoch" });
  {
    using t = run;
    np.zeros(10).dispose();
    await Promise.resolve();
    np.zeros(20).dispose();
    expect(t.report.allocs).toBe(2);
  }
  np.zeros(30).dispose();
  expect([run.report.allocs, run.report.peak]).toEqual([2, 160]);
  expect(String(run.report)).toMatch(/^epoch: 2 arrays, 240 B allocated, peak 160 B, retained 0 B\n/);
});

test("level counters records sums only, level events no lines", () => {
  const work = (): void => np.add(np.zeros(10), 1).dispose();
  const counters = memory.trace(work, { level: "counters" }),
    events = memory.trace(work, { level: "events" });
  expect([counters.allocs, counters.peak, counters.events.length, counters.dropped]).toEqual([2, 160, 0, 0]);
  expect(events.events.map((e) => [e.kind, e.site])).toEqual([
    ["alloc", undefined],
    ["alloc", undefined],
    ["write", undefined],
    ["free", undefined],
  ]);
  expect(String(events)).toBe(
    [
      "work: 2 arrays, 160 B allocated, peak 160 B, retained 80 B",
      "  operation  calls  allocs  allocated  scratch  copied",
      "  add            1       1       80 B",
      "  zeros                  1       80 B",
      `tracing took ${np.formatBytes(events.overhead.bytes)} of JavaScript memory, and no time for lines`,
    ].join("\n"),
  );
});

test("when events are dropped the sums stay exact, and the report says so", () => {
  const t = memory.trace(
    () => {
      for (let i = 0; i < 100; i++) np.zeros(10).dispose();
    },
    { maxEvents: 64 },
  );
  expect([t.allocs, t.allocated, t.frees, t.peak]).toEqual([100, 8000, 100, 80]);
  expect([t.events.length, t.events[0].seq, t.dropped]).toEqual([64, 136, 136]);
  expect(String(t)).toContain("the first 136 events were dropped; all sums include them");
});

test.each(["counters", "events", "lines", "stacks"] as const)(
  "String(memory.trace(fn)) of nothing is zeros, and what tracing took, at the level %s",
  (level) => {
    const t = memory.trace(function nothing() {}, { level });
    const [sums, cost, ...rest] = String(t).split("\n");
    expect(sums).toBe("nothing: 0 arrays, 0 B allocated, peak 0 B, retained 0 B");
    expect(cost).toMatch(/^tracing took (\d+\.\d ms and )?no JavaScript memory(, and no time for lines)?$/);
    expect([cost.includes(" ms "), rest]).toEqual([level === "lines" || level === "stacks", []]);
  },
);

test.each(["counters", "events", "lines", "stacks"] as const)(
  "freed() tells who gave memory back, at the level %s too, and sums to what was freed",
  (level) => {
    const before = np.zeros(9);
    const t = memory.trace(
      () => {
        using pool = memory.pool({ shape: 100, initial: 2 });
        using cache = memory.lruCache<string, np.NDArray>();
        using list = memory.growable("float64", { capacity: 1 });
        for (let i = 0; i < 3; i++) list.push(i);
        cache.set("a", np.zeros(20));
        memory.scope(() => void np.zeros(30));
        np.add(pool.take(), new Float64Array(100)).dispose();
        before.dispose();
        using _ = np.zeros(40);
      },
      { level },
    );
    const rows = t.freed();
    expect(rows.map(({ by, frees }) => [by, frees])).toEqual(
      expect.arrayContaining([
        ["dispose", 2],
        ["operation", 1],
        ["using", 2],
        ["scope", 1],
        ["pool", 1],
        ["cache", 1],
      ]),
    );
    expect(rows.find(({ by }) => by === "resize")?.frees).toBeGreaterThan(0);
    expect(rows.reduce((sum, { frees }) => sum + frees, 0)).toBe(t.frees);
    expect(rows.reduce((sum, { freed }) => sum + freed, 0)).toBe(t.allocated - t.retained);
    expect(String(rows)).toMatch(/^ {2}freed by +frees +bytes\n/);
  },
);

test("owners(): what pools, caches and growable arrays took is told apart from the program's own", () => {
  const t = memory.trace(() => {
    using pool = memory.pool({ shape: 100, label: "frames", initial: 2 });
    using list = memory.growable("float64");
    for (let i = 0; i < 4; i++) list.push(i);
    np.zeros(10).dispose();
    pool.release(pool.take());
  });
  const rows = t.owners();
  expect(rows[0]).toEqual({ owner: "frames", allocs: 2, allocated: 1600 });
  expect(rows.map(({ owner }) => owner).sort()).toEqual(["array", "frames", "growable"]);
  expect(rows.reduce((sum, row) => sum + row.allocated, 0)).toBe(t.allocated);
  expect(rows.find(({ owner }) => owner === "array")).toEqual({ owner: "array", allocs: 1, allocated: 80 });
});

test("a trace across an await says that other tasks are counted; one that ends at once does not", async () => {
  const at = memory.tracing();
  expect(at.stop().unattributed).toBe(false);
  const across = memory.tracing();
  await null;
  np.zeros(3).dispose();
  expect(across.stop().unattributed).toBe(true);
  expect(String(across.report)).toContain("went on across an await");
  expect(String(at.report)).not.toContain("await");
});

test("summary() names the operation and the line that made the peak", () => {
  memory.resetPeak();
  const t = memory.trace(() => memory.scope(() => void np.ones(20_000_000)));
  expect(t.peak).toBe(160_000_000);
  expect(memory.summary()).toMatch(/^peak +\d+ MB +ones trace\.test\.ts:\d+$/m);
});

test("lines() tells of a line with several calls what was live after the one that ran last", () => {
  const t = memory.trace(() => {
    const kept: np.NDArray[] = [];
    for (let i = 0; i < 3; i++) kept.push(i === 1 ? np.zeros(2) : np.zeros(1000));
    return kept;
  });
  expect(t.lines().rows.map(({ allocs, liveAfter }) => [allocs, liveAfter])).toEqual([[3, 16_016]]);
  for (const a of t.result) a.dispose();
});

test("t.reserved tells linear memory and by how much it grew: freeing gives nothing back", () => {
  const before = memory.usage().reserved;
  const t = memory.trace(() => np.zeros(before).dispose());
  expect(t.reserved).toEqual({ bytes: memory.usage().reserved, grown: memory.usage().reserved - before });
  expect(t.reserved.grown).toBeGreaterThanOrEqual(7 * before);
  const again = memory.trace(() => np.zeros(before).dispose());
  expect([again.retained, again.reserved.grown, again.reserved.bytes]).toEqual([0, 0, t.reserved.bytes]);
  const growth = `It grew by <span id="grown">${t.reserved.grown.toLocaleString("en-US")} B</span> in the trace`;
  expect([t.export("html").includes(growth), again.export("html").includes("did not grow in the trace")]).toEqual([
    true,
    true,
  ]);
});
