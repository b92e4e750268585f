import fc from "fast-check";
import type * as Public from "nbytes";
import * as np from "nbytes";
import { expect, test } from "vitest";
import { apply, counting, dtype, shape, steps } from "../support/arbitraries.js";
import { itemsize } from "../support/oracle.js";

// Whatever an array is, and however a header is spelt that NumPy reads: what is read is what was written.

type Bytes = Uint8Array<ArrayBuffer>;

/** Any array: of every dtype, and as any view of another. */
const view = fc.record({ dtype, shape, steps, seed: fc.nat(30) }).map(
  ({ dtype, shape, steps, seed }) =>
    () =>
      steps.reduce(apply, counting(shape, dtype, seed)),
);

const base = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const same = (a: np.NDArray, b: np.NDArray): boolean =>
  a.dtype === b.dtype && String(a.shape) === String(b.shape) && np.arrayEqual(a, b);

/** Runs a property; nothing of it may be left. */
function holds<T>(values: fc.Arbitrary<T>, check: (value: T) => unknown, numRuns = 300): void {
  fc.assert(
    fc.property(values, (value) => {
      const { live } = np.memory.usage();
      const held = np.memory.scope(() => check(value));
      expect(np.memory.usage().live).toBe(live);
      return held !== false;
    }),
    { numRuns },
  );
}

test("load(save(a)) is a, and save(view) writes what save(copy) writes", () => {
  holds(view, (make) => {
    const a = make(),
      file = np.save(a);
    expect(base(file)).toBe(base(np.save(a.copy())));
    expect(file.length % 64).toBe((a.size * a.itemsize) % 64);
    return same(np.load(file), a);
  });
});

/** How a header is written, as one Python or another may. */
const spelling = fc.record({
  quote: fc.constantFrom("'", '"', "'''"),
  blank: fc.constantFrom("", " ", "  ", "\t"),
  comma: fc.boolean(),
  long: fc.boolean(),
  order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  fill: fc.nat(90),
  line: fc.boolean(),
  version: fc.integer({ min: 1, max: 3 }),
  behind: fc.nat(5),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer T> ? T : never;

const LETTERS = { bool: "b1", complex64: "c8", complex128: "c16" } as const;

/** NumPy's letters of a dtype. */
function lettersOf(dtype: np.DType): string {
  return dtype in LETTERS ? LETTERS[dtype as keyof typeof LETTERS] : `${dtype[0]}${itemsize(dtype)}`; // asked in this line
}

function header(dtype: np.DType, shape: readonly number[], big: boolean, fortran: boolean, how: Spelling): string {
  const { quote, blank, version } = how,
    text = (word: string): string => quote + word + quote,
    // Python 2 wrote its long integers so; version 3 is younger.
    lengths = shape.map((n) => `${n}${how.long && version < 3 ? "L" : ""}`),
    tuple = `(${lengths.join(`,${blank}`)}${shape.length === 1 ? "," : ""})`;
  const entries = [
    `${text("descr")}${blank}:${blank}${text(`${big ? ">" : "<"}${lettersOf(dtype)}`)}`,
    `${text("fortran_order")}:${blank}${fortran ? "True" : "False"}`,
    `${text("shape")}${blank}:${tuple}`,
  ];
  const all = how.order.map((i) => entries[i]).join(`,${blank}`);
  return `{${all}${how.comma ? `,${blank}` : ""}}${" ".repeat(how.fill)}${how.line ? "\n" : ""}`;
}

function npy(text: string, version: number, data: Uint8Array, behind: number): Bytes {
  const head = Uint8Array.from(text, (c) => c.charCodeAt(0)),
    length = version === 1 ? [head.length & 255, head.length >> 8] : [head.length & 255, head.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    ...length,
    ...head,
    ...data,
    ...new Array(behind).fill(9),
  ]);
}

/** The bytes of elements in an order of axes and of bytes. */
function elements(a: np.NDArray, big: boolean, fortran: boolean): Uint8Array {
  const data = np.save(fortran ? a.T : a).slice(-a.nbytes || Number.MAX_SAFE_INTEGER),
    width = a.dtype.startsWith("complex") ? a.itemsize / 2 : a.itemsize;
  if (big) for (let at = 0; at < data.length; at += width) data.subarray(at, at + width).reverse();
  return data;
}

/** A file as some NumPy may have written it, and the array that it holds. */
const written = fc
  .record({ make: view, big: fc.boolean(), fortran: fc.boolean(), how: spelling })
  .map(({ make, big, fortran, how }) => () => {
    const a = make(),
      file = npy(header(a.dtype, a.shape, big, fortran, how), how.version, elements(a, big, fortran), how.behind);
    return { a, file, end: file.length - how.behind };
  });

test("load of a header in any spelling, version and order gives the array that was written", () => {
  holds(written, (make) => {
    const { a, file } = make();
    return same(np.load(file), a);
  });
});

test("load of a file that is cut before the end of its elements is a ValueError, behind it the array", () => {
  holds(fc.tuple(written, fc.nat()), ([make, cut]) => {
    const { a, file, end } = make(),
      n = cut % (file.length + 1);
    if (n >= end) return same(np.load(file.slice(0, n)), a);
    expect(() => np.load(file.slice(0, n))).toThrow(np.ValueError);
  });
});

test("load of any bytes is an array or an error of the library, and takes nothing that it gives no array for", () => {
  const start = fc.constantFrom(
    "",
    "\x93NUMPY",
    "\x93NUMPY\x01\x00\x76\x00",
    "\x93NUMPY\x02\x00\x20\x00\x00\x00{'descr': ",
    "PK\x03\x04",
    "PK\x05\x06",
  );
  const tail = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ maxLength: 150 }).map((text) => new TextEncoder().encode(text)),
  );
  holds(
    fc.tuple(start, tail),
    ([text, rest]) => {
      try {
        np.load(Uint8Array.from([...Array.from(text, (c) => c.charCodeAt(0)), ...rest]));
      } catch (error) {
        expect(np.isNDArrayError(error), String(error)).toBe(true);
      }
    },
    2000,
  );
});

const name = fc
  .stringMatching(/^[a-z_éж][a-z0-9 ._é/-]{0,8}[a-z0-9]$/)
  .filter((text) => !/(^|\/)\.\.?(\/|$)|\/\//.test(text));
const named = fc.dictionary(name, view, { maxKeys: 4, noNullPrototype: true });

test("load(savez(arrays)) and load(savezCompressed(arrays)) are the arrays, by name and in order", () => {
  holds(
    fc.tuple(named, fc.boolean()),
    ([makers, compressed]) => {
      const arrays = Object.fromEntries(Object.entries(makers).map(([key, make]) => [key, make()])),
        back = np.load<Public.Arrays>((compressed ? np.savezCompressed : np.savez)(arrays));
      expect(Object.keys(back)).toEqual(Object.keys(arrays));
      return Object.keys(arrays).every((key) => same(back[key], arrays[key]));
    },
    150,
  );
});

test("load of a stream of pieces of any size gives what load of its bytes gives", async () => {
  await fc.assert(
    fc.asyncProperty(
      written,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }),
      async (make, sizes) => {
        const { live } = np.memory.usage();
        const { file, a } = make();
        const stream = new ReadableStream<Bytes>({
          start(controller) {
            for (let at = 0, i = 0; at < file.length; at += sizes[i++ % sizes.length])
              controller.enqueue(file.slice(at, at + sizes[i % sizes.length]));
            controller.close();
          },
        });
        const back = await np.load(stream);
        expect(same(back, a)).toBe(true);
        back.dispose();
        (a.base ?? a).dispose();
        expect(np.memory.usage().live).toBe(live);
      },
    ),
    { numRuns: 100 },
  );
});
