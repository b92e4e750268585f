import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

function work(): np.NDArray {
  const a = np.zeros(100);
  const b = np.add(a, 1);
  a.dispose();
  return b;
}

const t = memory.trace(work, { level: "stacks" });

test("export('json') holds sums, lines, operations and events", () => {
  const data = JSON.parse(t.export("json")) as Record<string, unknown> & { lines: unknown[]; events: unknown[] };
  expect([data.label, data.allocated, data.allocs, data.peak]).toEqual(["work", 1600, 2, 1600]);
  expect([data.lines.length, data.events.length]).toEqual([3, 4]);
});

test("export('collapsed') has a line for each stack, its bytes at the end", () => {
  const lines = t.export("collapsed").trimEnd().split("\n");
  expect(lines.map((line) => /work \(exports\.test\.ts:\d+\) (\d+)$/.exec(line)?.[1])).toEqual(["800", "800"]);
});

test("export('speedscope') is a sampled profile of bytes", () => {
  const file = JSON.parse(t.export("speedscope")) as {
    $schema: string;
    shared: { frames: { name: string }[] };
    profiles: { unit: string; endValue: number; samples: number[][]; weights: number[] }[];
  };
  expect(file.$schema).toBe("https://www.speedscope.app/file-format-schema.json");
  const [{ unit, endValue, samples, weights }] = file.profiles;
  expect([unit, endValue, weights]).toEqual(["bytes", 1600, [800, 800]]);
  expect(file.shared.frames[samples[0].at(-1)!].name).toMatch(/^work \(exports\.test\.ts:\d+\)$/);
});

/** The fields of a protocol buffer message: numbers, and bytes of what lies inside. */
function fields(bytes: Uint8Array): [field: number, value: number | Uint8Array][] {
  const found: [number, number | Uint8Array][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0,
      scale = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const key = varint(),
      field = Math.floor(key / 8);
    if (key % 8 === 0) found.push([field, varint()]);
    else {
      const length = varint();
      found.push([field, bytes.slice(at, at + length)]);
      at += length;
    }
  }
  return found;
}

test("export('pprof') is a profile of allocated objects and bytes", () => {
  const all = fields(t.export("pprof")),
    of = (field: number): Uint8Array[] => all.filter(([f]) => f === field).map(([, v]) => v as Uint8Array);
  const strings = of(6).map((bytes) => new TextDecoder().decode(bytes));
  expect(strings.slice(0, 5)).toEqual(["", "alloc_objects", "count", "alloc_space", "bytes"]);
  expect(strings).toContain("work");
  const values = of(2).map((sample) => fields(sample).find(([f]) => f === 2)![1]);
  // Packed numbers: 1, and 800 in two bytes.
  expect(values.map((value) => [...(value as Uint8Array)])).toEqual([
    [1, 160, 6],
    [1, 160, 6],
  ]);
  expect(of(4)).toHaveLength(new Set(t.export("collapsed").match(/exports\.test\.ts:\d+|[\w-]+\.js:\d+/g)).size);
});

test("source: false leaves source text out of every format", () => {
  const text = "np.add(a, 1)";
  expect(t.export("json")).toContain(text);
  expect(t.export("html")).toContain(text);
  for (const format of ["json", "collapsed", "speedscope", "svg"] as const) {
    expect(t.export(format, { source: false })).not.toContain(text);
  }
  expect(t.export("html", { source: false })).not.toContain(text);
  const quiet = memory.trace(work, { source: false });
  expect(`${JSON.stringify(quiet)}${quiet}`).not.toContain(text);
  quiet.result.dispose();
});

test("export of a format nobody knows is a RangeError", () => {
  expect(() => t.export("xml" as "json")).toThrow("no such format: xml");
});
