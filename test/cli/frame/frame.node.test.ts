import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { removeUnfinished } from "../../../src/cli/frame/ending.js";
import { Progress, progressText } from "../../../src/cli/frame/progress.js";
import { table } from "../../../src/cli/frame/table.js";
import { writeAll, writeWhole } from "../../../src/cli/frame/writing.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-frame-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("progressText tells the rate and the time left", () => {
  expect(progressText("convert", 2e9, 8e9, 10, "bytes")).toBe("convert: 2.00 GB of 8.00 GB, 200 MB/s, 30 s left");
  expect(progressText("head", 5000, 0, 2, "rows")).toBe("head: 5,000 rows, 2,500 rows/s");
  expect(progressText("convert", 1e6, 1e12, 1, "bytes")).toBe("convert: 1.00 MB of 1.00 TB, 1.00 MB/s, 277.8 h left");
});

test("Progress is silent for a second, and where nobody looks", async () => {
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const err: string[] = [];
  const io = (isTTY: boolean) => ({
    stdout: { write: () => {} },
    stderr: { write: (text: string) => err.push(text), isTTY },
    env: { NO_COLOR: "1" },
    cwd: folder,
    dist: folder,
  });
  try {
    const [seen, unseen] = [new Progress(io(true), "convert", 4000), new Progress(io(false), "convert", 4000)];
    now.mockReturnValue(999);
    await seen.at(1000);
    seen.end();
    now.mockReturnValue(2000);
    await unseen.at(2000);
    unseen.end();
    expect(err).toEqual([]);
    await seen.at(2000);
    now.mockReturnValue(2050); // too soon for another
    await seen.at(2500);
    expect(err.join("")).toBe("\r\x1b[2Kconvert: 2.00 kB of 4.00 kB, 1.00 kB/s, 2 s left");
    seen.end();
    expect(err.at(-1)).toBe("\r\x1b[2K");
  } finally {
    now.mockRestore();
  }
});

test("writeAll leaves no half of a file: what fails leaves the older one", async () => {
  const path = join(folder, "out.txt");
  await writeAll(path, "first");
  await expect(
    writeWhole(path, (temporary) => {
      writeFileSync(temporary, "half");
      throw new Error("stopped");
    }),
  ).rejects.toThrow("stopped");
  expect(readFileSync(path, "utf8")).toBe("first");
  expect(readdirSync(folder)).toEqual(["out.txt"]);
});

test("removeUnfinished takes away what Ctrl-C interrupts", async () => {
  let written = "";
  const waiting = writeWhole(join(folder, "late.txt"), (temporary) => {
    writeFileSync(temporary, "half");
    written = temporary;
    return new Promise<void>((_, fail) => setTimeout(() => fail(new Error("ended")), 20));
  });
  removeUnfinished();
  expect(existsSync(written)).toBe(false);
  await expect(waiting).rejects.toThrow("ended");
});

test("table aligns, leaves out empty columns, and fits 80 columns", () => {
  expect(
    table(
      [
        ["a", "", "1"],
        ["long", "", "22"],
      ],
      "<<>",
    ),
  ).toEqual(["  a      1", "  long  22"]);
  expect(table([["a", "word ".repeat(30)]], "<~").every((line) => line.length <= 80)).toBe(true);
  expect(table([["a", "x".repeat(100)]], "<<")[0]).toHaveLength(80);
  expect(table([["\x1b[2J"]], "<")).toEqual(["  \\x1b[2J"]);
});
