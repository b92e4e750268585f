import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { arange, save } from "nbytes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Project } from "./consumer.js";

// The program that the packed package installs, as a process.

let project: Project;
let bin: string;

beforeAll(() => {
  project = install();
  const installed = join(project.folder, "node_modules/nbytes");
  bin = join(installed, JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).bin.nbytes);
  project.write({
    "app.mjs": 'import { zeros } from "nbytes";\nglobalThis.kept = zeros(10);\nconsole.log("ran");\n',
    "waits.mjs":
      'import { zeros } from "nbytes";\nglobalThis.kept = zeros(10);\nconsole.log("waits");\nsetInterval(() => {}, 1000);\n',
  });
});

afterAll(() => project.remove());

const run = (...args: string[]) =>
  spawnSync(process.execPath, [bin, ...args], { cwd: project.folder, encoding: "utf8" });

test("nbytes begins as a script for Node, lists its commands, and ends with 0, 1 or 2", () => {
  expect(readFileSync(bin, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(run().stdout).toMatch(/^nbytes: what arrays/);
  expect(run("--version").status).toBe(0);
  expect(run("info", "none.npy")).toMatchObject({ status: 1, stdout: "" });
  expect(run("infos")).toMatchObject({
    status: 2,
    stderr: "nbytes: there is no command 'infos'; did you mean info?\n",
  });
});

test("nbytes explain and trace work from the package alone", () => {
  expect(run("explain", "m.T.ravel()", "--shape", "2,3").stdout).toContain(".ravel()  copy  48 B");
  const { stdout, status } = run("trace", "app.mjs");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^ran\napp\.mjs: 1 array, 80 B allocated, peak 80 B, retained 80 B\n[\s\S]*\n {4}2 {7}1 {7}80 B /,
  );
});

test("Ctrl-C ends the program that is traced, and the bill so far is printed", async () => {
  const child = spawn(process.execPath, [bin, "trace", "waits.mjs"], { cwd: project.folder, detached: true });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    // A terminal sends it to all processes of the group.
    if (out === "") process.kill(-child.pid!, "SIGINT");
    out += text;
  });
  const [code] = await once(child, "close");
  expect(code).toBe(1);
  expect(out).toMatch(/^waits\nwaits\.mjs: 1 array, 80 B allocated/);
  expect(readdirSync(project.folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test("Ctrl-C while nbytes convert writes leaves the older file, and no half of the new one", async () => {
  const at = (name: string): string => join(project.folder, name);
  using big = arange(3_000_000);
  save(big, at("big.npy"));
  writeFileSync(at("big.csv"), "older");
  const before = readdirSync(project.folder);
  const child = spawn(process.execPath, [bin, "convert", "big.npy", "big.csv"], { cwd: project.folder });
  const ended = once(child, "close");
  const isHalf = (name: string): boolean => /^\.\d+-\d+-big\.csv$/.test(name);
  while (!readdirSync(project.folder).some(isHalf) && child.exitCode === null) await setTimeout(5);
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(readFileSync(at("big.csv"), "utf8")).toBe("older");
  expect(readdirSync(project.folder)).toEqual(before);
});

test("the files of nbytes take the package from its entries, and hold nothing of its core", () => {
  const files = readdirSync(dirname(bin)).filter((name) => /^cli.*\.js$/.test(name)),
    imported = files.flatMap((name) => {
      const text = readFileSync(join(dirname(bin), name), "utf8");
      return [...text.matchAll(/(?:(?:^|;)(?:import|export)(?:[\w$*{},\s]*from)?\s?|\bimport\()"([^"]+)"/gm)].map(
        ([, from]) => from,
      );
    });
  expect(files.length).toBeGreaterThan(12);
  expect(imported).toContain("./index.js");
  expect(
    imported.filter((from) => !/^node:|^\.\/(?:index|node|parquet|arrow)\.js$|^\.\/cli-[\w-]+\.js$/.test(from)),
  ).toEqual([]);
});
