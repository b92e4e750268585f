import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { install, type Project } from "./consumer.js";

// What stands on the terminal when a program ends with an error of the library: the user's code, the message, the stack.

let project: Project;

beforeAll(() => {
  project = install();
});

afterAll(() => project.remove());

/** What Node prints of a program that fails in `mine`, which is on line 3 of the file. */
function printed(file: string, body: string, call: string): string {
  const names = "add, load, memory, nanToNum, ones, random, zeros";
  const head = file.endsWith(".cjs") ? `const { ${names} } = require("nbytes");` : `import { ${names} } from "nbytes";`;
  project.write({ [file]: `${head}\nconst a = zeros(3);\nfunction mine() { return ${body}; }\n${call}\n` });
  const { stderr, status } = spawnSync(process.execPath, [file], { cwd: project.folder, encoding: "utf8" });
  expect(status).toBe(1);
  return stderr;
}

describe("issue 7.22: an uncaught error shows the user's line first, and little else", () => {
  const bodies = {
    "a function": "add(a, zeros(4))",
    "a method": "a.at(9)",
    "a getter": "(a.dispose(), a.data)",
    "a function of memory": 'memory.limit("x")',
    "a scope": "memory.scope(() => a.reshape([7]))",
    "a trace": "memory.trace(() => a.sum(7))",
    "bytes that are no file": "load(new Uint8Array(9))",
  };

  test.each(Object.entries(bodies))("in a module: %s", (_, body) => {
    const text = printed("app.mjs", body, "mine();");
    expect(text.length).toBeLessThan(3000);
    expect(text.split("\n")[0]).toMatch(/\/app\.mjs:3$/);
    expect(text.split("\n")[1]).toMatch(/^function mine/);
    expect(text).not.toMatch(/nbytes.dist.*\n.*\n\n/);
  });

  // The methods of a generator are functions of its own, which nobody finds: their frames are cut from the text.
  const all = [...Object.values(bodies), "random.defaultRng(1).random(-1)"];

  test.each([
    ["app.mjs", "mine();"],
    ["app.mjs", "setTimeout(mine);"],
    ["app.mjs", "Promise.resolve().then(mine);"],
    ["app.mjs", "(async () => { await null; mine(); })();"],
    ["app.mjs", "await memory.traceAsync(async () => { await null; mine(); });"],
    ["app.mjs", "memory.scope(() => mine());"],
    ["app.cjs", "mine();"],
    ["app.cjs", "setTimeout(mine);"],
  ])("%s: %s", (file, call) => {
    for (const body of all) {
      const text = printed(file, body, call);
      expect(text.length, body).toBeLessThan(3000);
      expect(/[^\s(]*\.[cm]?js:\d+/.exec(text)?.[0], body).toContain(`${file}:3`);
    }
  });

  // What starts the program, and the flags of Node; `app` is the file that fails on its line 3.
  const slim = `import { add, init, zeros } from "nbytes/slim";
const a = (await init(), zeros(3));
function mine() { return a.at(9); }
mine();
`;
  const worker = 'import { Worker } from "node:worker_threads"; new Worker(new URL("./app.mjs", import.meta.url));';
  const rejected = 'import "./app.mjs"; Promise.reject(globalThis.failure);';
  const imported = 'import("./app.mjs");';
  const starts: [title: string, main: string, app: string | null, flags: string[]][] = [
    ["with --enable-source-maps", 'import "./app.mjs";', null, ["--enable-source-maps"]],
    ["with a long stack", 'import "./app.mjs";', null, ["--stack-trace-limit=200"]],
    ["in a worker", worker, null, []],
    ["in a module that is imported later", imported, null, []],
    ["as a promise that nobody waits for", rejected, "try { mine(); } catch (e) { globalThis.failure = e; }", []],
    ["from a timer and a microtask", 'import "./app.mjs";', "setTimeout(() => queueMicrotask(mine));", []],
    [
      "from an event",
      'import "./app.mjs";',
      'new EventTarget().dispatchEvent(new Event("x")); process.nextTick(mine);',
      [],
    ],
    ["from nbytes/slim", 'import "./app.mjs";', slim, []],
  ];

  test.each(starts)("%s", (_, main, app, flags) => {
    const head = 'import { zeros } from "nbytes";\nconst a = zeros(3);\nfunction mine() { return a.at(9); }\n';
    project.write({ "main.mjs": main, "app.mjs": app === slim ? slim : `${head}${app ?? "mine();"}\n` });
    const run = spawnSync(process.execPath, [...flags, "main.mjs"], { cwd: project.folder, encoding: "utf8" });
    expect(run.status).toBe(1);
    expect(run.stderr.length).toBeLessThan(3000);
    // Of a worker's error Node prints the name in brackets.
    expect(run.stderr).toMatch(/IndexError\]?: index 9 is out of bounds for axis 0 with size 3/);
    expect(/[^\s(]*\.[cm]?js:\d+/.exec(run.stderr)?.[0]).toMatch(/app\.mjs:3$/);
    expect(run.stderr).not.toContain("node_modules");
  });

  test("where modules cannot be required, and everything is a script", () => {
    project.write({
      "app.cjs":
        'const { zeros } = require("nbytes");\nconst a = zeros(3);\nfunction mine() { return a.at(9); }\nmine();\n',
    });
    const args = ["--no-experimental-require-module", "app.cjs"];
    const { stderr } = spawnSync(process.execPath, args, { cwd: project.folder, encoding: "utf8" });
    expect(stderr.length).toBeLessThan(3000);
    expect(/[^\s(]*\.[cm]?js:\d+/.exec(stderr)?.[0]).toMatch(/app\.cjs:3$/);
  });

  test("in a program that keeps stacks short or keeps none, and in one that formats them", () => {
    const limits = ["Error.stackTraceLimit = 1", "Error.stackTraceLimit = 0", "delete Error.stackTraceLimit"];
    for (const limit of [...limits, 'Error.prepareStackTrace = (e, frames) => e + "\\n    at " + frames[0]']) {
      const text = printed("app.mjs", "a.at(9)", `${limit}; mine();`);
      expect(text, limit).toContain("index 9 is out of bounds");
      expect(text, limit).not.toContain("node_modules");
    }
  });

  test("no line of dist/ is longer than 2,000 characters", () => {
    const dist = join(project.folder, "node_modules/nbytes/dist");
    const scripts = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) => /\.c?js$/.test(name));
    const lines = scripts.flatMap((name) => readFileSync(join(dist, name), "utf8").split("\n"));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(2000);
  });
});
