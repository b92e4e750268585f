import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as np from "nbytes";
import { expect, test } from "vitest";
import { fill, study } from "../../examples/bigger-than-memory.js";
import { openMemmap } from "../../src/node.js";

test("examples/bigger-than-memory finds what arrays in memory give, in the memory that it is given", () => {
  const folder = mkdtempSync(join(tmpdir(), "nbytes-bigger-")),
    path = join(folder, "numbers.dat"),
    bytes = 8_000_000,
    room = 1_000_000;
  try {
    let found: ReturnType<typeof study> | undefined;
    const trace = np.memory.trace(
      () => {
        found = study(path, bytes, room);
      },
      { level: "counters" },
    );
    expect(trace.peak).toBeLessThanOrEqual(room);
    expect(trace.retained).toBe(0);
    // The same numbers, in memory.
    using again = openMemmap(join(folder, "again.dat"), { dtype: "float64", shape: bytes / 8, mode: "w+" });
    fill(again, Math.floor(room / 64));
    const x = again.evaluate(),
      missing = np.isnan(x);
    expect(found?.missing).toBe(np.countNonzero(missing));
    x.set(missing, 0);
    expect(found?.mean).toBe(np.mean(x));
    expect(found?.std).toBe(np.std(x));
    x.sort();
    const sorted = readFileSync(`${path}.sorted`);
    expect(np.arrayEqual(x, new Float64Array(sorted.buffer, sorted.byteOffset, x.size))).toBe(true);
    expect([found?.smallest, found?.median, found?.largest]).toEqual([
      x.item(0),
      np.mean(x.at("499999:500001")),
      x.item(-1),
    ]);
    const places = np.searchsorted(x, np.linspace(-5, 5, 11)).tolist() as number[];
    expect(found?.histogram).toEqual(places.slice(1).map((place, k) => place - places[k]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
