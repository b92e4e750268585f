// Runs scripts/smoke.mjs in other runtimes and compares what they print with this Node:
//   node scripts/runtimes.mjs /path/to/node24 "/path/to/deno run -A" /path/to/bun
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const smoke = fileURLToPath(new URL("smoke.mjs", import.meta.url));
const printed = (command) => {
  const [tool, ...args] = command.split(" ");
  const { stdout, stderr, error } = spawnSync(tool, [...args, smoke], { encoding: "utf8" });
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
