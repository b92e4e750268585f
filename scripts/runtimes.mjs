// Runs scripts/smoke.mjs in other runtimes and compares what they print with this Node:
//   node scripts/runtimes.mjs /path/to/node24 "/path/to/deno run -A --node-modules-dir=manual" /path/to/bun
// The package is installed, as a user has it: beside src/ a runtime may find the sources of its source maps.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url)),
  folder = mkdtempSync(join(tmpdir(), "nbytes-runtimes-")),
  installed = join(folder, "node_modules/nbytes");
mkdirSync(installed, { recursive: true });
for (const name of ["dist", "package.json"]) cpSync(join(root, name), join(installed, name), { recursive: true });
writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
const smoke = readFileSync(join(root, "scripts/smoke.mjs"), "utf8").replace("../dist/index.js", "nbytes");
writeFileSync(join(folder, "smoke.mjs"), smoke);

const printed = (command) => {
  const [tool, ...args] = command.split(" ");
  const { stdout, stderr, error } = spawnSync(tool, [...args, "smoke.mjs"], { encoding: "utf8", cwd: folder });
  return error ? String(error) : stdout + stderr;
};
const expected = printed(process.execPath);
console.log(expected);
for (const command of process.argv.slice(2)) {
  const got = printed(command);
  console.log(`${got === expected ? "same" : "DIFFERENT"}  ${command}`);
  if (got !== expected) {
    console.log(got);
    process.exitCode = 1;
  }
}
rmSync(folder, { recursive: true });
