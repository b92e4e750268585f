import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { loadInto, memory, save } = np;

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test("lesson 48: loadInto(a, file) fills an array that is there: the data once, where load makes a second array", () => {
  using from = np.arange(100_000);
  const file = save(from);
  using a = np.empty(100_000);
  expect(memory.trace(() => loadInto(a, file)).allocs).toBe(0);
  expect(a.item(99_999)).toBe(99_999);
  const t = memory.trace(() => np.load(file).dispose());
  expect([t.allocs, t.peak]).toEqual([1, 800_000]);
  // A text too: it is scanned into the array, row by row.
  const text = `${"0.5 1.5\n".repeat(50_000)}`;
  using b = np.empty([50_000, 2]);
  expect(memory.trace(() => loadInto(b, { text })).allocs).toBe(0);
  expect(np.sum(b)).toBe(100_000);
});

test("loadInto(a, file) casts in pieces of 32 KiB, and fills any strides, orders and parts", () => {
  using from = np.reshape(np.arange(60_000, { dtype: "int32" }), [300, 200]);
  for (const source of [from, from.T.copy().T, np.astype(from, "float32")]) {
    const file = save(source);
    using a = np.zeros([300, 200]);
    const t = memory.trace(() => loadInto(a, file));
    expect(t.peak).toBeLessThanOrEqual(32_768);
    expect(np.arrayEqual(a, from)).toBe(true);
    using wide = np.full([600, 201], 7, { dtype: "float64" });
    using part = wide.at("::2, 1:");
    loadInto(part, file);
    expect([np.arrayEqual(part, from), np.sum(wide)]).toEqual([true, (60_000 * 59_999) / 2 + 7 * (600 * 201 - 60_000)]);
    using turned = np.zeros([200, 300], { dtype: "int64" });
    using other = turned.T;
    loadInto(other, file, { casting: "unsafe" });
    expect(np.arrayEqual(other, from)).toBe(true);
  }
});

test("loadInto(a, archive, { name }) takes one of its arrays, the only one without a name", () => {
  using a = np.zeros(3);
  loadInto(a, np.savez({ x: [1, 2, 3] }));
  expect(a.tolist()).toEqual([1, 2, 3]);
  const two = np.savezCompressed({ x: [1, 2, 3], y: [4, 5, 6] });
  loadInto(a, two, { name: "y" });
  expect(a.tolist()).toEqual([4, 5, 6]);
  expect(() => loadInto(a, two)).toThrow("has 2 arrays (x, y): pass name");
  expect(() => loadInto(a, two, { name: "z" })).toThrow("has no array 'z': there are x, y");
});

test("loadInto(a, stream) reads files and texts in pieces of any size", async () => {
  const text = new TextEncoder().encode("1,2\n3,4\n5,6");
  for (const size of [1, 2, 3, 5, 100]) {
    using a = np.zeros([3, 2], { dtype: "int16" });
    await loadInto(a, inPieces(text, size), { delimiter: "," });
    expect(a.tolist()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    using b = np.zeros(4);
    await loadInto(b, inPieces(save([1, 2, 3, 4]), 64 * size));
    expect(b.tolist()).toEqual([1, 2, 3, 4]);
  }
});

test("loadInto(a, text, options) takes a row or a column for one axis, and loadtxt's options", () => {
  using a = np.zeros(3);
  loadInto(a, { text: "1 2 3\n" });
  expect(a.tolist()).toEqual([1, 2, 3]);
  loadInto(a, ["7", "8", "9"]);
  expect(a.tolist()).toEqual([7, 8, 9]);
  using back = a.at("::-1");
  loadInto(back, ["x;1", "y;2", "z;3"], { delimiter: ";", usecols: 1 });
  expect(a.tolist()).toEqual([3, 2, 1]);
  loadInto(a, ["left out", "1", "2", "3"], { skiprows: 1, converters: { 0: (text) => Number(text) * 10 } });
  expect(a.tolist()).toEqual([10, 20, 30]);
});

test("loadInto(a, source) writes into a copy that was put off, not into what it was made from", () => {
  using a = np.ones(3);
  using late = a.copy({ lazy: true });
  loadInto(late, { text: "1\n2\n3" });
  expect([a.tolist(), late.tolist()]).toEqual([
    [1, 1, 1],
    [1, 2, 3],
  ]);
});

test("loadInto(a, source) refuses what does not fit, and leaves no memory behind", () => {
  {
    using a = np.zeros([2, 2]);
    const refused: [np.TextSource, string][] = [
      [save(np.zeros(4)), "could not broadcast input array from shape (4,) into shape (2,2)"],
      [
        save(
          np.array([
            [
              { re: 1, im: 2 },
              { re: 1, im: 2 },
            ],
            [1, 2],
          ] as never),
        ),
        "Cannot cast array data from dtype('complex128')",
      ],
      [save(np.ones([2, 2])).slice(0, 140), "the file ends after 12 of 32 bytes"],
      [{ text: "1 2\n3 4\n5 6" }, "could not broadcast input array from more than 2 rows into shape (2,2): the text"],
      [{ text: "1 2\n" }, "could not broadcast input array from 1 rows of 2 columns into shape (2,2)"],
      [{ text: "1 2 3\n" }, "could not broadcast input array from rows of 3 columns into shape (2,2)"],
      [{ text: "" }, "could not broadcast input array from 0 rows"],
      [{ text: "1 2\n3 x" }, "could not convert string 'x' to float64 at row 1, column 2: the text, line 2, column 2"],
    ];
    const before = memory.usage().live;
    for (const [source, sentence] of refused) expect(() => loadInto(a, source)).toThrow(sentence);
    using locked = np.broadcastTo(a, [2, 2, 2]);
    expect(() => loadInto(locked, { text: "1" })).toThrow(np.ReadOnlyError);
    expect(memory.usage().live).toBe(before);
  }
});
