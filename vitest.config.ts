import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { browserFlags, findBrowser } from "./scripts/browser.mjs";
import { ALONE, isSlow, SLOW } from "./scripts/slow.mjs";
import { fromTogether } from "./scripts/together.mjs";

const executablePath = findBrowser();
const source = (path: string): string => new URL(path, import.meta.url).pathname;

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => Number(isSlow(b.moduleId)) - Number(isSlow(a.moduleId)));
  }
}

// The same test files run in Node and in Chromium; `*.node.test.ts` needs files, processes or bundlers.
const node = {
  extends: true as const,
  test: { name: "node", include: ["test/**/*.test.ts"], sequence: { groupOrder: 1 } },
};
const chromium = {
  extends: true as const,
  optimizeDeps: {
    include: [
      "fast-check",
      "@assemblyscript/loader",
      "@jridgewell/trace-mapping",
      "@jridgewell/sourcemap-codec",
      "@uwdata/flechette",
      "hyparquet",
      "hyparquet-compressors",
      "hyparquet-writer",
    ],
  },
  test: {
    name: "chromium",
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/**/*.node.test.ts"],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args: browserFlags } }),
      instances: [{ browser: "chromium" as const }],
    },
  },
};

// `npm run test:quick`: most files share a process, which a test must not mind.
const quick = process.env.NBYTES_QUICK === "1";
const left = [...configDefaults.exclude, ...SLOW];
const together = { ...node, test: { ...node.test, exclude: [...left, ...ALONE], isolate: false } };
const alone = { ...node, test: { ...node.test, name: "node, alone", include: ALONE.map(testsIn), exclude: left } };

function testsIn(path: string): string {
  return path.replace("**", "**/*.test.ts");
}

const everywhere = executablePath === undefined ? [node] : [node, chromium];

export default defineConfig({
  // Lowers `using` for Node 20, which has Symbol.dispose but not the syntax.
  oxc: { target: "es2022" },
  plugins: [fromTogether],
  resolve: {
    alias: [
      { find: /^nbytes$/, replacement: source("src/index.ts") },
      { find: /^nbytes\/(arrow|parquet)$/, replacement: source("src/$1/index.ts") },
      { find: /^nbytes\/(\w+)$/, replacement: source("src/$1.ts") },
    ],
  },
  test: {
    globalSetup: ["test/support/setup.ts"],
    server: { deps: { external: [/\/build\//] } },
    // One file for each processor: first all of Chromium's, then Node's.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: SlowFirst },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: quick ? [together, alone] : everywhere,
  },
});
