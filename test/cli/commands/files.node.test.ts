import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Fact } from "../../../src/cli/formats/format.js";
import { type Arrays, arange, load, memory, save, savez, savezCompressed, zeros } from "../../../src/index.js";
import { nbytes, type Printed } from "../running.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

const data = join(dirname(createRequire(import.meta.url).resolve("vega-datasets")), "..", "data");
for (const name of ["weather.csv", "movies.json", "unemployment.tsv"])
  copyFileSync(join(data, name), join(folder, name));

const run = (...argv: string[]): Promise<Printed> => nbytes(argv, { cwd: folder });
const at = (name: string): string => join(folder, name);
const put = (name: string, text: string): void => writeFileSync(at(name), text);

test("nbytes info tells dtype, shape, order and bytes of .npy files, from their headers", async () => {
  save(arange(12n).reshape([3, 4]), at("m.npy"));
  // As numpy.save writes a Fortran-ordered array of >i4.
  const text = "{'descr': '>i4', 'fortran_order': True, 'shape': (3, 4), }".padEnd(117);
  put("f.npy", "");
  writeFileSync(
    at("f.npy"),
    Buffer.concat([Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text}\n`, "latin1"), Buffer.alloc(48)]),
  );
  expect(await run("info", "m.npy", "f.npy")).toEqual({
    code: 0,
    err: "",
    out: `m.npy: 224 B
  m.npy  int64  [3, 4]  C  96 B  header 1.0
f.npy: 176 B
  f.npy  int32  [3, 4]  F  48 B  header 1.0, big-endian
`,
  });
});

test("nbytes info tells the members of .npz files, deflated ones too", async () => {
  savez({ x: arange(10n), b: zeros(3, "bool") }, at("s.npz"));
  savezCompressed({ y: zeros([100, 100]) }, at("c.npz"));
  const { out } = await run("info", "s.npz", "c.npz");
  expect(out).toMatch(
    /^s\.npz: \d+ B\n {2}x {2}int64 +\[10\] {2}C {2}80 B {2}header 1\.0\n {2}b {2}bool +\[3\] +C +3 B {2}header 1\.0\nc\.npz/,
  );
  expect(out).toMatch(/\n {2}y {2}float64 {2}\[100, 100\] {2}C {2}80\.0 kB {2}header 1\.0, deflated to \d+ B\n$/);
});

test("nbytes goes by the bytes of .npy and .npz files, as NumPy does, and names the file that is damaged", async () => {
  writeFileSync(at("archive.npy"), readFileSync(at("s.npz")));
  writeFileSync(at("array.npz"), readFileSync(at("m.npy")));
  for (const command of ["info", "head"])
    expect((await run(command, "archive.npy")).out.replace("archive.npy", "s.npz")).toBe(
      (await run(command, "s.npz")).out,
    );
  expect((await run("info", "array.npz")).out).toContain("array.npz  int64  [3, 4]  C  96 B  header 1.0");
  await run("convert", "array.npz", "m2.npy");
  expect(readFileSync(at("m2.npy"))).toEqual(readFileSync(at("m.npy")));
  const bytes = readFileSync(at("s.npz"));
  writeFileSync(at("damaged.npz"), bytes.with(140, 9));
  expect(await run("head", "damaged.npz")).toEqual({
    code: 1,
    out: "",
    err: expect.stringMatching(/^nbytes head: damaged\.npz: member 'x\.npy': Bad CRC-32: .*\n$/),
  });
});

test("nbytes info tells the columns of real text: rows, kinds, and what is missing", async () => {
  const { out } = await run("info", "weather.csv", "unemployment.tsv", "movies.json", "--json");
  const [weather, unemployment, movies] = JSON.parse(out);
  expect(weather.arrays.map(({ name, dtype }: { name: string; dtype: string }) => [name, dtype])).toEqual([
    ["location", "text"],
    ["date", "text"],
    ["precipitation", "float64"],
    ["temp_max", "float64"],
    ["temp_min", "float64"],
    ["wind", "float64"],
    ["weather", "text"],
  ]);
  expect(weather.arrays[2].shape).toEqual([2922]);
  expect(unemployment.arrays.map(({ dtype }: { dtype: string }) => dtype)).toEqual(["int64", "float64"]);
  expect(movies.arrays[1]).toEqual({ name: "US Gross", dtype: "float64", shape: [3201], bytes: 25608 });
});

test("nbytes info goes on after a file that cannot be read, and ends with 1", async () => {
  put("no.npy", "nothing");
  const { code, out, err } = await run("info", "no.npy", "none.csv", "m.npy");
  expect(code).toBe(1);
  expect(out).toMatch(/^m\.npy: /);
  expect(err).toMatch(
    /^nbytes info: no\.npy: the magic string is not correct.*\nnbytes info: .*none\.csv: no such file or folder\n$/,
  );
});

test("nbytes head prints the first rows: of arrays, tables and archives", async () => {
  expect((await run("head", "m.npy", "-n", "2")).out).toBe("int64 [3, 4]\n[[0 1 2 3]\n [4 5 6 7]]\nand 1 row more\n");
  expect(
    (await run("head", "weather.csv", "-n", "2")).out,
  ).toBe(`location  date        precipitation  temp_max  temp_min  wind  weather
Seattle   2012-01-01              0      12.8         5   4.7  drizzle
Seattle   2012-01-02           10.9      10.6       2.8   4.5  rain
`);
  expect((await run("head", "s.npz", "-n", "2")).out).toBe(
    "x\nint64 [10]\n[0 1]\nand 8 rows more\nb\nbool [3]\n[False False]\nand 1 row more\n",
  );
  expect(JSON.parse((await run("head", "unemployment.tsv", "-n", "1", "--json")).out)).toEqual({
    id: [1001],
    rate: [0.097],
  });
  for (const name of ["movies.json", "c.npz"])
    expect((await run("head", name)).out.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("nbytes head reads no more of a .npy file than it shows, and the pages around it: of 800 MB less than 0.2", async () => {
  const text = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000,), }".padEnd(117);
  writeFileSync(at("large.npy"), Buffer.from(`\x93NUMPY\x01\x00v\x00${text}\n`, "latin1"));
  truncateSync(at("large.npy"), 800_000_128);
  const { allocated } = memory.usage();
  expect((await run("head", "large.npy", "-n", "2")).out).toBe(
    "float64 [100000000]\n[0. 0.]\nand 99,999,998 rows more\n",
  );
  expect(memory.usage().allocated - allocated).toBeLessThan(200_000);
  // What cannot be mapped is read: the other byte order.
  expect((await run("head", "f.npy", "-n", "1")).out).toMatch(/^int32 \[3, 4\]\n/);
});

test("nbytes shrink reports columns of real data, and --apply writes them", async () => {
  const { code, out } = await run("shrink", "unemployment.tsv", "--abs", "0.001", "--apply", "small.npz");
  expect(code).toBe(0);
  expect(out).toMatch(/^column +from +best/);
  expect(out).toMatch(/\nid +int64 +int32/);
  expect(out).toMatch(/\nwritten: small\.npz\n$/);
  const small = load(at("small.npz")) as unknown as Record<string, { dtype: string; size: number }>;
  expect([small.id.dtype, small.rate.dtype, small.rate.size]).toEqual(["int32", "float16", 3218]);
  const told = JSON.parse((await run("shrink", "weather.csv", "--json")).out);
  expect(told.columns).toHaveLength(4);
  expect((await run("shrink", "weather.csv")).out).toContain(
    "left as they are, for they are no real numbers: location, date, weather\n",
  );
});

test("nbytes convert goes from each format to each, and back to the same values", async () => {
  await run("convert", "weather.csv", "w.json");
  await run("convert", "w.json", "w.csv");
  expect(readFileSync(at("w.csv"), "utf8")).toBe(readFileSync(at("weather.csv"), "utf8").replaceAll("\r\n", "\n"));
  for (const name of ["u.npz", "u.json", "u.txt", "u.csv"]) {
    const { code, out } = await run("convert", "unemployment.tsv", name);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^unemployment\.tsv, 34\.7 kB → u\.\w+, [\d.]+ kB\n$/),
    });
    await run("convert", name, "back.tsv");
    expect(JSON.parse((await run("head", "back.tsv", "-n", "4000", "--json")).out)).toEqual(
      JSON.parse((await run("head", "unemployment.tsv", "-n", "4000", "--json")).out),
    );
  }
  await run("convert", "m.npy", "m.json");
  expect(readFileSync(at("m.json"), "utf8")).toBe("[[0,1,2,3],[4,5,6,7],[8,9,10,11]]\n");
  await run("convert", "m.npy", "m.csv");
  expect(readFileSync(at("m.csv"), "utf8")).toBe("0,1,2,3\n4,5,6,7\n8,9,10,11\n");
});

test("nbytes reads and writes Parquet: three million flights by their first group, a table there and back", async () => {
  const flights = join(data, "flights-3m.parquet");
  const [{ bytes, arrays }] = JSON.parse((await run("info", flights, "--json")).out);
  expect(bytes).toBe(statSync(flights).size);
  expect(arrays.map(({ name, shape }: Fact) => [name, shape])).toEqual(
    ["date", "delay", "distance", "origin", "destination"].map((name) => [name, [3_000_000]]),
  );
  expect((await run("info", flights)).out).toMatch(
    /\n {2}date +float64 +\[3000000\] +24\.0 MB +INT64 TIMESTAMP MICROS\n/,
  );
  expect((await run("head", flights, "-n", "2")).out).toBe(`        date  delay  distance  origin  destination
978307260000     33      2176  LAS     PHL
978307260000     19       215  ATL     SAV
`);
  await run("convert", "weather.csv", "w.parquet");
  expect((await run("info", "w.parquet")).out).toMatch(/\n {2}wind +float64 +\[2922\] +23\.4 kB {2}DOUBLE\n/);
  await run("convert", "w.parquet", "w2.csv");
  expect(readFileSync(at("w2.csv"), "utf8")).toBe(readFileSync(at("weather.csv"), "utf8").replaceAll("\r\n", "\n"));
});

test("nbytes reads and writes Arrow: two hundred thousand flights, a table there and back", async () => {
  const flights = join(data, "flights-200k.arrow"),
    [{ bytes, arrays }] = JSON.parse((await run("info", flights, "--json")).out);
  expect(bytes).toBe(statSync(flights).size);
  expect(arrays.map(({ name, shape }: Fact) => [name, shape])).toEqual(
    ["delay", "distance", "time"].map((name) => [name, [200_000]]),
  );
  const { columns } = JSON.parse((await run("shrink", flights, "--json", "--apply", "f.npz")).out);
  expect(columns).toHaveLength(3);
  await run("convert", "f.npz", "f.arrow");
  const [delay] = JSON.parse((await run("info", "f.arrow", "--json")).out)[0].arrays;
  expect(delay).toMatchObject({ name: "delay", dtype: (load(at("f.npz") as `${string}.npz`) as Arrays).delay.dtype });
  await run("convert", "weather.csv", "w.arrow");
  await run("convert", "w.arrow", "w3.csv");
  expect(readFileSync(at("w3.csv"), "utf8")).toBe(readFileSync(at("weather.csv"), "utf8").replaceAll("\r\n", "\n"));
});

test("nbytes reads and writes Zarr directories, and replaces none", async () => {
  expect(await run("convert", "m.npy", "m.zarr")).toMatchObject({ code: 0, err: "" });
  expect((await run("info", "m.zarr")).out).toBe("m.zarr: 266 B\n  m.zarr  int64  [3, 4]  C  96 B  chunks [3, 4]\n");
  expect((await run("head", "m.zarr", "-n", "2")).out).toBe("int64 [3, 4]\n[[0 1 2 3]\n [4 5 6 7]]\nand 1 row more\n");
  await run("convert", "m.zarr", "back.npy");
  expect(readFileSync(at("back.npy"))).toEqual(readFileSync(at("m.npy")));
  expect(await run("convert", "m.npy", "m.zarr")).toEqual({
    code: 1,
    out: "",
    err: "nbytes convert: m.zarr: it is there already, and a directory is not replaced\n",
  });
});

test("nbytes convert leaves nothing behind when it fails, and the older file as it was", async () => {
  put("kept.npz", "older");
  const before = readdirSync(folder).length;
  expect(await run("convert", "weather.csv", "kept.npz")).toEqual({
    code: 1,
    out: "",
    err: "nbytes convert: kept.npz: arrays hold no texts, as in 'location'; write .csv or .json\n",
  });
  expect(readFileSync(at("kept.npz"), "utf8")).toBe("older");
  expect(readdirSync(folder)).toHaveLength(before);
  expect((await run("convert", "s.npz", "s.npy")).err).toMatch(/a \.npy file has one array, and these are 2 columns/);
  expect((await run("convert", "m.npy", "m.npy")).code).toBe(2);
  expect((await run("convert", "m.npy", "m.xls")).err).toMatch(
    /^nbytes convert: m\.xls: files end with \.npy, .*, not '\.xls'\n$/,
  );
});

test.each([
  ["ragged.csv", "a,b\n1,2\n3\n", "ragged.csv: line 3: 1 fields, where the first line has 2"],
  ["open.csv", 'a,b\n1,"2\n', "open.csv: line 2: a quote is never closed"],
  ["twice.csv", "a,a\n1,2\n", "twice.csv: line 1: two columns are called 'a'"],
])("nbytes info of %s names the file and the line", async (name, text, sentence) => {
  put(name, text);
  expect(await run("info", name)).toEqual({ code: 1, out: "", err: `nbytes info: ${sentence}\n` });
});

test.each([
  ["quotes", 'a,b\n"x, ""y""",1\n"two\nlines",2\n', { a: ['x, "y"', "two\nlines"], b: [1, 2] }],
  ["CRLF and a mark of order", "\uFEFFa,b\r\n1,2\r\n3,4\r\n", { a: [1, 3], b: [2, 4] }],
  ["missing values", "a,b\n1,\n,x\n", { a: [1, null], b: ["", "x"] }],
  ["no line break at the end, and semicolons", "a;b\n1.5;2", { a: [1.5], b: [2] }],
  ["no header", "1,2\n3,4\n", { column0: [1, 3], column1: [2, 4] }],
  ["empty cells at the end", 'a,b\n"x",\n', { a: ["x"], b: [""] }],
  ["what only looks like a number", "a,b\n0x10,1e3\n1_000,inf\n", { a: ["0x10", "1_000"], b: [1000, null] }],
  ["an empty file", "", {}],
])("nbytes head reads %s", async (_, text, expected) => {
  put("t.csv", text);
  expect(JSON.parse((await run("head", "t.csv", "--json")).out)).toEqual(expected);
});

test("the commands leave no array behind", async () => {
  const { live } = memory.usage();
  await run("head", "m.npy");
  await run("convert", "unemployment.tsv", "u.npz");
  await run("shrink", "u.npz", "--apply", "v.npz");
  await run("shrink", "w.parquet", "--apply", "small.parquet");
  await run("convert", "m.zarr", "m3.npy");
  await run("info", "movies.json");
  expect(memory.usage().live).toBe(live);
});
