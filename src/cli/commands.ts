import type { Command } from "./frame/command.js";

const many = Number.POSITIVE_INFINITY;

const FILES =
  "Formats go by the ending: .npy, .npz, .csv, .tsv, .txt (blanks between numbers), .json, .parquet, .arrow, .zarr.";

const PROGRAM =
  "The program runs in a process of its own. TypeScript is read by Node from 22.6 on; before, by the project's esbuild or tsx.";

/** All commands, in the order in which they are listed. A command's module is loaded when it is called. */
export const commands: readonly Command[] = [
  {
    name: "info",
    takes: "FILE...",
    says: "what files hold: dtypes, shapes, order, bytes",
    options: {},
    operands: [1, many],
    more: [FILES, "Of .npy, .npz, .parquet and .zarr only what they say of themselves is read."],
    example: "nbytes info weights.npy run.npz flights.parquet",
    load: async () => (await import("./commands/info.js")).info,
  },
  {
    name: "head",
    takes: "FILE",
    says: "the first rows of a file",
    options: { rows: { type: "string", short: "n", value: "N", says: "how many: 5 if not given" } },
    operands: [1, 1],
    more: [FILES],
    example: "nbytes head flights.csv -n 3",
    load: async () => (await import("./commands/head.js")).head,
  },
  {
    name: "shrink",
    takes: "FILE",
    says: "the smallest dtypes for columns, lossless first",
    options: {
      abs: { type: "string", value: "ERROR", says: "accepts values that are off by so much" },
      rel: { type: "string", value: "ERROR", says: "the same in proportion to the value" },
      apply: { type: "string", value: "OUT", says: "writes the columns in these dtypes" },
    },
    operands: [1, 1],
    more: [FILES, "Without --abs and --rel no value changes."],
    example: "nbytes shrink flights.csv --abs 0.5 --apply flights.npz",
    load: async () => (await import("./commands/shrink.js")).shrink,
  },
  {
    name: "convert",
    takes: "IN OUT",
    says: "writes what a file holds in another format",
    options: {},
    operands: [2, 2],
    more: [FILES, "OUT is written beside its place and renamed into it: whole, or not at all."],
    example: "nbytes convert flights.csv flights.npz",
    load: async () => (await import("./commands/convert.js")).convert,
  },
  {
    name: "trace",
    takes: "APP",
    says: "runs a program and prints its bill, by its own lines",
    options: {
      level: { type: "string", value: "LEVEL", says: "lines (if not given), or stacks: with callers" },
      html: { type: "string", value: "OUT", says: "writes the report as one page" },
      open: { type: "boolean", says: "opens that page; it is a temporary file without --html" },
    },
    operands: [1, 1],
    passes: true,
    more: [
      PROGRAM,
      "With --json what the program prints goes to stderr, and stdout has the report that diff compares.",
    ],
    example: "nbytes trace app.ts --html report.html -- --rows 1000",
    load: async () => (await import("./commands/trace.js")).trace,
  },
  {
    name: "peak",
    takes: "APP",
    says: "what was live when a program had most",
    options: { max: { type: "string", value: "BYTES", says: "ends with 1 if it had more: 64MB" } },
    operands: [1, 1],
    passes: true,
    more: [PROGRAM],
    example: "nbytes peak app.ts --max 64MB",
    load: async () => (await import("./commands/trace.js")).peak,
  },
  {
    name: "leaks",
    takes: "APP",
    says: "what a program or a function never gives back",
    options: {
      call: { type: "string", value: "NAME", says: "calls this function that it exports again and again" },
      runs: { type: "string", value: "N", says: "how often, after once to warm up: 3 if not given" },
    },
    operands: [1, 1],
    passes: true,
    more: [
      PROGRAM,
      "Without --call it runs once, and what is live at its end is told; some of that may be meant to last.",
    ],
    example: "nbytes leaks app.ts --call handle",
    load: async () => (await import("./commands/trace.js")).leaks,
  },
  {
    name: "estimate",
    takes: "APP --for N",
    says: "what a function would take at a size",
    options: {
      for: { type: "string", value: "N", says: "the size to tell of" },
      at: { type: "string", value: "N,N", says: "sizes to run at: 1000,2000 if not given" },
      call: { type: "string", value: "NAME", says: "the function: the default export if not given" },
    },
    operands: [1, 1],
    passes: true,
    more: [PROGRAM],
    example: "nbytes estimate app.ts --call simulate --for 10_000_000",
    load: async () => (await import("./commands/estimate.js")).estimate,
  },
  {
    name: "diff",
    takes: "A.json B.json",
    says: "how two traces differ, line by line",
    options: {},
    operands: [2, 2],
    more: [
      "A and B are what trace --json printed. Lines are known by their text, so that they may move. It ends with 1 if they differ.",
    ],
    example: "nbytes diff before.json after.json",
    load: async () => (await import("./commands/diff.js")).diff,
  },
  {
    name: "check",
    takes: "[LOCKFILE]",
    says: "the allocation lockfile, and what a change did to it",
    options: {
      base: {
        type: "string",
        value: "COMMIT",
        says: "compares with that of a commit; ends with 1 if anything takes more",
      },
    },
    operands: [0, 1],
    more: [
      "Without a path it is memory.lock.json beside the nearest package.json, which toMatchAllocationLock writes.",
    ],
    example: "nbytes check --base main",
    load: async () => (await import("./commands/check.js")).check,
  },
  {
    name: "explain",
    takes: "EXPRESSION",
    says: "whether operations view or copy, and why",
    options: {
      shape: { type: "string", value: "N,N", says: "of the array in the expression; 1000,1000 if not given" },
      dtype: { type: "string", value: "DTYPE", says: "its dtype; float64 if not given" },
    },
    operands: [1, 1],
    more: [
      "An expression has one array, by any name, its members and methods, functions of the package, and literals. " +
        "It is read, not run as JavaScript.",
    ],
    example: "nbytes explain 'm.T.reshape(-1)' --shape 1000,1000",
    load: async () => (await import("./commands/explain.js")).explain,
  },
  {
    name: "worker",
    takes: "MODULE",
    says: "runs a function over the chunks of Zarr arrays",
    options: {},
    operands: [1, 1],
    more: [
      'It reads tasks from stdin, a line of JSON each: { "id": 1, "function": "clean", "in": "a.zarr", "out": "b.zarr", "chunk": [0, 2], "args": 5 }. ' +
        "The function is given the chunk as an array, and { chunk, region, args }. It answers { id, value, peak, seconds } or { id, error } on stdout, in a line each. " +
        "An array that it returns, or { array, value }, is written into the same chunk of `out`.",
      "It ends with its input. examples/scale-out/ has Dask start such workers.",
    ],
    example: "nbytes worker clean.ts < tasks.jsonl",
    load: async () => (await import("./commands/worker.js")).worker,
  },
  {
    name: "host",
    takes: "",
    says: "the machine's memory: used, cached, free",
    options: { si: { type: "boolean", says: "powers of 1,000 (GB) instead of 1,024 (GiB)" } },
    operands: [0, 0],
    more: [
      "What is cached is not used: the kernel keeps copies of files in memory that nobody asked for, and drops them " +
        "when a program needs the room.",
    ],
    example: "nbytes host --si",
    load: async () => (await import("./commands/host.js")).host,
  },
  {
    name: "bench",
    takes: "[SUITE]",
    says: "time and bytes here: in place against copying, dtypes",
    options: {
      format: { type: "string", value: "FORMAT", says: "table (if not given), json, md or html" },
      size: { type: "string", value: "N", says: "elements of each array: 1,000,000 if not given" },
    },
    operands: [0, 1],
    more: [
      "Suites are inplace and dtypes. Ways to the same values are compared first; times are the least of forty rounds.",
    ],
    example: "nbytes bench inplace --format md",
    load: async () => (await import("./commands/bench.js")).bench,
  },
];
