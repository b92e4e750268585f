// `npm test`: every check, each with its outcome and time, and at the end how many passed. Arguments go to vitest
// (`npm test -- test/array`); the other checks still run. With NBYTES_MAIN_JOB set, a short `npm start` is one.
// `npm run test:quick` (`--quick`): the core, lint, types if `npm test` ran before, and in Node
// the tests that are not in slow.mjs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser, noBrowser } from "./browser.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const results = "build/test-results.json";

const quick = process.argv.includes("--quick");
const passedOn = process.argv.slice(2).filter((arg) => arg !== "--quick");
if (quick) process.env.NBYTES_QUICK = "1"; // vitest.config.ts chooses the tests by it

let passed = 0;
let failed = 0;

/** Runs one command and counts it as one check. */
async function check(name, tool, ...args) {
  count(await run(name, tool, ...args));
}

function count(ok) {
  if (ok) passed++;
  else failed++;
}

const envNow = () => ({ ...process.env, PATH: ["node_modules/.bin", process.env.PATH].join(delimiter) });

async function run(name, tool, ...args) {
  console.log(`\n── ${name}`);
  return (await outcome(name, spawn(tool, args, { stdio: "inherit", env: envNow() })))();
}

/** Begins a check that runs beside others; the function that is returned waits for it, tells what it printed, and counts it. */
function begin(name, tool, ...args) {
  mkdirSync("build", { recursive: true });
  const file = `build/${name.replaceAll(" ", "-")}.log`,
    log = openSync(file, "w"),
    ending = outcome(name, spawn(tool, args, { stdio: ["ignore", log, log], env: envNow() }));
  return async () => {
    const tell = await ending;
    console.log(`\n── ${name}\n${readFileSync(file, "utf8")}`);
    count(tell());
  };
}

/** Waits for the end of a process; then tells whether it succeeded, and how long it took. */
async function outcome(name, child) {
  const started = performance.now(),
    [status] = await once(child, "exit").catch((error) => [error]),
    seconds = ((performance.now() - started) / 1000).toFixed(1);
  return () => {
    console.log(`── ${name}: ${status === 0 ? "ok" : "FAILED"} (${seconds} s)`);
    return status === 0;
  };
}

/** Runs the tests, counted one by one; a file that does not load, or an error outside a test, counts as one failure. */
async function tests() {
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const ok = await run("tests", "vitest", "run", ...reporters, ...passedOn);
  const report = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : { testResults: [] };
  const broken = report.testResults.filter((file) => file.status === "failed" && !file.assertionResults.some(isFailed));
  passed += report.numPassedTests ?? 0;
  const failures = (report.numFailedTests ?? 0) + broken.length;
  failed += ok ? failures : Math.max(failures, 1);
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  if (skipped > 0) console.log(`${skipped} tests were skipped`);
}

const isFailed = (test) => test.status === "failed";

// What the compiler found in its last run: what has not changed since then need not be looked at again.
const found = "build/types.tsbuildinfo",
  compile = () => begin("types", "tsc", "--incremental", "--tsBuildInfoFile", found);

if (quick) {
  await check("build", "node", "scripts/build.mjs", "tests");
  // From nothing it takes a core most of a minute; beside the tests, that is all the time that the quick run has.
  const types = existsSync(found) ? compile() : undefined;
  await check("lint and format", "biome", "check", "--error-on-warnings");
  await tests();
  if (types === undefined)
    console.log("\n── types: not checked, for that takes long the first time: `npm test` does it");
  else await types();
  finish();
}

let browser;
try {
  browser = findBrowser();
} catch (error) {
  console.log(`${error.message}\n\n0 passed, 1 failed`);
  process.exit(1);
}
await check("build of the core", "node", "scripts/build.mjs", "tests");
const types = compile();
await check("lint and format", "biome", "check", "--error-on-warnings");
await check("build", "node", "scripts/build.mjs");
await types();
await tests();
// Who requires slim, trace or vitest is given the module: Node requires modules from 20.19 on.
const asked = ["--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm", "--exclude-entrypoints", "core.wasm"];
const packed = begin("types of the package", "attw", "--pack", ...asked);
await check("publint", "publint", "--strict");
await packed();
if (process.env.NBYTES_MAIN_JOB) {
  process.env.NBYTES_BENCH_QUICK = "1";
  await check("main job, quick", "npm", "start", "--silent");
}
console.log(browser === undefined ? `\n${noBrowser}` : `\nBrowser: ${browser}`);
finish();

function finish() {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
