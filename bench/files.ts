import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Arrays as ByName, load, type NDArray, save, savez } from "nbytes";
import type { Operation } from "./operations.js";

// Files written and read, beside NumPy: at the speed of the system's cache, for all of them were just written. Each side
// reads what the other wrote, and the arrays are compared.

const folder = mkdtempSync(join(tmpdir(), "nbytes-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const ours = (name: string): string => join(folder, name);
const numpys = (name: string): string => join(folder, `numpy-${name}`);
const text = (path: string): string => JSON.stringify(path);

/** An array goes to its file, and is the result. */
function saving(name: string, reads: "x" | "grid", file: string, transposed = false): Operation {
  const a = transposed ? `${reads}.T` : reads;
  return {
    name,
    reads: [reads],
    writes: true,
    ours: (inputs) => {
      const x = inputs[reads];
      if (!transposed) save(x, ours(file));
      else {
        using turned = x.T;
        save(turned, ours(file));
      }
      return x;
    },
    numpy: `(np.save(${text(numpys(file))}, ${a}), ${reads})[1]`,
  };
}

const loading = (name: string, file: string): Operation => ({
  name,
  reads: [],
  ours: () => load(numpys(file)),
  numpy: `np.load(${text(ours(file))})`,
});

/** Rows of the speed table. What is read was written by the rows before. */
export const files: readonly Operation[] = [
  saving("save(x, path)", "x", "x.npy"),
  loading("load(path)", "x.npy"),
  saving("save(matrix.T, path)", "grid", "grid.npy", true),
  {
    name: "savez({ x }, path)",
    reads: ["x"],
    writes: true,
    ours: ({ x }) => {
      savez({ x }, ours("x.npz"));
      return x;
    },
    numpy: `(np.savez(${text(numpys("x.npz"))}, x=x), x)[1]`,
  },
  {
    name: "load(path.npz).x",
    reads: [],
    ours: (): NDArray => load<ByName>(numpys("x.npz")).x,
    numpy: `np.load(${text(ours("x.npz"))})["x"]`,
  },
];
