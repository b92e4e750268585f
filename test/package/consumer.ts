// A stranger's project: the packed package in node_modules, and nothing of this repository in reach.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { browserFlags, findBrowser } from "../../scripts/browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the browser is; without one the tests that need it are left out. */
export const executablePath = findBrowser();

/** The program of every consumer, around two imports; its answer becomes `globalThis.answer` and a line of output. */
const answer = `const answer = JSON.stringify(add(array([1, 2, 3]), array([10, 20, 30])).tolist());
  globalThis.answer = answer;
  console.log(answer);`;

/** What every consumer must answer. */
export const expected = "[11,22,33]";

export const program = `import { add, array } from "nbytes";
  ${answer}`;

/** The program over the slim entry; `source` is the argument of `init`. */
export const slimProgram = (source = "", before = "") => `import { add, array, init } from "nbytes/slim";
  ${before}
  init(${source}).then(() => {
  ${answer}
  });`;

export const requiringProgram = `const { add, array } = require("nbytes");
  ${answer}`;

/** A folder with the packed package installed in it, and files written into it; removed by `remove`. */
export interface Project {
  readonly folder: string;
  write(files: Record<string, string>): void;
  remove(): void;
}

/** Builds if need be, packs, and installs the tarball without a network. */
export function install(): Project {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  const folder = mkdtempSync(join(tmpdir(), "nbytes-consumer-"));
  const pack = ["pack", "--silent", "--pack-destination", folder];
  const tarball = execFileSync("npm", pack, { cwd: root, encoding: "utf8" }).trim();
  const installed = join(folder, "node_modules", "nbytes");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, tarball), "--strip-components=1", "-C", installed]);
  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write({ "package.json": '{ "name": "consumer", "private": true, "type": "module" }' });
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The output of a program run by Node, trimmed. */
export function runInNode(folder: string, file: string): string {
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: "utf8" }).trim();
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** A static file server, as plain as they come; the address ends with a slash. */
export async function serve(folder: string): Promise<{ address: string; close(): void }> {
  const server: Server = createServer((request, response) => {
    const path = join(folder, normalize(new URL(request.url ?? "/", "http://localhost").pathname));
    if (!existsSync(path) || extname(path) === "") return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
    return createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

let browser: Promise<Browser> | undefined;

/** Opens a page in Chromium and waits for its answer; whatever fails on the page, requests too, is the error. */
export async function runInChromium(address: string): Promise<string> {
  browser ??= chromium.launch({ executablePath, args: browserFlags });
  const page = await (await browser).newPage();
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.url().endsWith("/favicon.ico")) {
      failures.push(`${response.status()} ${response.url()}`);
    }
  });
  await page.goto(address);
  const answered = page.waitForFunction(() => Reflect.get(globalThis, "answer"), undefined, { timeout: 20_000 });
  const result = await answered.then(
    (handle) => handle.jsonValue(),
    (error) => failures.push(String(error)),
  );
  await page.close();
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return String(result);
}

/** Serves a folder, opens its page in Chromium and returns the answer. */
export async function open(folder: string, page = "index.html"): Promise<string> {
  const { address, close } = await serve(folder);
  try {
    return await runInChromium(address + page);
  } finally {
    close();
  }
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/** A page that runs one module script, with an optional import map. */
export const page = (script: string, imports?: Record<string, string>): string =>
  `<!doctype html><meta charset="utf-8"><title>consumer</title>
  ${imports ? `<script type="importmap">${JSON.stringify({ imports })}</script>` : ""}
  <script type="module" src="${script}"></script>`;
