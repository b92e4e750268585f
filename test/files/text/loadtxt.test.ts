import fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { numbersOf } from "../../support/texts.js";

const { memory } = np;

test("loadtxt(lines) gives the bits that Number gives, for decimals of every length", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 25 });
  const decimal = fc
    .tuple(fc.constantFrom("", "-", "+"), digits, fc.option(digits), fc.option(fc.integer({ min: -345, max: 330 })))
    .map(
      ([sign, whole, fraction, e]) =>
        `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${e === null ? "" : `e${e}`}`,
    );
  const float = fc.double({ noNaN: true, noDefaultInfinity: true }),
    written = fc.tuple(float, fc.integer({ min: 0, max: 20 })).map(([x, places]) => x.toExponential(places));
  fc.assert(
    fc.property(fc.array(fc.oneof(decimal, written, float.map(String)), { minLength: 1, maxLength: 60 }), (texts) => {
      using a = np.loadtxt(texts, { ndmin: 1 });
      expect([...a.data].map(bits)).toEqual(texts.map((text) => bits(Number(text))));
    }),
    { numRuns: 300 },
  );
});

const bits = (x: number): bigint => new BigUint64Array(new Float64Array([x]).buffer)[0];

test("loadtxt(lines) rounds what lies between two floats to the even one", () => {
  const texts: string[] = [];
  for (let i = 0n; i < 200n; i++) {
    const middle = 2n * (2n ** 52n + i * 123456789n) + 1n;
    texts.push(`${middle}`, `${middle * 5n}e-1`, `${middle * 25n}e-2`, `${middle}e0`);
  }
  using a = np.loadtxt(texts);
  expect([...a.data]).toEqual(texts.map(Number));
});

test("loadtxt(source, options) divides as a naive reader does, wherever the pieces of a stream end", async () => {
  const field = fc.constantFrom("1", "-2.5", "3e2", "0", " 7", "8 ", '"9"', "nan");
  await fc.assert(
    fc.asyncProperty(
      fc
        .integer({ min: 1, max: 4 })
        .chain((n) => fc.array(fc.array(field, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 8 })),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.boolean(),
      fc.integer({ min: 1, max: 7 }),
      async (rows, newline, ends, size) => {
        const text = rows.map((row) => row.join(",")).join(`${newline}#x"${newline}${newline}`) + (ends ? newline : "");
        const options = { delimiter: ",", quotechar: '"', ndmin: 2 },
          bytes = new TextEncoder().encode(text);
        using late = await np.loadtxt(inPieces(bytes, size), options);
        using now = np.loadtxt(bytes, options);
        const expected = numbersOf(text);
        expect(np.tolist(late)).toEqual(expected);
        expect(np.tolist(now)).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const liveAfter = (body: () => void): number => {
  const before = memory.usage().live;
  body();
  return memory.usage().live - before;
};

test("lesson 58: loadtxt(text) needs the array's memory and no other: its lines are counted first", () => {
  const text = "1.25 2.5 5\n".repeat(10_000);
  const t = memory.trace(() => np.loadtxt({ text }));
  using a = t.result;
  expect(a.shape).toEqual([10_000, 3]);
  expect([t.allocs, t.peak, t.copied]).toEqual([1, 240_000, 240_000]);
});

test("loadtxt(stream) grows: the copies have the reason 'growth'", async () => {
  const bytes = new TextEncoder().encode("1 2\n".repeat(5000));
  using a = await np.loadtxt(inPieces(bytes, 1000));
  expect([a.shape, a.nbytes]).toEqual([[5000, 2], 80_000]);
});

const HOSTILE: readonly (readonly [
  what: string,
  text: string | Uint8Array,
  options: np.LoadtxtOptions,
  error: RegExp,
])[] = [
  ["a line of 10 MB that is one field", "1".repeat(10_000_000), {}, /longer than 8 MiB: .*line 1/],
  [
    "a quote that is never closed",
    `1\n2\n"${"3\n".repeat(10)}`,
    { quotechar: '"' },
    /a quote is never closed: .*line 3/,
  ],
  [
    "a quote that is not closed for 10 MB",
    `1\n"${"3\n".repeat(5_000_000)}`,
    { quotechar: '"' },
    /longer than 8 MiB, or a quote.*line 2/,
  ],
  ["a NUL byte", "1\n\0\n", {}, /could not convert string '\\x00' to float64 at row 1, column 1: .*line 2, column 1/],
  ["bytes that are no UTF-8", Uint8Array.of(0x31, 10, 0xff, 10), {}, /no UTF-8: these bytes, line 2, column 1/],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x31, 0), {}, /UTF-16/],
  [
    "a late error",
    `${"1 2\n".repeat(50_000)}1 x\n`,
    {},
    /'x' to float64 at row 50000, column 2: .*line 50001, column 2/,
  ],
];
for (const [what, text, options, error] of HOSTILE)
  test(`loadtxt(${what}) is a typed error that leaves nothing behind`, () => {
    const source = typeof text === "string" ? { text } : text;
    expect(liveAfter(() => expect(() => np.loadtxt(source, options)).toThrow(error))).toBe(0);
  });

test("loadtxt(text) says the line in the file, behind comments, blank lines and quotes of several lines", () => {
  const text = '# head\n\n"1\n2",3\n# more\n4,x\n';
  let thrown: unknown;
  try {
    np.loadtxt({ text }, { delimiter: ",", quotechar: '"', usecols: [1] });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(np.ParseError);
  expect(thrown).toMatchObject({ name: "ParseError", source: "the text", line: 6, column: 2 });
});

test("loadtxt(text) reads 100,000 columns, and text that begins with a byte order mark", () => {
  using wide = np.loadtxt({ text: `\ufeff${"1,".repeat(99_999)}2\n${"3,".repeat(99_999)}4` }, { delimiter: "," });
  expect([wide.shape, wide.item(0, 99_999), wide.item(1, 99_999), wide.item(1, 0)]).toEqual([[2, 100_000], 2, 4, 3]);
});

test("loadtxt(text, { converters }) calls them once a field; they may read texts themselves", () => {
  const seen: string[] = [];
  using a = np.loadtxt(["1 a", "2 b"], {
    converters: {
      [-1]: (text) => {
        seen.push(text);
        using inner = np.loadtxt(["7 8 9"]);
        return inner.size + seen.length;
      },
    },
  });
  expect([np.tolist(a), seen]).toEqual([
    [
      [1, 4],
      [2, 5],
    ],
    ["a", "b"],
  ]);
});

test("savetxt(a) then loadtxt gives the same bits, of every float", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 40 }), (list) => {
      using a = np.array(list);
      using again = np.loadtxt({ text: np.savetxt(a) }, { ndmin: 1 });
      expect([...again.data].map(bits)).toEqual([...a.data].map(bits));
    }),
    { numRuns: 100 },
  );
});

test("lesson 58: savetxt(a) allocates nothing in the engine", () => {
  using a = np.ones([1000, 3]);
  expect(memory.trace(() => np.savetxt(a)).allocs).toBe(0);
});
