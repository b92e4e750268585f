// Work that outgrew one process: `npm run example scale-out`, or of another size `npm run example scale-out 8000 2` (rows and
// columns, workers). Makes a Zarr array, has Dask's workers go through its chunks, does the same in this process, compares.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as np from "nbytes";
import { createZarr, openZarr } from "nbytes/node";
import { anomaly, type Baseline, type Part, together } from "./anomaly.js";

const FOLDER = resolve("examples/scale-out");

/** What the temperatures are compared with. */
export const baseline: Baseline = { mean: 15, std: 8 };

/** Writes seeded temperatures, of which one in a hundred is missing, chunk by chunk. */
export async function fill(path: string, length: number, chunk: number): Promise<void> {
  const z = await createZarr(path, { shape: [length, length], chunks: chunk, compressor: "gzip" });
  let seed = 0;
  for (const place of z.places()) {
    const region = z.region(...place),
      shape = region.map(({ start, stop }) => stop! - start!),
      rng = np.random.defaultRng(seed++);
    using values = np.memory.scope(() => {
      const made = rng.standardNormal(shape).imul(8).iadd(15);
      made.set(np.less(rng.random(shape), 0.01), Number.NaN);
      return made;
    });
    await z.write(...region, values);
  }
}

/** Does it all in this process, one chunk after the other. */
export async function alone(from: string, to: string): Promise<Part> {
  const z = await openZarr<"float64">(from),
    { shape, chunks } = z,
    out = await createZarr(to, { shape, chunks, dtype: "float32", compressor: { id: "gzip", level: 6 } });
  const parts: Part[] = [];
  for (const place of z.places()) {
    const region = z.region(...place);
    using block = await z.read(...region);
    const { array, value } = np.memory.scope(() => anomaly(block, { args: baseline }));
    using result = array;
    await out.write(...region, result);
    parts.push(value);
  }
  return together(parts);
}

/** Has Dask do it. `python` has its modules, `nbytes` is how the command line is called. */
export async function byDask(
  python: string,
  nbytes: string,
  [module, from, to]: readonly [module: string, from: string, to: string],
  workers: number,
): Promise<{ part: Part; peak: number }> {
  const options = ["--args", JSON.stringify(baseline), "--workers", String(workers), "--nbytes", nbytes];
  const child = spawn(python, [join(FOLDER, "run.py"), module, "anomaly", from, to, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const [code] = (await once(child, "close")) as [number | null]; // what a process ends with
  if (code !== 0) throw new Error(`run.py ended with ${code}`);
  const { values, peak } = JSON.parse(printed) as { values: Part[]; peak: number }; // what run.py prints
  return { part: together(values), peak };
}

/** Names of chunks that two Zarr arrays do not both have with the same elements. */
export async function differences(a: string, b: string): Promise<string[]> {
  const [one, other] = [await openZarr(a), await openZarr(b)],
    names: string[] = [];
  for (const place of one.places()) {
    using x = await one.read(...one.region(...place));
    using y = await other.read(...other.region(...place));
    if (!np.arrayEqual(x, y)) names.push(place.join("."));
  }
  return names;
}

/** The Python that has Dask and Zarr: the first in the path, or Debian's. */
function pythonFor(): string | undefined {
  return ["python3", "/usr/bin/python3"].find(
    (python) => spawnSync(python, ["-c", "import zarr, distributed"]).status === 0,
  );
}

export async function main([length = "4000", workers = "2"]: readonly string[]): Promise<void> {
  const python = pythonFor();
  if (python === undefined) {
    console.error("this needs Dask and Zarr for Python: apt-get install python3-distributed python3-zarr");
    process.exitCode = 1;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "nbytes-scale-out-")),
    at = (name: string): string => join(folder, name),
    timed = async <T>(what: string, act: () => T | Promise<T>): Promise<T> => {
      const started = performance.now(),
        result = await act();
      console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
      return result;
    };
  try {
    await timed("making in.zarr", () => fill(at("in.zarr"), Number(length), 500));
    console.log(String(await openZarr(at("in.zarr"))));
    const one = await timed("in this process", () => alone(at("in.zarr"), at("alone.zarr")));
    const nbytes = `${process.execPath} ${resolve("dist/cli.js")}`,
      { part, peak } = await timed(`Dask with ${workers} workers, their start included`, () =>
        byDask(python, nbytes, [join(FOLDER, "anomaly.ts"), at("in.zarr"), at("out.zarr")], Number(workers)),
      );
    const others = await differences(at("alone.zarr"), at("out.zarr")),
      same = JSON.stringify(one) === JSON.stringify(part) && others.length === 0;
    console.log(part);
    console.log(`a chunk took ${np.formatBytes(peak)} of a worker at most`);
    console.log(same ? "both ways give the same, in every chunk" : `they differ: chunks ${others.join(", ")}`);
    if (!same) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
