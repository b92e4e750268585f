import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alone, byDask, differences, fill } from "../../examples/scale-out/main.js";
import { openZarr } from "../../src/node.js";
import { pythonWith } from "../support/python.js";

const folder = mkdtempSync(join(tmpdir(), "nbytes-scale-out-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const python = pythonWith("zarr", "distributed"),
  nbytes = `${process.execPath} ${resolve("dist/cli.js")}`,
  module = resolve("examples/scale-out/anomaly.ts"),
  LONG = 300_000;

// In these chunks the first that comes waits for its end: in one its own process is killed, in the other Dask's.
const WAITING = `
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { anomaly as real } from ${JSON.stringify(module)};
export function anomaly(block, place) {
  const marker = ${JSON.stringify(folder)} + "/began-" + place.chunk.join("");
  if (["01", "10"].includes(place.chunk.join("")) && !existsSync(marker)) {
    writeFileSync(marker + ".tmp", process.pid + " " + process.ppid);
    renameSync(marker + ".tmp", marker);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${LONG});
  }
  return real(block, place);
}
`;

async function began(chunk: string): Promise<number[]> {
  for (let i = 0; i < LONG / 50 && !existsSync(at(`began-${chunk}`)); i++)
    await new Promise((done) => setTimeout(done, 50));
  return readFileSync(at(`began-${chunk}`), "utf8")
    .split(" ")
    .map(Number);
}

describe.skipIf(python === null)(
  "examples/scale-out, a function over the chunks of a Zarr array by two workers of Dask,",
  () => {
    let expected: Awaited<ReturnType<typeof alone>>;
    beforeAll(async () => {
      execFileSync(process.execPath, ["scripts/build.mjs"]);
      await fill(at("in.zarr"), 110, 50);
      expected = await alone(at("in.zarr"), at("alone.zarr"));
      expect((await openZarr(at("alone.zarr"))).nchunks).toBe(9);
    }, LONG);

    test("gives what one process gives, in every chunk", { timeout: LONG }, async () => {
      const { part, peak } = await byDask(python!, nbytes, [module, at("in.zarr"), at("out.zarr")], 2);
      expect(part).toEqual(expected);
      expect(await differences(at("alone.zarr"), at("out.zarr"))).toEqual([]);
      // The chunk as it is read, of 50 by 50, and where it is read to.
      expect(peak).toBe(2 * 50 * 50 * 8);
    });

    test("gives the same when a worker process is killed while its task runs, nbytes' own and Dask's", {
      timeout: LONG,
    }, async () => {
      writeFileSync(at("waiting.ts"), WAITING);
      const running = byDask(python!, nbytes, [at("waiting.ts"), at("in.zarr"), at("again.zarr")], 2);
      const [own] = await began("01");
      process.kill(own, "SIGKILL");
      const [left, dask] = await began("10");
      process.kill(dask, "SIGKILL");
      process.kill(left, "SIGKILL");
      const { part } = await running;
      expect(part).toEqual(expected);
      expect(await differences(at("alone.zarr"), at("again.zarr"))).toEqual([]);
    });
  },
);
