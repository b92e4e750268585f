import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as np from "nbytes";
import { afterAll, describe, expect, test } from "vitest";
import { load, openMemmap } from "../../src/node.js";
import { DTYPES } from "../support/oracle.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-mmap-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe("load(path, { mmapMode })", () => {
  test("gives a mapped array of a .npy file of any dtype and order, and reads none of its elements", () => {
    for (const dtype of DTYPES)
      for (const order of ["C", "F"]) {
        using x = np.arange(24).reshape([4, 6]).astype(dtype);
        np.save(x, at("x.npy"));
        if (order === "F") {
          // The same bytes are those of the transposed array.
          const bytes = readFileSync(at("x.npy"), "latin1");
          writeFileSync(at("x.npy"), bytes.replace("False, 'shape': (4, 6)", "True , 'shape': (6, 4)"), "latin1");
        }
        using m = load(at("x.npy"), { mmapMode: "r" });
        expect([m.stats.read, m.dtype, m.shape]).toEqual([0, dtype, order === "F" ? [6, 4] : [4, 6]]);
        using a = m.evaluate();
        expect(a.tolist()).toEqual((order === "F" ? x.T : x).tolist());
        expect(m.item(1, 2)).toEqual((order === "F" ? x.T : x).item(1, 2));
      }
  });

  test("writes into the file with r+, and into memory only with c", () => {
    np.save(np.arange(6), at("w.npy"));
    {
      using m = load<"float64">(at("w.npy"), { mmapMode: "r+" });
      m.set("::2", -1);
    }
    expect(np.load(at("w.npy")).tolist()).toEqual([-1, 1, -1, 3, -1, 5]);
    {
      using m = load(at("w.npy"), { mmapMode: "c" });
      m.set("...", np.multiply(m, 2));
      expect(np.sum(m)).toBe(12);
    }
    expect(np.load(at("w.npy")).tolist()).toEqual([-1, 1, -1, 3, -1, 5]);
    using m = load(at("w.npy"), { mmapMode: "r" });
    expect(() => m.set(0, 1)).toThrow(np.ReadOnlyError);
  });

  test("keeps within its cache, whatever the size of the file", () => {
    np.save(np.arange(500_000), at("large.npy"));
    const t = np.memory.trace(() => {
      using m = load(at("large.npy"), { mmapMode: "r", cache: "256 KiB" });
      expect(np.mean(m)).toBe(249_999.5);
    });
    // Beside the cache two blocks of elements, of 256 KiB each, that the mean is made of.
    expect(t.peak).toBeLessThanOrEqual(3 * 262_144);
    expect(t.retained).toBe(0);
  });

  test("refuses what cannot be mapped, and closes the file", () => {
    np.save(np.arange(6), at("short.npy"));
    const bytes = readFileSync(at("short.npy"));
    writeFileSync(at("cut.npy"), bytes.subarray(0, 150));
    writeFileSync(at("big.npy"), bytes.toString("latin1").replace("<f8", ">f8"), "latin1");
    writeFileSync(at("none.npy"), "text");
    np.savez({ a: [1] }, at("a.npz"));
    const open = (): number => readdirSync("/proc/self/fd").length,
      before = open();
    for (const [path, sentence] of [
      [at("cut.npy"), "mmap length is greater than file size: 176 bytes"],
      [at("big.npy"), "lie in the other byte order, big-endian"],
      [at("none.npy"), "the magic string is not correct"],
      [at("a.npz"), "the magic string is not correct"],
      [at("missing.npy"), "No such file or directory"],
    ] as const)
      expect(() => load(path, { mmapMode: "r" })).toThrow(sentence);
    expect(() => load(at("short.npy"), { mmapMode: "w+" as "r" })).toThrow("mmapMode must be one of 'r', 'r+', 'c'");
    expect(() => load(5 as unknown as string, { mmapMode: "r" })).toThrow("load takes a file to map");
    expect(open()).toBe(before);
  });

  test("without a mode is load of nbytes, which tells whose option it is", () => {
    expect(load<np.NDArray>(np.save([1, 2])).tolist()).toEqual([1, 2]);
    expect(() => (np.load as (...all: unknown[]) => unknown)(at("w.npy"), { mmapMode: "r" })).toThrow(
      "load(path, { mmapMode }) is that of nbytes/node",
    );
  });
});

test("a mapped array that is forgotten is closed by the collector, with what was written, and that is said once", async () => {
  const files = (): string[] =>
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)].filter((path) => path.startsWith(folder));
      } catch {
        return [];
      }
    });
  np.memory.collect(); // what the tests before have forgotten
  const said: string[] = [],
    { warn } = console,
    before = np.memory.usage().live;
  console.warn = (text: string) => said.push(text);
  try {
    const forget = (name: string): void => {
      const m = openMemmap(at(name), { dtype: "float64", shape: 10, mode: "w+" });
      m.at("2:").set(0, 7);
    };
    forget("one.dat");
    forget("two.dat");
    expect(files().length).toBe(2);
    for (let i = 0; i < 50 && files().length > 0; i++) {
      np.memory.collect();
      await new Promise((done) => setTimeout(done, 10));
    }
    expect(files()).toEqual([]);
  } finally {
    console.warn = warn;
  }
  expect(said.length).toBe(1);
  expect(said[0]).toMatch(/^the mapped array of '.*(one|two)\.dat' was forgotten, and its file closed only when/);
  expect(np.memory.usage().live).toBe(before);
  using m = openMemmap(at("two.dat"), { dtype: "float64", mode: "r" });
  expect(m.item(2)).toBe(7);
});

test("a mapped array that is closed is of no interest to the collector", () => {
  const script = `
    import { openMemmap } from "nbytes/node";
    for (let i = 0; i < 3; i++) openMemmap(${JSON.stringify(at("closed.dat"))}, { shape: 9, mode: "w+" }).close();
    for (let i = 0; i < 5; i++) { globalThis.gc(); await new Promise((done) => setTimeout(done, 5)); }
    console.log("fine");`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", "--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect(stdout + stderr).toBe("fine\n");
});
