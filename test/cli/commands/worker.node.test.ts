import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as np from "nbytes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createZarr, openZarr, saveZarr } from "../../../src/node.js";

// Within the project, so that a module finds the package by its name.
let folder: string;
const at = (name: string): string => join(folder, name);

const MODULE = `
import * as np from "nbytes";
console.log("loaded");
export const doubled = (block: np.NDArray) => np.multiply(block, 2);
export const total = (block: np.NDArray, { chunk, args }: { chunk: number[]; args: unknown }) =>
  ({ sum: block.sum(), chunk, args });
export const both = async (block: np.NDArray) => ({ array: block.astype("int8"), value: block.shape });
export const wrong = (block: np.NDArray) => block.reshape([7]);
`;

/** What the worker answers to lines of its input. */
function answers(...lines: readonly (object | string)[]): { answers: Record<string, unknown>[]; printed: string } {
  const input = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"),
    { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), "worker", at("work.ts")], {
      input,
      encoding: "utf8",
    });
  expect([status, stdout.endsWith("\n") || stdout === ""], stderr).toEqual([0, true]);
  const rows = stdout.split("\n").slice(0, -1);
  return { answers: rows.map((row) => JSON.parse(row) as Record<string, unknown>), printed: stderr };
}

beforeAll(async () => {
  execFileSync(process.execPath, ["scripts/build.mjs"]);
  folder = mkdtempSync(resolve("build/worker-"));
  writeFileSync(at("work.ts"), MODULE);
  await saveZarr(np.arange(20).reshape([4, 5]), at("in.zarr"), { chunks: [3, 3] });
  await createZarr(at("out.zarr"), { shape: [4, 5], chunks: [3, 3], dtype: "int16" });
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("nbytes worker MODULE", () => {
  test("answers each line of its input with a line, and what the module prints is no answer", () => {
    const task = { function: "total", in: at("in.zarr"), chunk: [1, 1] },
      { answers: found, printed } = answers({ ...task, id: 1, args: { n: 5 } }, "", {
        ...task,
        id: "b",
        chunk: [0, 0],
      });
    const [first, second] = found;
    expect([first.id, first.value]).toEqual([1, { sum: 37, chunk: [1, 1], args: { n: 5 } }]);
    expect([second.id, second.value]).toEqual(["b", { sum: 54, chunk: [0, 0], args: null }]);
    // The chunk, and room for one that is whole.
    expect([first.peak, second.peak]).toEqual([2 * 8 + 9 * 8, 2 * 9 * 8]);
    expect(printed).toBe("loaded\n");
  });

  test("writes the array that a function gives into the same chunk of another", async () => {
    const task = { in: at("in.zarr"), out: at("out.zarr") };
    const { answers: found } = answers(
      { ...task, id: 1, function: "doubled", chunk: [0, 1] },
      { ...task, id: 2, function: "both", chunk: [1, 0] },
    );
    expect(found.map(({ value }) => value)).toEqual([null, [1, 3]]);
    using out = await (await openZarr(at("out.zarr"))).read();
    expect(out.tolist()).toEqual([
      [0, 0, 0, 6, 8],
      [0, 0, 0, 16, 18],
      [0, 0, 0, 26, 28],
      [15, 16, 17, 0, 0],
    ]);
  });

  test("answers a task that fails with its error, and goes on", () => {
    const task = { in: at("in.zarr"), chunk: [0, 0], function: "total" };
    const { answers: found } = answers(
      "no json",
      { ...task, id: 2, function: "none" },
      { ...task, id: 3, chunk: [9, 9] },
      { ...task, id: 4, in: at("missing.zarr") },
      { ...task, id: 5, function: "wrong" },
      { ...task, id: 6 },
    );
    expect(found.map(({ id, error }) => [id, (error as { name: string } | undefined)?.name])).toEqual([
      [null, "SyntaxError"],
      [2, "TypeError"],
      [3, "IndexError"],
      [4, "FileError"],
      [5, "ShapeError"],
      [6, undefined],
    ]);
  });

  test("ends with 1 where there is no module", () => {
    const { status, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), "worker", at("none.ts")], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("no such file or folder")]);
  });
});
