import { beforeAll, describe, expect, test } from "vitest";
import { type Core, freshCore } from "../support/coreInstance.js";

const widths = [1, 2, 4, 8, 16];

// Four regions of 64 KiB at the end of memory; operands begin in the middle of theirs, so that steps may be negative.
const REGION = 0x10000;
const MIDDLE = REGION / 2;
const PAGES = 17;
const END = PAGES * 0x10000;
const [X, Y, Z, OUT] = [END - 4 * REGION, END - 3 * REGION, END - 2 * REGION, END - REGION] as const;

let core: Core;
let bytes: Uint8Array<ArrayBuffer>;
let box: Int32Array<ArrayBuffer>;

beforeAll(async () => {
  const fresh = await freshCore(PAGES);
  core = fresh.exports;
  fresh.memory.grow(PAGES - 16);
  bytes = new Uint8Array(fresh.memory.buffer as ArrayBuffer);
  box = new Int32Array(bytes.buffer, core.boxAddress() >>> 0, 14);
});

/** An operand: address, row step, column step. */
type Operand = readonly [at: number, row: number, step: number];
type Call = { rows: number; cols: number; out: Operand; x: Operand; y?: Operand; z?: Operand };
type Name = "copy" | "where" | "compress" | "expand" | "take" | "put";

const none: Operand = [0, 0, 0];

function run(name: Name, width: number, { rows, cols, out, x, y = none, z = none }: Call): number {
  box.set([rows, cols, ...out, ...x, ...y, ...z]);
  // copy, where, take and put return nothing.
  return Number(core[name](width, core.boxAddress()) ?? 0);
}

/** What the regions must hold afterwards: one move of an element after another, each read from memory as it was. */
class Expected {
  readonly before = bytes.slice(X);
  readonly after = bytes.slice(X);
  constructor(readonly width: number) {}
  move(to: number, from: number): void {
    for (let i = 0; i < this.width; i++) this.after[to - X + i] = this.before[from - X + i]!;
  }
  /** Compares all of them: nothing else may have been written. */
  check(note: string): void {
    const [got, want] = [new Uint32Array(bytes.buffer, X), new Uint32Array(this.after.buffer)];
    let i = 0;
    while (i < want.length && got[i] === want[i]) i++;
    expect(i === want.length ? "equal" : `differs near ${X + 4 * i - OUT} of out`, note).toBe("equal");
  }
}

/** Seeded integers below `n` (mulberry32). */
function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

function scramble(seed: number): void {
  const words = new Uint32Array(bytes.buffer, X);
  for (let i = 0, value = seed; i < words.length; i++) {
    value = (Math.imul(value, 1664525) + 1013904223) | 0;
    words[i] = value ^ (value >>> 15);
  }
}

/** A mask with `percent` of trues from `MIDDLE` on; not all of them are 1. */
function mask(next: (n: number) => number, percent: number, n: number): void {
  for (let i = 0; i < n; i++) bytes[Z + MIDDLE + i] = next(100) < percent ? [1, 1, 1, 2, 255][next(5)]! : 0;
}

const address = ([at, row, step]: Operand, r: number, c: number) => at + r * row + c * step;

function each({ rows, cols }: Call, visit: (r: number, c: number) => void): void {
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) visit(r, c);
}

/** Layouts of rows × cols elements in a region, by name; none of the first five visits a byte twice. */
function layouts(region: number, width: number, rows: number, cols: number): Record<string, Operand> {
  const at = region + MIDDLE;
  return {
    contiguous: [at, width * cols, width],
    pitched: [at + 1, width * (cols + 2), width],
    spread: [at, 2 * width * cols, 2 * width],
    transposed: [at + 3, width, width * (rows + 1)],
    reversed: [at, -width * cols, -width],
    scalar: [at, 0, 0],
    row: [at, 0, width],
    column: [at, width, 0],
  };
}

const shapes = [
  [1, 1],
  [1, 70],
  [3, 5],
  [16, 16],
  [17, 33],
  [20, 27],
] as const;
const outLayouts = ["contiguous", "pitched", "spread", "transposed", "reversed"];

describe.each(widths)("copy(%i, box)", (width) => {
  test.each(shapes)("copies %i × %i elements of every layout to every layout", (rows, cols) => {
    scramble(width);
    for (const to of outLayouts) {
      for (const [from, x] of Object.entries(layouts(X, width, rows, cols))) {
        const call = { rows, cols, out: layouts(OUT, width, rows, cols)[to]!, x };
        const expected = new Expected(width);
        each(call, (r, c) => expected.move(address(call.out, r, c), address(x, r, c)));
        run("copy", width, call);
        expected.check(`${from} to ${to}`);
      }
    }
  });
});

describe.each(widths)("where(%i, box)", (width) => {
  test.each(shapes)("chooses among %i × %i elements, whatever the layouts and the mask", (rows, cols) => {
    scramble(width + 20);
    const next = random(rows);
    const names = Object.keys(layouts(X, width, rows, cols));
    for (let i = 0; i < 30; i++) {
      mask(next, [0, 10, 50, 100][i % 4]!, 2 * rows * cols);
      const z: Operand = [
        [Z + MIDDLE, cols, 1],
        [Z + MIDDLE, 2 * cols, 2],
        [Z + MIDDLE, 1, 0],
      ][next(3)] as [number, number, number];
      const pick = (region: number) => layouts(region, width, rows, cols)[i % 3 ? "contiguous" : names[next(8)]!]!;
      const out = layouts(OUT, width, rows, cols)[i % 3 ? "pitched" : outLayouts[next(5)]!]!;
      const repeated = layouts(X, width, rows, cols).scalar!;
      const [x, y] = [
        [pick(X), pick(Y)],
        [repeated, out], // masked fill
        [out, pick(Y)],
      ][next(3)] as [Operand, Operand];
      const call = { rows, cols, out, x, y, z };
      const expected = new Expected(width);
      each(call, (r, c) =>
        expected.move(address(out, r, c), bytes[address(z, r, c)] ? address(x, r, c) : address(y, r, c)),
      );
      run("where", width, call);
      expected.check(`case ${i}`);
    }
  });
});

describe.each(widths)("compress(%i, box)", (width) => {
  test.each([0, 5, 50, 99])("appends the chosen where %i %% are, and writes nothing behind them", (percent) => {
    scramble(width + 40);
    const next = random(percent + 1);
    for (const [rows, cols] of shapes) {
      for (const [from, x] of Object.entries(layouts(X, width, rows, cols))) {
        mask(next, percent, 2 * rows * cols);
        const z: Operand = next(3) ? [Z + MIDDLE, cols, 1] : [Z + MIDDLE + 2 * rows * cols - 1, -2 * cols, -2];
        const call = { rows, cols, out: [OUT + next(20), 0, 0] as const, x, z };
        const expected = new Expected(width);
        let count = 0;
        each(call, (r, c) => {
          if (bytes[address(z, r, c)]) expected.move(call.out[0] + width * count++, address(x, r, c));
        });
        expect(run("compress", width, call)).toBe(count);
        expected.check(`${from}, ${rows} × ${cols}`);
      }
    }
  });

  test("stops writing at the last byte of memory", () => {
    mask(random(3), 30, 1000);
    const z: Operand = [Z + MIDDLE, 0, 1];
    const count = bytes.subarray(Z + MIDDLE, Z + MIDDLE + 1000).filter((byte) => byte !== 0).length;
    const out = [bytes.length - width * count, 0, 0] as const;
    expect(run("compress", width, { rows: 1, cols: 1000, out, x: [X, 0, width], z })).toBe(count);
  });
});

describe.each(widths)("expand(%i, box)", (width) => {
  test.each([0, 5, 50, 99])("writes the next value where the mask is true, %i %% of it", (percent) => {
    scramble(width + 60);
    const next = random(percent + 2);
    for (const [rows, cols] of shapes) {
      for (const to of outLayouts) {
        mask(next, percent, 2 * rows * cols);
        const z: Operand = next(3) ? [Z + MIDDLE, cols, 1] : [Z + MIDDLE, 0, 2];
        const x = [X + next(20), 0, [width, 0][next(2)]!] as const;
        const call = { rows, cols, out: layouts(OUT, width, rows, cols)[to]!, x, z };
        const expected = new Expected(width);
        let count = 0;
        each(call, (r, c) => {
          if (bytes[address(z, r, c)]) expected.move(address(call.out, r, c), x[0] + x[2] * count++);
        });
        expect(run("expand", width, call)).toBe(count);
        expected.check(`${to}, ${rows} × ${cols}`);
      }
    }
  });

  test("reads no value behind the last one needed, at the end of memory", () => {
    mask(random(5), 30, 1000);
    const z: Operand = [Z + MIDDLE, 0, 1];
    const count = bytes.subarray(Z + MIDDLE, Z + MIDDLE + 1000).filter((byte) => byte !== 0).length;
    const x = [bytes.length - width * count, 0, width] as const;
    expect(run("expand", width, { rows: 1, cols: 1000, out: [OUT, 0, width], x, z })).toBe(count);
  });
});

// Indices below 12 in a region of their own, read along rows, repeated per row, or repeated for all rows.
function indices(next: (n: number) => number, rows: number, cols: number): Operand[] {
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 2 * rows * cols; i++) view.setInt32(Y + 4 * i, next(12), true);
  return [
    [Y, 4 * cols, 4],
    [Y, 8 * cols, 8],
    [Y, 4, 0],
    [Y, 0, 4],
  ];
}

const indexAt = (y: Operand, r: number, c: number) => new DataView(bytes.buffer).getInt32(address(y, r, c), true);

describe.each(widths)("take(%i, box)", (width) => {
  test.each(shapes)("reads %i × %i elements at the places the indices name", (rows, cols) => {
    const next = random(cols);
    scramble(width + 80);
    for (const y of indices(next, rows, cols)) {
      for (const column of [0, width, 2 * width]) {
        const x: Operand = [X + MIDDLE, [0, width][next(2)]!, column === 0 ? width : width * cols];
        const out = layouts(OUT, width, rows, cols)[outLayouts[next(5)]!]!;
        const call = { rows, cols, out: column === width ? layouts(OUT, width, rows, cols).pitched! : out, x, y };
        const expected = new Expected(width);
        each(call, (r, c) =>
          expected.move(address(call.out, r, c), x[0] + r * x[1] + c * column + indexAt(y, r, c) * x[2]),
        );
        run("take", width, { ...call, z: [0, 0, column] });
        expected.check(`index steps ${y[1]}, ${y[2]}; column step ${column}`);
      }
    }
  });
});

describe.each(widths)("put(%i, box)", (width) => {
  test.each(shapes)("writes %i × %i elements to the places the indices name, the last one wins", (rows, cols) => {
    const next = random(cols + 1);
    scramble(width + 100);
    for (const y of indices(next, rows, cols)) {
      for (const column of [0, width, 2 * width]) {
        const out: Operand = [OUT + MIDDLE, [0, width][next(2)]!, column === 0 ? width : width * cols];
        const names = ["contiguous", "transposed", "scalar", "reversed"];
        const x = layouts(X, width, rows, cols)[column === width ? "contiguous" : names[next(4)]!]!;
        const call = { rows, cols, out, x, y };
        const expected = new Expected(width);
        each(call, (r, c) =>
          expected.move(out[0] + r * out[1] + c * column + indexAt(y, r, c) * out[2], address(x, r, c)),
        );
        run("put", width, { ...call, z: [0, 0, column] });
        expected.check(`index steps ${y[1]}, ${y[2]}; column step ${column}`);
      }
    }
  });
});
