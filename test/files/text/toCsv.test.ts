import fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory, readCsv, table, toCsv } = np;

const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "a", "é", "𝄞", "#", "'"), maxLength: 6 }),
  fc.constantFrom("", "NA", "nan", "null", " None ", "true"),
);
const columns = fc.integer({ min: 0, max: 8 }).chain((rows) => {
  const list = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { minLength: rows, maxLength: rows });
  return fc.record({
    f: list(fc.double()),
    g: list(fc.float()),
    i: list(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    b: list(fc.boolean()),
    s: list(fc.option(text)),
    'a, "name"': list(fc.integer({ min: -128, max: 127 })),
  });
});

test("toCsv(table) then readCsv gives the same table, of any floats, integers, bools and strings", async () => {
  await fc.assert(
    fc.asyncProperty(
      columns,
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n"),
      fc.nat(7),
      async (c, delimiter, newline, size) => {
        using made = table({
          f: np.array(c.f, { dtype: "float64" }),
          g: np.array(c.g, { dtype: "float32" }),
          i: np.array(c.i, { dtype: "int64" }),
          b: np.array(c.b, { dtype: "bool" }),
          s: np.factorize(c.s),
          'a, "name"': np.array(c['a, "name"'], { dtype: "int8" }),
        });
        const written = toCsv(made, undefined, { delimiter, newline }),
          rows: unknown[] = [];
        const dtypes = made.dtypes as Record<string, np.ColumnDType>;
        for await (using chunk of readCsv(inPieces(new TextEncoder().encode(written), size + 1), {
          delimiter,
          dtypes,
          chunkRows: 3,
        }))
          rows.push(...chunk.toRows());
        expect(rows).toEqual(made.toRows());
      },
    ),
    { numRuns: 200 },
  );
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test("toCsv(table) of one column writes NA where nothing would be a blank line", async () => {
  const written = toCsv({ s: [null, "", "x"] });
  expect(written).toBe('s\nNA\n""\nx\n');
  for await (using chunk of readCsv({ text: written }))
    expect(chunk.toRows()).toEqual([{ s: null }, { s: "" }, { s: "x" }]);
});

test("toCsv(columns, to, options) writes any dtype, without a header, to a stream; it allocates nothing for a table", async () => {
  using t = table({
    h: np.array([0.1, 65504], { dtype: "float16" }),
    z: np.array([
      { re: 1, im: -2 },
      { re: 0.5, im: 3 },
    ]),
  });
  const traced = memory.trace(() => toCsv(t, undefined, { header: false, delimiter: ";" }));
  expect([traced.allocs, traced.result]).toEqual([0, "0.1;1.0-2.0j\n65500.0;0.5+3.0j\n"]);
  let got = "";
  const decoder = new TextDecoder();
  await toCsv(
    t,
    new WritableStream<Uint8Array>({
      write: (piece) => {
        got += decoder.decode(piece, { stream: true });
      },
    }),
  );
  expect(got).toBe("h,z\n0.1,1.0-2.0j\n65500.0,0.5+3.0j\n");
});

test("toCsv(columns, to, options) refuses what it cannot write", () => {
  expect(() => toCsv({ x: [1] }, undefined, { delimiter: '"' })).toThrow("incompatible");
  expect(() => toCsv({ x: [1] }, undefined, { delimiter: ",," })).toThrow("single unicode character");
  expect(() => toCsv({ x: [1], y: [1, 2] })).toThrow(np.ShapeError);
  expect(() => toCsv(5 as never)).toThrow("table takes columns by name, or rows, not 5");
  expect(() => toCsv({ x: [1] }, 5 as never)).toThrow("toCsv writes to a path or a stream");
});
