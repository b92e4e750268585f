// `npm test`: every check, each with its outcome and time, and at the end how many passed. Arguments go to vitest
// (`npm test -- test/array`); the other checks still run. With NBYTES_MAIN_JOB set, a short `npm start` is one.
// `npm run test:quick` (`--quick`): the core, lint, types, and in Node the tests that build no package and start nothing.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { findBrowser, noBrowser } from "./browser.mjs";
import { SLOW } from "./slow.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const results = "build/test-results.json";

const quick = process.argv.includes("--quick");
const passedOn = process.argv.slice(2).filter((arg) => arg !== "--quick");

let passed = 0;
let failed = 0;

/** Runs one command and counts it as one check. */
function check(name, tool, ...args) {
  const ok = run(name, tool, ...args);
  if (ok) passed++;
  else failed++;
}

function run(name, tool, ...args) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const path = ["node_modules/.bin", process.env.PATH].join(delimiter);
  const { status } = spawnSync(tool, args, { stdio: "inherit", env: { ...process.env, PATH: path } });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`── ${name}: ${status === 0 ? "ok" : "FAILED"} (${seconds} s)`);
  return status === 0;
}

/** Runs the tests, counted one by one; a file that does not load, or an error outside a test, counts as one failure. */
function tests() {
  rmSync(results, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const chosen = quick ? ["--project", "node", ...SLOW.map((files) => `--exclude=${files}`)] : [];
  const ok = run("tests", "vitest", "run", ...reporters, ...chosen, ...passedOn);
  const report = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : { testResults: [] };
  const broken = report.testResults.filter((file) => file.status === "failed" && !file.assertionResults.some(isFailed));
  passed += report.numPassedTests ?? 0;
  const failures = (report.numFailedTests ?? 0) + broken.length;
  failed += ok ? failures : Math.max(failures, 1);
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  if (skipped > 0) console.log(`${skipped} tests were skipped`);
}

const isFailed = (test) => test.status === "failed";

if (quick) {
  check("build", "node", "scripts/build.mjs", "core");
  // The compiler takes half a minute of one core: it runs beside the tests.
  const log = openSync("build/types.log", "w"),
    types = spawn("node_modules/.bin/tsc", { stdio: ["ignore", log, log] }),
    ended = once(types, "exit");
  check("lint and format", "biome", "check", "--error-on-warnings");
  tests();
  const [status] = await ended;
  console.log(`\n── types: ${status === 0 ? "ok" : "FAILED"}\n${readFileSync("build/types.log", "utf8")}`);
  if (status === 0) passed++;
  else failed++;
  finish();
}

let browser;
try {
  browser = findBrowser();
} catch (error) {
  console.log(`${error.message}\n\n0 passed, 1 failed`);
  process.exit(1);
}
check("build", "node", "scripts/build.mjs");
check("lint and format", "biome", "check", "--error-on-warnings");
check("types", "tsc");
tests();
check("publint", "publint", "--strict");
// Who requires slim, trace or vitest is given the module: Node requires modules from 20.19 on.
const asked = ["--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm", "--exclude-entrypoints", "core.wasm"];
check("types of the package", "attw", "--pack", ...asked);
if (process.env.NBYTES_MAIN_JOB) {
  process.env.NBYTES_BENCH_QUICK = "1";
  check("main job, quick", "npm", "start", "--silent");
}
console.log(browser === undefined ? `\n${noBrowser}` : `\nBrowser: ${browser}`);
finish();

function finish() {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
