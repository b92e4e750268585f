import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as np from "nbytes";
import { lock } from "nbytes/vitest";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { install, type Project } from "../package/consumer.js";

let folder: string;
let file: string;

/** What a failing check says. */
function messageOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the check passed");
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nbytes-lock-"));
  file = join(folder, "memory.lock.json");
  for (const variable of ["CI", "NBYTES_UPDATE", "NBYTES_LOCKFILE"]) vi.stubEnv(variable, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A copy and a sum: 2 arrays, 16 n bytes. */
function work(n = 100): void {
  using x = np.zeros(n);
  using y = x.copy();
  np.add(x, y, { out: y });
}

const entry = '"work": { "allocs": 2, "allocated": 1600, "peak": 1600, "copies": { "requested": 1 } }';

// The first entry is written by `lock`: where CI runs these tests the runner forbids its matchers to write.
test("an entry that is missing is written, and holds from then on", () => {
  lock("work", work, { file });
  expect(readFileSync(file, "utf8")).toBe(`{\n  ${entry}\n}\n`);
  expect(work).toMatchAllocationLock("work", { file });
});

test("a difference fails in either direction, and tells all figures that differ and the lines", () => {
  lock("work", work, { file });
  const more = (): void => {
    work();
    np.zeros(10).astype("float32");
  };
  const text = messageOf(() => expect(more).toMatchAllocationLock("work", { file }));
  expect(text.split("\n").slice(0, 7)).toEqual([
    `expected more to allocate what ${file} says, but it differs from the entry "work"`,
    "                  locked      now  difference",
    "  allocs               2        4          +2",
    "  allocated      1,600 B  1,720 B      +120 B",
    "  copies: dtype        0        1          +1",
    "it allocated",
    expect.stringMatching(/^ {2}800 B {2}lockfile\.node\.test\.ts:\d+ {2}zeros {11,}using x = np\.zeros\(n\);$/),
  ]);
  expect(text).toMatch(/run once with NBYTES_UPDATE=1/);
  const fewer = messageOf(() => expect(() => work(99)).toMatchAllocationLock("work", { file }));
  expect(fewer.split("\n").slice(2, 4)).toEqual([
    "  allocated  1,600 B  1,584 B       -16 B",
    "  peak       1,600 B  1,584 B       -16 B",
  ]);
  expect(readFileSync(file, "utf8")).toBe(`{\n  ${entry}\n}\n`);
});

test("in CI a missing entry fails and nothing is written", () => {
  vi.stubEnv("CI", "true");
  expect(messageOf(() => expect(work).toMatchAllocationLock("work", { file }))).toMatch(
    /^expected work to allocate what .* says, but there is no entry "work"\n/,
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("NBYTES_UPDATE=1 writes what is measured, entries in order of name", () => {
  vi.stubEnv("NBYTES_UPDATE", "1");
  vi.stubEnv("CI", "true");
  vi.stubEnv("NBYTES_LOCKFILE", file);
  expect(() => work(5)).toMatchAllocationLock("work");
  expect(() => 1).toMatchAllocationLock("nothing");
  expect(work).toMatchAllocationLock("work");
  const nothing = '"nothing": { "allocs": 0, "allocated": 0, "peak": 0, "copies": {} }';
  expect(readFileSync(file, "utf8")).toBe(`{\n  ${nothing},\n  ${entry}\n}\n`);
  expect(readdirSync(folder)).toEqual(["memory.lock.json"]);
});

test("lock(name, fn) does the same without expect, and returns what fn returns", () => {
  const sum = (): number => {
    work();
    return 42;
  };
  expect(lock("work", sum, { file })).toBe(42);
  expect(lock("work", sum, { file, update: false })).toBe(42);
  expect(() => lock("work", () => work(1), { file })).toThrow(np.NDArrayError);
  expect(() => lock("other", sum, { file, update: false })).toThrow(/there is no entry "other"/);
  lock("work", () => work(1), { file, update: true });
  expect(readFileSync(file, "utf8")).toContain('"allocated": 16,');
});

test("a file that is no lockfile is an error, and stays", () => {
  writeFileSync(file, "{");
  expect(() => lock("a", () => 1, { file })).toThrow(/is no JSON/);
  writeFileSync(file, '{ "a": { "allocs": 1 } }');
  expect(() => lock("a", () => 1, { file })).toThrow(/is no allocation lockfile/);
  expect(readFileSync(file, "utf8")).toBe('{ "a": { "allocs": 1 } }');
});

test(".not and a missing name are refused", () => {
  expect(() => expect(work).not.toMatchAllocationLock("work", { file })).toThrow(np.ValueError);
  expect(() => expect(work).toMatchAllocationLock("", { file })).toThrow(np.ValueError);
  expect(readdirSync(folder)).toEqual([]);
});

test("a writer that died does not stop the next one", () => {
  writeFileSync(`${file}.busy`, "");
  const old = new Date(Date.now() - 60_000);
  utimesSync(`${file}.busy`, old, old);
  lock("work", work, { file });
  expect(readdirSync(folder)).toEqual(["memory.lock.json"]);
});

describe("in a project of its own", () => {
  let project: Project;

  beforeAll(() => {
    project = install();
    const root = fileURLToPath(new URL("../..", import.meta.url));
    symlinkSync(realpathSync(join(root, "node_modules/vitest")), join(project.folder, "node_modules/vitest"));
    mkdirSync(join(project.folder, "tests"));
    for (const name of ["a", "b", "c", "d"]) project.write({ [`tests/${name}.test.js`]: suite(name, 10) });
  });

  afterAll(() => project.remove());

  const suite = (name: string, n: number): string => `import { zeros } from "nbytes";
    import "nbytes/vitest";
    import { expect, test } from "vitest";
    for (let i = 0; i < 20; i++)
      test("${name} " + i, () => expect(() => zeros(${n}).dispose()).toMatchAllocationLock());
    test("lines", () => expect(() => zeros(2)).toAllocateNothing());`;

  function vitest(env: Record<string, string>, ...args: string[]): string {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["node_modules/vitest/vitest.mjs", "run", "--reporter=verbose", "--no-color", ...args],
      { cwd: project.folder, encoding: "utf8", env: { ...process.env, ...env } },
    );
    return stdout + stderr;
  }

  const locked = (): Record<string, { allocated: number }> =>
    JSON.parse(readFileSync(join(project.folder, "memory.lock.json"), "utf8"));

  test("files that are tested at once share the lockfile beside package.json; -u updates it", () => {
    const first = vitest({ CI: "" });
    expect(first).toMatch(/Tests {2}4 failed \| 80 passed/);
    expect(first).toMatch(/expected the function to allocate nothing, but it allocated 16 B in 1 array/);
    expect(first).toMatch(/a\.test\.js:6 {2}zeros {2}test\("lines"/);
    expect(Object.values(locked()).map(({ allocated }) => allocated)).toEqual(Array(80).fill(80));
    expect(readdirSync(project.folder).filter((name) => name.startsWith("memory"))).toEqual(["memory.lock.json"]);

    project.write({ "tests/a.test.js": suite("a", 11) });
    expect(vitest({ CI: "true" })).toMatch(/Tests {2}24 failed \| 60 passed/);
    expect(vitest({ CI: "" })).toMatch(/allocated {4}80 B {2}88 B {8}\+8 B/);
    expect(vitest({ CI: "" }, "-u")).toMatch(/Tests {2}4 failed \| 80 passed/);
    expect(locked()["a 0"].allocated).toBe(88);
  });
});
