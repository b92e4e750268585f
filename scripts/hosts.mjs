// The packed package in programs of others: `npm run test:hosts`. It installs them from the registry into a folder of its
// own (half a gigabyte, some minutes), so `npm test` does without; where nothing can be installed it says so and fails.
//   npm run test:hosts -- jest next     only these
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { browserFlags, findBrowser } from "./browser.mjs";

const root = fileURLToPath(new URL("..", import.meta.url)),
  fixtures = join(root, "scripts/hosts"),
  scratch = mkdtempSync(join(tmpdir(), "nbytes-hosts-"));

let passed = 0,
  failed = 0;
function check(what, got, expected) {
  const ok = typeof expected === "string" ? got === expected : expected.test(got);
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? "ok      " : "FAILED  "}${what}${ok ? "" : `\n${got}\ninstead of\n${expected}`}`);
}

/** A project with packages of the registry and this one, with the files of a fixture. */
function project(name, ...packages) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  cpSync(join(fixtures, name), folder, { recursive: true });
  const install = ["install", "--no-audit", "--no-fund", "--silent", tarball, ...packages];
  const { status, stderr } = spawnSync("npm", install, { cwd: folder, encoding: "utf8" });
  if (status !== 0) check(`npm install ${packages.join(" ")}`, stderr, /^$/);
  return folder;
}

/** What a command prints in a folder, without times. */
function printed(folder, command, ...args) {
  const options = { cwd: folder, encoding: "utf8", timeout: 300_000, env: { ...process.env, NO_COLOR: "1" } };
  const { stdout, stderr, error } = spawnSync(command, args, options);
  return error ? String(error) : (stdout + stderr).trim();
}

/** The programs of README.md with what they print. */
function readme() {
  const pattern = /^```ts\n\/\/ (\S+)\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```$)?/gm;
  return [...readFileSync(join(root, "README.md"), "utf8").matchAll(pattern)].map(([, name, code, output]) => ({
    name,
    code: `// ${name}\n${code}`,
    output,
  }));
}
const timeless = (text) => text.replace(/tracing took .* of/, "tracing took … of").trim();

const hosts = {
  // Jest in its default mode, with workers, without and with jsdom, with nbytes/jest and without.
  jest() {
    const folder = project("jest", "jest@30", "jest-environment-jsdom@30");
    const text = printed(folder, "npx", "jest", "--ci", "-w", "2");
    check(
      "jest: what passes, and what fails",
      text.match(/^Tests: .*$/m)?.[0] ?? text,
      "Tests:       3 failed, 16 passed, 19 total",
    );
    check("jest: values of a failure", text, /Expected: \[1, 2, 4\]\s+Received: \[1, 2, 3\]/);
    check("jest: no more is printed than a page", String(text.length < 20_000), "true");
  },

  // TypeScript files as they are, and the programs of README.md.
  typescript() {
    const folder = project("typescript", "tsx@4", "deno@2", "bun@1", "node@24");
    const bin = (name) => join(folder, "node_modules/.bin", name);
    const tools = {
      "node 24": [bin("node")],
      deno: [bin("deno"), "run", "-A", "--node-modules-dir=manual"],
      bun: [bin("bun")],
      tsx: [process.execPath, join(folder, "node_modules/tsx/dist/cli.mjs")],
    };
    for (const { name, code } of readme()) writeFileSync(join(folder, name), code);
    for (const [tool, command] of Object.entries(tools)) {
      check(
        `${tool}: lines`,
        printed(folder, ...command, "app.ts"),
        "app.ts:8 const a = zeros(100);\napp.ts:9 a.copy().dispose();\napp.ts:14",
      );
      // Bun forgets functions that end with a call, as Safari does, and prints objects in its own way.
      const programs = readme().filter(({ name }) => tool !== "bun" || !/^(fastcount|scope)\.ts$/.test(name));
      for (const { name, output } of programs)
        if (output !== undefined)
          check(`${tool}: ${name} of README.md`, timeless(printed(folder, ...command, name)), timeless(output));
    }
  },

  // Frozen intrinsics.
  ses() {
    const folder = project("ses", "ses@1");
    check(
      "ses: lockdown",
      printed(folder, process.execPath, "app.js"),
      '21 "[0. 1. 2.]" 5 4800 app.js:8 IndexError true 16',
    );
  },

  // A server component and a client component, by both bundlers.
  async next() {
    const folder = project(
      "next",
      "next@16",
      "react@19",
      "react-dom@19",
      "typescript@5",
      "@types/react@19",
      "@types/node@20",
    );
    const lines = '["client.tsx:6","client.tsx:7","client.tsx:8"]';
    for (const bundler of ["--turbopack", "--webpack"]) {
      const built = printed(folder, "npx", "next", "build", bundler);
      check(`next build ${bundler}`, built, /Finalizing page optimization/);
      check(`next start ${bundler}: lines of the client`, await pageOf(folder, "start"), lines);
    }
    check("next dev: lines of the client", await pageOf(folder, "dev"), lines);
  },
};

/** What the client component of the page says, in Chromium. */
async function pageOf(folder, mode) {
  const executablePath = findBrowser();
  if (executablePath === undefined) return "no browser";
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const server = spawn(process.execPath, ["node_modules/next/dist/bin/next", mode, "-p", String(port)], {
    cwd: folder,
  });
  const browser = await chromium.launch({ executablePath, args: browserFlags });
  try {
    await new Promise((resolve) => server.stdout.on("data", (text) => /Ready/.test(text) && resolve()));
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`, { timeout: 120_000 });
    await page.waitForFunction(() => document.querySelector("#client")?.textContent, undefined, { timeout: 120_000 });
    return await page.evaluate(() => document.querySelector("#client").textContent);
  } catch (error) {
    return String(error);
  } finally {
    await browser.close();
    server.kill();
  }
}

spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
const packed = spawnSync("npm", ["pack", "--silent", "--pack-destination", scratch], { cwd: root, encoding: "utf8" });
const tarball = join(scratch, packed.stdout.trim());
const asked = process.argv.slice(2);
for (const [name, run] of Object.entries(hosts)) if (asked.length === 0 || asked.includes(name)) await run();
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
