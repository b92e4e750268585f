import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { add, ones } from "../../../src/index.js";
import { lock } from "../../../src/matchers/lock.js";
import { nbytes, type Printed } from "../running.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-check-")),
  file = join(folder, "memory.lock.json");
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]): Promise<Printed> => nbytes(["check", ...argv], { cwd: join(folder, "src") });
const git = (...args: string[]): string => execFileSync("git", args, { cwd: folder, encoding: "utf8" });

beforeAll(() => {
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), "{}");
});

function write(allocated: number, name = "sums"): void {
  rmSync(file, { force: true });
  lock(
    name,
    () =>
      add(ones(allocated / 16), 1)
        .copy()
        .sum(),
    { file, update: true },
  );
}

test("nbytes check lists the entries of the lockfile beside the nearest package.json", async () => {
  expect((await run()).err).toBe(`nbytes check: ${file}: there is no lockfile; toMatchAllocationLock writes one\n`);
  write(1600);
  expect(await run()).toEqual({
    code: 0,
    err: "",
    out: `arrays  allocated     peak  copies  entry
     3    2.40 kB  2.40 kB       1  sums
1 entry
`,
  });
  expect(JSON.parse((await run("--json")).out).sums.allocs).toBe(3);
});

test("nbytes check --base compares with a commit, and ends with 1 where anything takes more", async () => {
  git("init", "-q");
  git("add", "-A");
  git("-c", "user.name=n", "-c", "user.email=n@n", "commit", "-qm", "first");
  expect(await run("--base", "HEAD")).toEqual({ code: 0, out: "as at HEAD\n", err: "" });
  write(3200);
  expect(await run("--base", "HEAD")).toEqual({
    code: 1,
    err: "",
    out: "more  2.40 kB  → 4.80 kB  peak 2.40 kB → 4.80 kB  sums\n",
  });
  write(800);
  expect((await run("--base", "HEAD")).code).toBe(0);
  write(1600, "others");
  const { code, out } = await run("--base", "HEAD");
  expect({ code, out }).toEqual({ code: 1, out: "new            2.40 kB  others\ngone  2.40 kB           sums\n" });
  expect((await run("--base", "nowhere")).err).toMatch(/^nbytes check: git tells no lockfile at nowhere: fatal: .*\n$/);
});

test("nbytes check of what is no lockfile says so", async () => {
  writeFileSync(file, '{ "a": 1 }');
  const { code, err } = await run("../memory.lock.json");
  expect(code).toBe(1);
  expect(err).toMatch(/is no allocation lockfile: each entry has allocs, allocated, peak and copies\n$/);
});
