import { describe, expect, test } from "vitest";
import { allocator, expectSound, HEADER, seeded } from "../support/coreHeap.js";

const KB = 1024;
const MB = 1024 * KB;

describe("a new core", () => {
  test("is one free block over all that is not static", async () => {
    const { core, memory, blocks } = await allocator();
    expect(core.reservedBytes()).toBe(memory.buffer.byteLength);
    expect(core.staticBytes() % 64).toBe(0);
    expect(core.staticBytes()).toBeGreaterThan(0);
    const span = core.reservedBytes() - core.staticBytes();
    expect(core.freeBytes()).toBe(span);
    expect(blocks()).toEqual([{ pointer: core.staticBytes(), bytes: span - HEADER, span, used: false, tag: 0 }]);
    expect([core.liveBytes(), core.peakBytes(), core.allocationCount(), core.releaseCount()]).toEqual([0, 0, 0, 0]);
  });
});

describe("binOfSpan and leastSpan", () => {
  test("put every size into the class whose range it is in, each class after the one below", async () => {
    const { core } = await allocator();
    for (let bin = 1; bin < 368; bin++) {
      const least = core.leastSpan(bin) >>> 0,
        most = (core.leastSpan(bin + 1) - 64) >>> 0;
      expect([bin, core.binOfSpan(least), core.binOfSpan(most)]).toEqual([bin, bin, bin]);
      expect(most - least).toBeLessThan(Math.max(64, least / 16));
    }
    expect([core.leastSpan(1), core.leastSpan(31), core.leastSpan(32), core.leastSpan(33)]).toEqual([
      64,
      31 * 64,
      32 * 64,
      34 * 64,
    ]);
    expect(core.leastSpan(368)).toBe(0);
  });
});

describe("allocate", () => {
  test("aligns every payload to 64 bytes", async () => {
    const { core, allocate } = await allocator();
    for (let bytes = 0; bytes <= 300; bytes++) expect(allocate(bytes) % 64).toBe(0);
    expectSound(core);
  });

  test("gives a block of its own for 0 bytes", async () => {
    const { core, allocate, used } = await allocator();
    const [a, b] = [allocate(0), allocate(0)];
    expect(a).not.toBe(0);
    expect(b).toBe(a + 64);
    expect(used().map((block) => block.span)).toEqual([64, 64]);
    expect([core.liveBytes(), core.allocationCount()]).toEqual([0, 2]);
  });

  test("spends 16 bytes of header, rounded up to 64", async () => {
    const { core, allocate, used } = await allocator();
    for (const bytes of [1, 48, 49, 112, 113]) allocate(bytes);
    expect(used().map((block) => block.span)).toEqual([64, 64, 128, 128, 192]);
    const overhead = core.reservedBytes() - core.staticBytes() - core.liveBytes() - core.freeBytes();
    expect(overhead).toBe(64 + 64 + 128 + 128 + 192 - (1 + 48 + 49 + 112 + 113));
  });

  test("keeps the tag where the walk reads it, and drops it on release", async () => {
    const { core, allocate, blocks } = await allocator();
    const a = allocate(1000, 7);
    allocate(2000, 0xfffffffe);
    expect(blocks().map((block) => block.bytes)).toEqual([1000, 2000, core.largestFree()]);
    expect(blocks().map((block) => block.tag)).toEqual([7, 0xfffffffe, 0]);
    core.release(a);
    expect(blocks().map((block) => block.tag)).toEqual([0, 0xfffffffe, 0]);
  });

  test("never writes into a payload, nor minds what was written there", async () => {
    const { core, memory, allocate, blocks } = await allocator();
    const random = seeded(7);
    const model: { pointer: number; bytes: number; value: number }[] = [];
    for (let step = 1; step <= 5000; step++) {
      const bytes = Math.floor(random() * 1000);
      const value = (step % 255) + 1;
      if (random() < 0.5 && bytes * model.length < 500_000) {
        const pointer = allocate(bytes);
        new Uint8Array(memory.buffer, pointer, bytes).fill(value);
        model.push({ pointer, bytes, value });
      } else if (model.length > 0) {
        const [block] = model.splice(Math.floor(random() * model.length), 1);
        const payload = new Uint8Array(memory.buffer, block!.pointer, block!.bytes);
        if (!payload.every((byte) => byte === block!.value)) throw new Error(`step ${step}: a payload was changed`);
        core.release(block!.pointer);
      }
    }
    expectSound(core);
    for (const { pointer } of model) core.release(pointer);
    expect(blocks()).toHaveLength(1);
  });
});

describe("release", () => {
  test.each([1, 64, 1000, 1008, 1009, 4096, 5000, 100_000, 8_000_000])(
    "%d bytes, then asked for again, have the same address",
    async (bytes) => {
      const { core, allocate } = await allocator();
      allocate(10);
      const pointer = allocate(bytes);
      allocate(10);
      core.release(pointer);
      expect(allocate(bytes)).toBe(pointer);
      expectSound(core);
    },
  );

  test("hands the newest block of a size out first", async () => {
    const { core, allocate } = await allocator();
    const [a, , b] = [allocate(1000), allocate(1), allocate(1000), allocate(1)];
    core.release(a);
    core.release(b);
    expect([allocate(1000), allocate(1000)]).toEqual([b, a]);
  });

  test("leaves its bin's smallest block that fits to the next request", async () => {
    const { core, allocate } = await allocator();
    // Spans of 64 to 67 units of 64 bytes are one bin.
    const [old, , tight, , young, , small] = [67, 1, 66, 1, 67, 1, 64, 1].map((units) => allocate(64 * units - HEADER));
    for (const pointer of [old, tight, young, small]) core.release(pointer!);
    expect(allocate(64 * 65 - HEADER)).toBe(tight);
    expectSound(core);
  });

  test("joins with the block below, above, both and neither", async () => {
    const { core, allocate, blocks } = await allocator();
    const [a, b, c, d, e] = [1, 2, 3, 4, 5, 6].map((tag) => allocate(112, tag));
    const shapeWithout = (pointer: number | undefined) => {
      core.release(pointer!);
      const all = blocks().map(({ used, span, tag }) => (used ? `${tag}` : `free ${span}`));
      return all.slice(0, -1).join(", ");
    };
    expect(shapeWithout(b)).toBe("1, free 128, 3, 4, 5, 6");
    expect(shapeWithout(c)).toBe("1, free 256, 4, 5, 6");
    expect(shapeWithout(a)).toBe("free 384, 4, 5, 6");
    expect(shapeWithout(e)).toBe("free 384, 4, free 128, 6");
    expect(shapeWithout(d)).toBe("free 640, 6");
    expectSound(core);
  });

  test("splits a recycled block, and the rest is found next", async () => {
    const { core, allocate } = await allocator();
    const pointer = allocate(10_000);
    allocate(1);
    core.release(pointer);
    expect(allocate(1000)).toBe(pointer);
    expect(allocate(5000)).toBe(pointer + 1024);
    expectSound(core);
  });

  test("of everything leaves one block, in any order", async () => {
    const { core, allocate, blocks } = await allocator();
    const random = seeded(1);
    const pointers = Array.from({ length: 1000 }, () => allocate(Math.floor(random() * 10_000)));
    while (pointers.length > 0) core.release(pointers.splice(Math.floor(random() * pointers.length), 1)[0]!);
    expect(blocks()).toHaveLength(1);
    expect([core.liveBytes(), core.allocationCount(), core.releaseCount()]).toEqual([0, 1000, 1000]);
    expectSound(core);
  });

  test("of every second block leaves more free than can be had in one piece", async () => {
    const { core, allocate } = await allocator(32);
    const pointers: number[] = [];
    for (let pointer = allocate(10_000); pointer !== 0; pointer = allocate(10_000)) pointers.push(pointer);
    for (let i = 0; i < pointers.length; i += 2) core.release(pointers[i]!);
    const largest = core.largestFree();
    expect(core.freeBytes()).toBeGreaterThan(50 * largest);
    const reserved = core.reservedBytes();
    expect(allocate(largest + 1)).toBe(0);
    expect(allocate(largest)).not.toBe(0);
    expect(core.reservedBytes()).toBe(reserved);
    expectSound(core);
  });
});

describe("peak", () => {
  test("is the most that was live, and resets to what is live", async () => {
    const { core, allocate } = await allocator();
    const [a, b] = [allocate(1000), allocate(500)];
    core.release(a);
    expect([core.liveBytes(), core.peakBytes()]).toEqual([500, 1500]);
    allocate(100);
    expect([core.liveBytes(), core.peakBytes()]).toEqual([600, 1500]);
    core.resetPeak();
    expect(core.peakBytes()).toBe(600);
    core.release(b);
    allocate(501);
    expect([core.liveBytes(), core.peakBytes()]).toEqual([601, 601]);
  });
});

describe("growth", () => {
  test("is by a quarter, or by what the request needs", async () => {
    const { core, allocate } = await allocator();
    const before = core.reservedBytes();
    allocate(core.largestFree());
    expect([core.reservedBytes(), core.freeBytes(), core.largestFree()]).toEqual([before, 0, 0]);
    expect(core.nextBlock(core.firstBlock())).toBe(0);
    allocate(1);
    expect(core.reservedBytes()).toBe(before * 1.25);
    allocate(64 * MB);
    expect(core.reservedBytes()).toBeGreaterThan(64 * MB);
    expect(core.freeBytes()).toBeLessThan(64 * KB);
    expectSound(core);
  });

  test("comes after recycling, and the tail before growth", async () => {
    const { core, allocate } = await allocator();
    const pointer = allocate(100_000);
    allocate(1);
    core.release(pointer);
    expect(allocate(50_000)).toBe(pointer);
    allocate(core.largestFree());
    expect(core.reservedBytes()).toBe(16 * 64 * KB);
  });

  test("overlooks no block, though 32 newer ones of its bin are too small", async () => {
    const { core, allocate } = await allocator(16);
    // Spans of 64 to 67 units of 64 bytes are one bin.
    const wanted = 67 * 64 - HEADER;
    const pointers = [allocate(wanted), allocate(1)];
    for (let i = 0; i < 50; i++) pointers.push(allocate(wanted - 128), allocate(1));
    allocate(core.largestFree());
    for (let i = 0; i < pointers.length; i += 2) core.release(pointers[i]!);
    expect(core.largestFree()).toBe(wanted);
    expect(allocate(wanted)).toBe(pointers[0]);
  });

  test("stops at the memory's own maximum with 0, takes less where a quarter is refused, and stays sound", async () => {
    const { core, memory, allocate } = await allocator(100);
    const pointers: number[] = [];
    for (let pointer = allocate(100_000); pointer !== 0; pointer = allocate(100_000)) pointers.push(pointer);
    expect(memory.buffer.byteLength).toBe(100 * 64 * KB);
    expect(pointers).toHaveLength(Math.floor((100 * 64 * KB - core.staticBytes()) / 100_032));
    expect(allocate(1)).not.toBe(0);
    expect(core.largestPossible()).toBeLessThan(100_000);
    expect(allocate(core.largestFree() + 1)).toBe(0);
    expect(core.largestPossible()).toBe(core.largestFree());
    const blocks = expectSound(core);
    for (const bytes of [100_000, 2 ** 31, 0xfffe0000, 0xffff0000, 0xffffffff]) expect(allocate(bytes)).toBe(0);
    expect(expectSound(core)).toEqual(blocks);
    core.release(pointers[10]!);
    expect(allocate(90_000)).toBe(pointers[10]);
  });

  test("of a heap above 2 GiB gives unsigned addresses up to 65,535 pages", async () => {
    const { core, allocate, used } = await allocator();
    const pointers = Array.from({ length: 15 }, () => allocate(256 * MB));
    expect(pointers).toEqual(pointers.map((_, i) => core.staticBytes() + i * (256 * MB + 64)));
    expect(pointers[14]).toBeGreaterThan(2 ** 31);
    expect(core.liveBytes()).toBe(15 * 256 * MB);

    expect(allocate(256 * MB)).toBe(0);
    const rest = core.largestPossible();
    expect(allocate(rest + 1)).toBe(0);
    expect(allocate(rest, 9)).toBe(core.staticBytes() + 15 * (256 * MB + 64));
    expect(core.reservedBytes()).toBe(65535 * 64 * KB);
    expect([core.freeBytes(), core.largestFree(), core.largestPossible()]).toEqual([0, 0, 0]);
    expect(used()).toHaveLength(16);
    expectSound(core);

    for (const pointer of pointers.slice(8, 11)) core.release(pointer);
    expect(core.largestFree()).toBe(3 * (256 * MB + 64) - HEADER);
    expect(allocate(500 * MB)).toBe(pointers[8]);
    expect(core.peakBytes()).toBe(15 * 256 * MB + rest);
    expectSound(core);
  });
});

test("20,000 random steps: counters, model and walk agree, and no block overlaps another", async () => {
  const { core, allocate } = await allocator();
  const random = seeded(20260);
  const model: { pointer: number; bytes: number; tag: number }[] = [];
  let live = 0;
  let peak = 0;
  for (let step = 0; step < 20_000; step++) {
    // Sizes are log-uniform: as many between 64 and 128 bytes as between 8 and 16 MB.
    const bytes = Math.floor(64 * 2 ** (random() * 18));
    if (live + bytes <= 200 * MB && random() < 0.55) {
      const pointer = allocate(bytes, step);
      if (pointer === 0 || pointer % 64 !== 0) throw new Error(`step ${step}: address ${pointer}`);
      model.push({ pointer, bytes, tag: step });
      live += bytes;
      peak = Math.max(peak, live);
    } else if (model.length > 0) {
      const i = Math.floor(random() * model.length);
      const last = model.pop()!;
      const block = model[i] ?? last;
      if (i < model.length) model[i] = last;
      core.release(block.pointer);
      live -= block.bytes;
    }
    if (step % 1000 === 999) {
      const used = expectSound(core).filter((block) => block.used);
      const expected = model.toSorted((a, b) => a.pointer - b.pointer);
      expect(used.map(({ pointer, bytes, tag }) => ({ pointer, bytes, tag }))).toEqual(expected);
      expect([core.liveBytes(), core.peakBytes()]).toEqual([live, peak]);
    }
  }
  expect(peak).toBeGreaterThan(150 * MB);
  for (const block of model) core.release(block.pointer);
  expect(expectSound(core)).toHaveLength(1);
});
