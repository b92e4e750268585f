// `npm run coverage`: writes docs/coverage.md, the table of NumPy's names that are here.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("npx", ["vitest", "run", "--project", "node", "test/project/coverage.node.test.ts"], {
  env: { ...process.env, NBYTES_UPDATE: "1" },
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
