// Runs scripts/engines/app.mjs in browsers whose stacks are text, and compares the lines that nbytes tells with the true
// ones: as modules, and in one file with the library, minified or not, with a source map or without.
//   node scripts/build.mjs && node scripts/engines.mjs firefox-esr "xvfb-run -a /path/to/MiniBrowser" chromium
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { browserFlags } from "./browser.mjs";
import { values } from "./engines/app.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const app = readFileSync("scripts/engines/app.mjs", "utf8");
const other = readFileSync("scripts/engines/other.mjs", "utf8");
const html = readFileSync("scripts/engines/page.html", "utf8");
const page = (program, library = "index") => html.replaceAll("PROGRAM", program).replace("LIBRARY", library);

// The addresses hold an @, as those of vite's server and of CDNs do.
const files = { "/@fs/app.mjs": app, "/@fs/other.mjs": other };
const pages = { "/modules": page("/@fs/app.mjs"), "/slim": page("/@fs/app.mjs", "slim") };
for (const minify of [false, true]) {
  for (const sourcemap of [false, "inline"]) {
    const name = `/bundle${minify ? "-minified" : ""}${sourcemap ? "-mapped" : ""}`;
    const options = { bundle: true, format: "esm", target: "es2022", external: ["node:*"], write: false };
    const input = { entryPoints: ["scripts/engines/app.mjs"], alias: { nbytes: "./dist/index.js" } };
    const made = await build({ ...input, ...options, minify, sourcemap, outfile: "app.js" });
    files[`${name}.js`] = made.outputFiles[0].text;
    pages[name] = page(`${name}.js`);
  }
}

let passed = 0;
let failed = 0;
function check(what, ok, got) {
  if (ok) passed++;
  else failed++;
  if (!ok) console.log(`    FAILED  ${what}: ${JSON.stringify(got)}`);
}

/** The text of a line as told, of a minified file what is about the column; undefined if no such file was served. */
function textAt(name, file, line, column = null) {
  const base = file.replace(/^.*\//, "");
  const own = base === "app.mjs" ? app : base === "other.mjs" ? other : undefined;
  const text = own ?? (base === name.slice(1) ? pages[name] : base === `${name.slice(1)}.js` ? files[`/${base}`] : "");
  const found = text.split("\n")[line - 1];
  return column === null || found?.length < 500 ? found : found?.slice(Math.max(0, column - 15), column + 30);
}

// Code from `eval` without a name is told by its call and, in Safari, what ends with a call by its caller's line.
const instead = { 5: /\w\(5\)|\.add\(1\)|\.copy\(\)/, 111: /run\d*\(\)|\)\(\)/, 112: /eval\(/, 113: /\w\(\)/ };
// Safari does not name fields, and leaves out the `get`; V8 names a function by the call that it is given to.
const names = { 101: "named", 102: "inner", 103: "(field)?", 104: "Model", 105: "#hidden", 106: "make", 108: "each" };
Object.assign(names, {
  107: "(get )?got",
  109: "",
  110: "byValue",
  114: "(memory\\w*\\.trace)?",
  115: "inOtherModule",
});

function checkArray(name, { length, file, line, column, fn, source }) {
  if (file === "cell.js") return check("code from eval with a name", line === 2 && fn === "cell", { line, fn });
  const text = textAt(name, file, line, column) ?? "";
  check(`line of ${length}`, text.includes(`(${length})`) || instead[length]?.test(text), { file, line, column, text });
  check(`text of ${length}`, source?.includes(text.trim()), source);
  if (!name.includes("minified")) check(`function of ${length}`, RegExp(`^${names[length] ?? ".*"}$`).test(fn), fn);
}

/** Compares the places in a text with what stands on those lines. */
function checkPlaces(what, name, text, ...parts) {
  const places = [...text.matchAll(/([\w.-]+):(\d+)/g)].map(([, file, line]) => textAt(name, file, line));
  const exact = !name.endsWith("minified");
  const ok = parts.every((part, i) => (exact ? places[i]?.includes(part) : places[i] !== undefined));
  check(what, ok && places.length === parts.length, text);
}

function compare(name, found) {
  if (found.error !== undefined) return check(name, false, found.error);
  const before = { passed, failed };
  check("arrays", found.made.length === 18, found.made.length);
  for (const one of found.made) checkArray(name, one);
  const chain = ["findings()", "nested", "elsewhere(inner)", "fn()", "zeros(102)"];
  checkPlaces("stack", name, found.collapsed, ...chain);
  checkPlaces("DisposedError", name, found.disposed, "gone.dispose()");
  checkPlaces("limit", name, found.budget, ".limit(", "zeros(121)");
  checkPlaces("leaks", name, found.leaks, "zeros(123)");
  check("text", found.text.startsWith("program: 17 arrays, 12,168 B allocated, peak 1,000 B"), found.text);
  check("html", found.dom.join() === `1,000 B,12,168 B,${found.rows},2`, found.dom);
  check("values", JSON.stringify(found.values) === JSON.stringify(values()), found.values);
  check("host", found.host.every((bytes) => bytes === null || bytes > 0) && found.hostText !== "", found.host);
  const tail = found.made.find(({ length }) => length === 113)?.fn;
  console.log(
    `  ${name}: ${passed - before.passed} passed, ${failed - before.failed} failed; last() is told in ${tail}`,
  );
}

const types = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

/** Serves the pages, and sends the browser from each to the next; `end` is called after the last. */
async function serve(end) {
  const all = Object.keys(pages);
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://127.0.0.1").pathname;
    if (request.method === "POST") {
      const name = path.replace("/found", ""),
        found = JSON.parse(Buffer.concat(await request.toArray()).toString()),
        next = found.error === undefined ? all[all.indexOf(name) + 1] : undefined;
      if (name === all[0]) console.log(`  ${found.agent}`);
      compare(name, found);
      response.end(next ?? "");
      if (next === undefined) end();
      return;
    }
    const body = pages[path] ?? files[path] ?? (path.startsWith("/npm/") ? readFileSync(path.slice(18)) : null);
    response.writeHead(body === null ? 404 : 200, { "content-type": types[path.replace(/^.*\./, "")] ?? "text/html" });
    response.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}${all[0]}` };
}

async function visit(command) {
  const profile = mkdtempSync(join(tmpdir(), "nbytes-engine-")),
    [tool, ...args] = command.split(" ");
  if (/firefox/.test(tool)) args.push("--headless", "--profile", profile);
  if (/chrom/.test(tool)) args.push(...browserFlags, "--headless", `--user-data-dir=${profile}`);
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  const { server, url } = await serve(end),
    browser = spawn(tool, [...args, url], { detached: true, stdio: "ignore" });
  const overdue = setTimeout(() => end(check(command, false, "no answer in two minutes")), 120_000);
  browser.on("error", (error) => end(check(command, false, String(error))));
  await ended;
  clearTimeout(overdue);
  if (browser.exitCode === null && browser.pid !== undefined) {
    process.kill(-browser.pid);
    await once(browser, "close");
  }
  server.closeAllConnections();
  server.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 9, retryDelay: 200 });
}

for (const command of process.argv.slice(2)) {
  console.log(command);
  await visit(command);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
