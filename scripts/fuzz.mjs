// `npm run fuzz [-- --minutes M --seed S --only name --count N --workers W]`: random programs for as long as one likes.
//
//   test/fuzz/<name>.ts ─esbuild─► build/fuzz/<name>.js ─► a child process for each slice of time ─► counts, failures
//
// A generator exports `run(seed, count)`, which resolves to `{ programs, failures }`; everything follows from the seed. It
// may export `batch`, how many programs a seed stands for.
// The child announces every seed before it starts with it, so that a trap, an abort or a hang of the whole process is
// a failure like any other. With `--count` one batch of that many programs is run from just that seed, and no more.
import { fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(import.meta.url);
/** Programs of one batch, what one seed stands for, where a generator exports no `batch` of its own. */
const BATCH = 25;
/** Milliseconds after which the next generator has its turn, and after which a batch is taken to hang. */
const SLICE = 15_000,
  HANG = 180_000;

if (process.argv[2] === "slice") slice(process.argv[3]);
else await main();

/** In the child: runs the batches that the parent asks for, one by one. */
async function slice(bundle) {
  const { run, batch = BATCH } = await import(pathToFileURL(bundle).href);
  process.on("message", async ({ seed, count }) => {
    let answer;
    try {
      const { programs, failures } = await run(seed, count);
      answer = { programs, failures: failures.map(String) };
    } catch (error) {
      answer = { programs: count, failures: [`seed ${seed}: the generator threw ${error?.stack ?? error}`] };
    }
    process.send(answer);
  });
  process.send({ batch });
}

async function main() {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  const options = readOptions();
  const generators = await bundles(options.only);
  if (generators.length === 0) throw new Error(`no generator in test/fuzz/ is named ${options.only}`);
  const total = { programs: 0, failures: 0 };
  const sums = new Map(generators.map(({ name }) => [name, { programs: 0, failures: 0, batches: 0 }]));
  const until = Date.now() + options.minutes * 60_000;
  console.log(
    `seed ${options.seed}, ${options.minutes} minutes, ${options.workers} at once: ${[...sums.keys()].join(" ")}`,
  );
  let turn = 0;
  const worker = async () => {
    // Every generator has at least one turn, however short the time.
    while (turn < generators.length || (Date.now() < until && options.count === undefined)) {
      const mine = turn++;
      const generator = generators[mine % generators.length];
      await turnOf(generator, slices(options, mine, generators.length), until, sums.get(generator.name));
    }
  };
  await Promise.all(Array.from({ length: options.workers }, worker));
  for (const [name, sum] of sums) {
    console.log(`${name}: ${sum.programs} programs in ${sum.batches} seeds, ${sum.failures} failures`);
    total.programs += sum.programs;
    total.failures += sum.failures;
  }
  console.log(`\n${total.programs - Math.min(total.failures, total.programs)} passed, ${total.failures} failed`);
  process.exitCode = total.failures === 0 ? 0 : 1;
}

function readOptions() {
  const { values } = parseArgs({
    options: Object.fromEntries(
      ["minutes", "seed", "only", "count", "workers"].map((name) => [name, { type: "string" }]),
    ),
  });
  const number = (name, otherwise) => {
    if (values[name] === undefined) return otherwise;
    const value = Number(values[name]);
    if (!(value >= 0)) throw new Error(`--${name} is a number, not ${values[name]}`);
    return value;
  };
  return {
    minutes: number("minutes", 1),
    seed: number("seed", Date.now() % 1_000_000),
    count: number("count", undefined),
    workers: number("count") === undefined ? Math.max(1, number("workers", Math.min(2, availableParallelism()))) : 1,
    only: values.only,
  };
}

/** The seeds of one turn: the given seed itself at first, then others that follow from it. */
function* slices({ seed, count }, turn, generators) {
  if (count !== undefined) return yield { seed, count };
  const round = Math.floor(turn / generators);
  for (let i = 0; ; i++) yield { seed: (seed + 7919 * round + 104_729 * i) % 2 ** 31 };
}

/** Runs one generator in a child process for one slice of time; a child that dies ends its slice. */
function turnOf({ name, bundle }, batches, until, sum) {
  return new Promise((resolve) => {
    const child = fork(here, ["slice", bundle], { execArgv: ["--enable-source-maps", "--expose-gc"] });
    const end = Date.now() + SLICE;
    let batch, watch, over, ofOne;
    const fail = (text) => {
      sum.failures++;
      console.log(`FAILED ${name}: ${text}`);
    };
    const reproduce = () => `npm run fuzz -- --only ${name} --seed ${batch?.seed} --count ${batch?.count}`;
    const next = () => {
      clearTimeout(watch);
      const now = Date.now();
      const more = batch === undefined || (now < end && now < until) ? batches.next() : { done: true };
      if (more.done) {
        over = true;
        return child.kill();
      }
      batch = { count: ofOne, ...more.value };
      watch = setTimeout(() => {
        fail(`no answer in ${HANG / 1000} s: ${reproduce()}`);
        over = true;
        child.kill("SIGKILL");
      }, HANG);
      child.send(batch);
    };
    child.on("message", (answer) => {
      if (answer.batch !== undefined) ofOne = answer.batch;
      else {
        sum.batches++;
        sum.programs += answer.programs;
        for (const text of answer.failures) fail(text);
        if (answer.failures.length > 0) console.log(`  ${reproduce()}`);
      }
      next();
    });
    child.on("exit", (code, signal) => {
      clearTimeout(watch);
      if (!over) fail(`the process ended (${signal ?? code}): ${reproduce()}`);
      resolve();
    });
  });
}

/** Bundles the generators against src/, as the tests see it: `nbytes` and `nbytes/<entry>` are src/'s files. */
async function bundles(only) {
  const { build } = await import("esbuild");
  const files = existsSync("test/fuzz") ? readdirSync("test/fuzz") : [];
  const isGenerator = (file) => file.endsWith(".ts") && !/\.(test|d)\.ts$/.test(file);
  const names = files.filter(isGenerator).map((file) => basename(file, ".ts"));
  const wanted = names.filter((name) => only === undefined || only.split(",").includes(name));
  const toSource = {
    name: "nbytes is src/",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^nbytes($|\/)/ }, ({ path }) => ({
        path: join(process.cwd(), "src", `${path.slice("nbytes/".length) || "index"}.ts`),
      })),
  };
  const made = await build({
    entryPoints: wanted.map((name) => join("test/fuzz", `${name}.ts`)),
    outdir: "build/fuzz",
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    sourcemap: true,
    metafile: true,
    plugins: [toSource],
    logLevel: "warning",
  });
  // What the folder shares among generators exports no `run`.
  return Object.entries(made.metafile.outputs)
    .filter(([, output]) => output.entryPoint && output.exports.includes("run"))
    .map(([path]) => ({ name: basename(path, ".js"), bundle: join(process.cwd(), path) }));
}
