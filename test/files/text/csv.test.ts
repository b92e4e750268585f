import fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import text from "../../oracle/text.json?raw";

// Tables as Python's csv module writes them (scripts/oracle_text.py), and texts that nobody wrote.

const { genfromtxt, loadInto, loadtxt, memory, readCsv } = np;

interface Written {
  readonly text: string;
  readonly delimiter: string;
  readonly quotechar: string;
  readonly rows: readonly string[][];
}
const { csv } = JSON.parse(text) as { csv: Written[] };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

test("readCsv(text) reads what Python's csv module writes, wherever the pieces of a stream end", async () => {
  for (const [k, { text, delimiter, quotechar, rows }] of csv.entries()) {
    const names = rows.length === 0 ? [] : rows[0].map((_, i) => `c${i}`),
      options = {
        delimiter,
        quotechar,
        missing: [],
        chunkRows: 3,
        dtypes: Object.fromEntries(names.map((name) => [name, "category" as const])),
      };
    for (const source of [{ text }, inPieces(new TextEncoder().encode(text), 1 + (k % 5))]) {
      const read: unknown[] = [];
      for await (using chunk of readCsv(source, options))
        read.push(...chunk.toRows().map((row) => names.map((name) => row[name])));
      expect([k, read]).toEqual([k, rows]);
    }
  }
});

const seeds = [
  'id,x,name\n1,2.5,"a, ""b"""\n2,,c\n3,1e3,"two\nlines"\n',
  "a b c\n1 2 3\n\n4 5 6 # comment\n",
  "\ufeffx;y\r\n-1;+2\r\n18446744073709551615;nan\r\n",
  "t,f\ntrue,false\nTrue,NA\n",
  `n\n${"123456789\n".repeat(30)}`,
].map((seed) => new TextEncoder().encode(seed));
const bytes = fc.oneof(
  fc.constantFrom(...[...'"\n\r,; \t#-+.eE0919'].map((character) => character.charCodeAt(0))),
  fc.constantFrom(0, 0xff, 0xc3, 0xef, 0xbb, 0xbf, 0xfe),
  fc.nat(255),
);
const edits = fc.array(fc.tuple(fc.nat(10_000), fc.constantFrom("set", "insert", "cut", "twice"), bytes), {
  minLength: 1,
  maxLength: 8,
});

function edited(seed: Uint8Array, list: readonly (readonly [number, string, number])[]): Uint8Array {
  let now = [...seed];
  for (const [where, how, byte] of list) {
    const at = where % (now.length + 1);
    if (how === "set") now[Math.min(at, now.length - 1)] = byte;
    else if (how === "insert") now.splice(at, 0, byte);
    else if (how === "cut") now.splice(at, 1 + (byte % 9));
    else now = [...now.slice(0, at), ...now.slice(Math.max(0, at - (byte % 40)))];
    if (now.length === 0) now = [byte];
  }
  return Uint8Array.from(now);
}

/** Whether it was read; an error is the library's own. */
async function isRead(run: () => unknown): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (!np.isNDArrayError(error)) throw error;
    return false;
  }
}

test("readCsv, genfromtxt, loadtxt and loadInto of any bytes read them or throw a typed error, in pieces as at once, and leave nothing behind", async () => {
  const before = memory.usage(),
    reads: Record<string, number> = {};
  const options = fc.constantFrom<np.CsvOptions>(
    {},
    { chunkRows: 2, infer: "each" },
    { onError: "skip", delimiter: ";" },
    { delimiter: null, comments: "#", header: false },
    { missing: ["", "3", "nan"], dtypes: { x: "float32" } },
    { quotechar: null, encoding: "latin1" },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      edits,
      options,
      fc.integer({ min: 1, max: 9 }),
      async (seed, list, csv, size) => {
        const given = edited(seed, list);
        const rowsOf = async (source: np.TextSource | np.LateTextSource): Promise<unknown[]> => {
          const rows: unknown[] = [];
          for await (using chunk of readCsv(source, csv)) rows.push(chunk.dtypes, ...chunk.toJSON());
          return rows;
        };
        const outcome = async (source: np.TextSource | np.LateTextSource): Promise<unknown> => {
          let rows: unknown = null;
          return (await isRead(async () => {
            rows = await rowsOf(source);
          }))
            ? rows
            : "refused";
        };
        const whole = await outcome(given);
        expect(await outcome(inPieces(given, size))).toEqual(whole);
        const tried: [string, () => unknown][] = [
          ["genfromtxt", () => genfromtxt(given, { delimiter: ",", dtype: null }).dispose()],
          [
            "genfromtxt names",
            () => genfromtxt(given, { names: true, invalidRaise: false, skipFooter: size % 3 }).dispose(),
          ],
          ["loadtxt", () => loadtxt(given, { delimiter: ",", skiprows: 1, ndmin: 2 }).dispose()],
          [
            "loadInto",
            () => {
              using a = np.zeros([30]);
              loadInto(a, given, { skiprows: 1 });
            },
          ],
        ];
        if (whole !== "refused") reads.readCsv = (reads.readCsv ?? 0) + 1;
        for (const [name, run] of tried) if (await isRead(run)) reads[name] = (reads[name] ?? 0) + 1;
        const { live, buffers } = memory.usage();
        expect([live, buffers]).toEqual([before.live, before.buffers]);
      },
    ),
    { numRuns: 100 },
  );
  // It is no test if nothing is ever read.
  expect(Object.keys(reads)).toEqual(expect.arrayContaining(["genfromtxt", "genfromtxt names", "loadtxt", "readCsv"]));
}, 120_000);

test("readCsv(text) of a hundred thousand columns, of a long field and of quotes that never close is quick, and typed", async () => {
  const wide = `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(",")}\n${"1,".repeat(99_999)}2\n`;
  for await (using chunk of readCsv({ text: wide }, { columns: ["c99999"] }))
    expect(chunk.toRows()).toEqual([{ c99999: 2n }]);
  for await (using chunk of readCsv({ text: `s\n${"x".repeat(1_000_000)}\n` })) expect(chunk.at("s").length).toBe(1);
  await expect(readCsv({ text: `s\n"${"x\n".repeat(5_000_000)}` }).next()).rejects.toThrow(
    "a record is longer than 8 MiB, or a quote in it is never closed: the text, line 2",
  );
  await expect(readCsv({ text: `s\n${"9".repeat(9_000_000)}\n` }).next()).rejects.toThrow("longer than 8 MiB");
});
