import { Console } from "node:console";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { plain } from "../../base/plain.js";
import type * as Library from "../../index.js";
import type * as Files from "../../node.js";
import { hook } from "../child/hook.js";
import type { Action } from "../frame/command.js";
import { CliError, FINE, type Io } from "../frame/io.js";
import { libraryFor, typesOf } from "./program.js";

/** A line of stdin: what is to be done with a chunk. */
interface Task {
  /** What the answer is known by. */
  readonly id: unknown;
  /** A function that the module exports. */
  readonly function: string;
  /** The Zarr array whose chunk is read, and the one, of as many chunks, into which the result is written. */
  readonly in: string;
  readonly out?: string;
  /** The chunk's place in the grid. */
  readonly chunk: readonly number[];
  /** What else the function is to know. */
  readonly args?: unknown;
}

/** What a function is given beside the elements. */
interface Place {
  readonly chunk: readonly number[];
  readonly region: readonly Library.Slice[];
  readonly args: unknown;
}

/** The package as the module would find it. */
interface Package {
  readonly np: typeof Library;
  readonly files: typeof Files;
}

export const worker: Action = async (given, io) => {
  const path = resolve(io.cwd, given.operands[0]);
  if (!existsSync(path)) throw new CliError(`${plain(given.operands[0])}: no such file or folder`);
  const answers = process.stdout;
  // What the module prints is no answer.
  globalThis.console = new Console(process.stderr);
  const functions = await moduleAt(path, io),
    folder = libraryFor(path, io),
    load = (name: string): Promise<unknown> => import(pathToFileURL(join(folder, name)).href);
  // The package's own files.
  const used = { np: (await load("index.js")) as typeof Library, files: (await load("node.js")) as typeof Files },
    opened = new Map<string, Promise<Files.ZarrArray>>();
  for await (const line of createInterface({ input: process.stdin }))
    if (line.trim() !== "") answers.write(`${JSON.stringify(await answered(line, functions, used, opened, path))}\n`);
  return FINE;
};

// This process reads TypeScript by itself, or by the project's esbuild.
async function moduleAt(path: string, io: Io): Promise<Readonly<Record<string, unknown>>> {
  const { flags, esbuild, hooks } = typesOf(path, io);
  if (flags.includes("--experimental-strip-types") || flags.includes("--import"))
    throw new CliError(
      `${basename(path)}: a worker runs TypeScript on Node from 22.18 on, or by the project's esbuild`,
    );
  if (esbuild !== null) process.setSourceMapsEnabled(true);
  hook({ esbuild, hooks });
  return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>; // a module has names
}

async function answered(
  line: string,
  functions: Readonly<Record<string, unknown>>,
  used: Package,
  opened: Map<string, Promise<Files.ZarrArray>>,
  path: string,
): Promise<object> {
  let id: unknown = null;
  try {
    const task = JSON.parse(line) as Task; // each part is asked for where it is used
    id = task.id ?? null;
    const f = functions[task.function];
    if (typeof f !== "function") throw new TypeError(`${basename(path)} exports no function ${task.function}`);
    const open = (store: string): Promise<Files.ZarrArray> => {
      const z = opened.get(store) ?? used.files.openZarr(store);
      opened.set(store, z);
      return z;
    };
    const source = await open(task.in),
      target = task.out === undefined ? null : await open(task.out);
    let value: unknown = null;
    const started = performance.now(),
      { peak } = await used.np.memory.traceAsync(
        async () => {
          // Of what its author says.
          value = await done(task, source, target, f as Callable, used);
        },
        { level: "counters" },
      );
    return { id, value, peak, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    const { name = "Error", message = String(error) } = Object(error) as Partial<Error>; // whatever was thrown has, or lacks them
    return { id, error: { name, message } };
  }
}

type Callable = (block: Library.NDArray, place: Place) => unknown;

// Reads the chunk, calls the function, writes the array that it gives; answers with its value.
async function done(
  { chunk, args = null }: Task,
  source: Files.ZarrArray,
  target: Files.ZarrArray | null,
  f: Callable,
  { np }: Package,
): Promise<unknown> {
  const region = source.region(...chunk),
    block = await source.read(...region);
  let array: Library.NDArray | null = null;
  try {
    // What it makes on the way ends with it, if it is not asynchronous.
    const result = await np.memory.scope(() => f(block, { chunk, region, args }));
    const both = result as { readonly array?: unknown; readonly value?: unknown } | null | undefined,
      made = result instanceof np.NDArray ? result : both?.array;
    if (made instanceof np.NDArray) array = made as Library.NDArray;
    if (array !== null && target !== null) await target.write(...region, array);
    return array === null ? result : (both?.value ?? null);
  } finally {
    block.dispose();
    array?.dispose();
  }
}
