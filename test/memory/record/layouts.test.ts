import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

test("wouldCopy tells before, and then it is so", () => {
  memory.scope(() => {
    const a = np.arange(24),
      m = a.reshape([4, 6]),
      turned = m.transpose(),
      part = m.at(":, ::2");
    const reasons = (fn: () => unknown): unknown =>
      memory.trace(fn).events.find((e) => e.kind === "alloc")?.reason ?? null;
    const cases: [string | null, string | null, unknown][] = [
      ["reshape", memory.wouldCopy("reshape", m, [2, 12]), reasons(() => m.reshape([2, 12]))],
      ["reshape", memory.wouldCopy("reshape", turned, [-1]), reasons(() => turned.reshape([-1]))],
      [
        "reshape F",
        memory.wouldCopy("reshape", turned, [-1], { order: "F" }),
        reasons(() => np.reshape(turned, [-1], { order: "F" })),
      ],
      [
        "reshape F",
        memory.wouldCopy("reshape", m, [-1], { order: "F" }),
        reasons(() => np.reshape(m, [-1], { order: "F" })),
      ],
      [
        "reshape copy",
        memory.wouldCopy("reshape", m, [24], { copy: true }),
        reasons(() => np.reshape(m, [24], { copy: true })),
      ],
      ["ravel", memory.wouldCopy("ravel", m), reasons(() => np.ravel(m))],
      ["ravel", memory.wouldCopy("ravel", part), reasons(() => np.ravel(part))],
      ["ravel F", memory.wouldCopy("ravel", turned, { order: "F" }), reasons(() => np.ravel(turned, { order: "F" }))],
      ["astype", memory.wouldCopy("astype", m, "int8"), reasons(() => m.astype("int8"))],
      ["astype", memory.wouldCopy("astype", m, "float64"), reasons(() => m.astype("float64"))],
      [
        "astype",
        memory.wouldCopy("astype", m, "float64", { copy: false }),
        reasons(() => m.astype("float64", { copy: false })),
      ],
      ["contiguous", memory.wouldCopy("asContiguous", m), reasons(() => np.ascontiguousarray(m))],
      ["contiguous", memory.wouldCopy("asContiguous", part), reasons(() => np.ascontiguousarray(part))],
    ];
    for (const [what, told, happened] of cases) expect([what, told]).toEqual([what, happened]);
  });
});

test("wouldCopy allocates nothing and refuses what the operation would refuse", () => {
  using m = np.zeros([2, 3]);
  const t = memory.trace(() => memory.wouldCopy("reshape", m, [3, 2]));
  expect([t.result, t.allocs]).toEqual([null, 0]);
  expect(() => memory.wouldCopy("reshape", m, [4, 2])).toThrow("cannot reshape array of size 6 into shape (4,2)");
  expect(() => memory.wouldCopy("sort" as "ravel", m)).toThrow(np.ValueError);
});

test("explain tells how elements lie and what would copy", () => {
  memory.scope(() => {
    const m = np.zeros([1000, 1000]);
    expect(memory.explain(m).split("\n  ")).toEqual([
      "float64 [1000, 1000], strides [8000, 8] bytes",
      "its elements lie one after the other, row by row: every reshape is a view",
      "axis 0: neighbours are 8,000 bytes apart",
      "axis 1: neighbours are 8 bytes apart, side by side",
    ]);
    expect(memory.explain(m.transpose()).split("\n  ").at(-1)).toBe(
      "ravel() and reshape([-1]) would copy 8.00 MB; if the order is free, ravel({ order: 'F' }) is a view",
    );
    expect(memory.explain(np.broadcastTo(m.at(0, "::-1"), [5, 1000])).split("\n  ")).toEqual([
      "float64 [5, 1000], strides [0, -8] bytes",
      "its elements do not fill one run of memory",
      "axis 0: 5 times the same elements, without a byte more",
      "axis 1: neighbours are 8 bytes apart, backwards, side by side",
      "it is read-only",
      "ravel() and reshape([-1]) would copy 40.0 kB",
    ]);
  });
});

test("memory.map() covers linear memory without gaps, and names what is in each block", () => {
  memory.scope(() => {
    const a = np.zeros(1000),
      gone = np.zeros(100),
      b = np.ones([10, 10], { dtype: "int16" });
    gone.dispose();
    const m = memory.map(),
      usage = memory.usage();
    let end = 0;
    for (const region of m.regions) {
      expect(region.start).toBe(end);
      end += region.span;
    }
    expect(end).toBe(usage.reserved);
    const used = m.regions.filter((r) => r.kind === "used");
    expect(used.reduce((sum, r) => sum + r.nbytes, 0)).toBe(usage.live);
    expect(used.map((r) => r.label)).toEqual([
      `#${a.buffer.serial} float64 [1000] zeros`,
      `#${b.buffer.serial} int16 [10, 10] ones`,
    ]);
    expect(m.holes).toBe(1);
    expect(String(m).split("\n")[0]).toBe(`8.20 kB live of ${np.formatBytes(usage.reserved)} reserved, 1 hole`);
    for (const line of String(m).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(m.toSvg().match(/<rect x=/g)).toHaveLength(m.regions.length);
  });
});

test("memory.info(a) tells what an array is, where it lies and who shares it", () => {
  memory.scope(() => {
    const x = np.arange(12),
      m = x.reshape([3, 4]),
      v = m.at(":, ::2");
    const b = v.buffer;
    expect(String(memory.info(v)).split("\n")).toEqual([
      `float64 [3, 2]  view #${v.id} of #${x.id}`,
      "  itemsize   8 B    nbytes  48 B    strides  [32, 16] B    offset  0 B",
      "  flags      view, writeable, aligned, not contiguous",
      `  buffer     #${b.serial} at 0x${b.pointer.toString(16).padStart(8, "0")}, 96 B, 3 handles (1 owner, 2 views)`,
      "             0 writes since born; block of 128 B, 16 of them header",
      "  born       arange",
    ]);
    expect(memory.info(v).buffer).toMatchObject({
      id: b.serial,
      nbytes: 96,
      blockBytes: 128,
      refcount: 3,
      owner: "array",
      op: "arange",
    });
  });
});

test("memory.buffers() lists the live buffers, with the operations that wrote and, under a trace, read them", () => {
  memory.scope(() => {
    const x = np.zeros(3);
    memory.trace(() => memory.trace(() => np.add(x, x, { out: x })));
    np.add(x, 1, { out: x });
    const { id, version, reads, nbytes, op } = memory.buffers().at(-1)!;
    expect({ id, version, reads, nbytes, op }).toEqual({
      id: x.buffer.serial,
      version: 2,
      reads: 1,
      nbytes: 24,
      op: "zeros",
    });
  });
});

test("memory.graph draws owners and views: a base with two views has 3 nodes and 2 edges", () => {
  memory.scope(() => {
    const x = np.zeros(10),
      v = x.at("1:"),
      w = v.at("::2");
    const g = memory.graph(v, w);
    expect([g.nodes.length, g.edges.map((e) => e.kind)]).toEqual([3, ["views", "views"]]);
    expect(g.toMermaid().split("\n")).toEqual([
      "flowchart TD",
      `  a1[/"#${v.id} float64 [9]<br/>view of 72 B"/]`,
      `  a2["#${x.id} float64 [10]<br/>80 B"]`,
      `  a3[/"#${w.id} float64 [5]<br/>view of 40 B"/]`,
      '  a1 -.->|"offset 8, strides [8]"| a2',
      '  a3 -.->|"offset 8, strides [16]"| a2',
    ]);
    expect(g.toDot()).toContain('a1 -> a2 [label="offset 8, strides [8]", style=dashed];');
    expect(g.toSvg().match(/<rect /g)).toHaveLength(3);
    const loop: unknown[] = [x];
    loop.push(loop);
    expect(memory.graph(loop).edges).toHaveLength(2);
    expect(memory.graph(loop).toSvg()).toContain("<title>Who holds what: 2 nodes, 2 edges</title>");
  });
});
