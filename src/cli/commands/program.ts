import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { plain } from "../../base/plain.js";
import { type Call, JOB, type Job } from "../child/job.js";
import { children, holding } from "../frame/ending.js";
import { CliError, type Io } from "../frame/io.js";

// Runs a user's program in a process of its own, in Node, as it would run without us.

/** How a program is to be run, and what is to be found out. */
export interface Wish {
  readonly path: string;
  readonly args?: readonly string[];
  readonly trace?: Job["trace"];
  readonly call?: Omit<Call, "program">;
  /** Whether what it prints goes to stderr, because stdout is for JSON. */
  readonly quiet: boolean;
}

/** How it ended, and what its process answered. */
export interface Ran<T> {
  readonly answer: T;
  /** Its exit code, or the signal that ended it, if it did not end well. */
  readonly failed: string | null;
}

/** Runs a program; what its process answers is `T` by the wish. */
export async function runProgram<T>(wish: Wish, io: Io): Promise<Ran<T>> {
  const path = resolve(io.cwd, wish.path);
  if (!existsSync(path)) throw new CliError(`${plain(wish.path)}: no such file or folder`);
  if (statSync(path).isDirectory()) throw new CliError(`${plain(wish.path)}: it is a folder`);
  const folder = mkdtempSync(join(tmpdir(), "nbytes-")),
    answer = join(folder, "answer.json");
  try {
    const { flags, ...types } = typesOf(path, io);
    const job: Job = {
      ...types,
      library: pathToFileURL(join(libraryFor(path, io), "index.js")).href,
      answer,
      label: basename(path),
      ...(wish.trace === undefined ? {} : { trace: wish.trace }),
      ...(wish.call === undefined ? {} : { call: { ...wish.call, program: pathToFileURL(path).href } }),
    };
    const file = (name: string): string => pathToFileURL(join(io.dist, name)).href;
    const main = wish.call === undefined ? ["--import", file("cli-traced.js"), path] : [join(io.dist, "cli-called.js")];
    const failed = await ended(spawned([...flags, ...main, ...(wish.args ?? [])], job, wish.quiet, io));
    if (!existsSync(answer))
      throw new CliError(`${job.label} ended before it could report${failed === null ? "" : `: ${failed}`}`);
    return { answer: JSON.parse(readFileSync(answer, "utf8")) as T, failed }; // written by dist/cli-*.js
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function spawned(args: readonly string[], job: Job, quiet: boolean, io: Io): ChildProcess {
  const direct = io.stdout === process.stdout,
    out = direct ? (quiet ? process.stderr : "inherit") : "pipe";
  const child = spawn(process.execPath, args, {
    cwd: io.cwd,
    env: { ...io.env, [JOB]: JSON.stringify(job) },
    stdio: ["inherit", out, direct ? "inherit" : "pipe"],
  });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (quiet ? io.stderr : io.stdout).write(text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => io.stderr.write(text));
  return child;
}

function ended(child: ChildProcess): Promise<string | null> {
  return holding(
    children,
    child,
    () =>
      new Promise((done, fail) => {
        child.on("error", fail);
        child.on("close", (code, signal) =>
          done(signal !== null ? `ended by ${signal}` : code === 0 ? null : `exit code ${code}`),
        );
      }),
  );
}

/** The dist/ folder of the copy of the package that a program would load; ours if it has none. */
export function libraryFor(path: string, { dist }: Io): string {
  const found = resolvedFrom(path, "nbytes/package.json");
  return found === undefined ? dist : join(dirname(found), "dist");
}

function resolvedFrom(path: string, name: string): string | undefined {
  try {
    return createRequire(path).resolve(name);
  } catch {
    return undefined;
  }
}

type Types = Pick<Job, "esbuild" | "hooks"> & { readonly flags: readonly string[] };

/** How this Node reads TypeScript: by itself, by esbuild, or by tsx. */
export function typesOf(path: string, { cwd }: Pick<Io, "cwd">): Types {
  if (!/\.[cm]?tsx?$/.test(path)) return { flags: [], esbuild: null, hooks: false };
  const [major, minor] = process.versions.node.split(".").map(Number),
    quiet = "--disable-warning=ExperimentalWarning";
  if (!path.endsWith("x")) {
    if ("typescript" in process.features && process.features.typescript)
      return { flags: [quiet], esbuild: null, hooks: true };
    if (major > 22 || (major === 22 && minor >= 6))
      return { flags: ["--experimental-strip-types", quiet], esbuild: null, hooks: true };
  }
  const near = (name: string): string | undefined => resolvedFrom(path, name) ?? resolvedFrom(join(cwd, "x.js"), name);
  const esbuild = near("esbuild"),
    tsx = near("tsx");
  if (esbuild !== undefined)
    return { flags: ["--enable-source-maps"], esbuild: pathToFileURL(esbuild).href, hooks: true };
  if (tsx !== undefined) return { flags: ["--import", pathToFileURL(tsx).href], esbuild: null, hooks: false };
  throw new CliError(
    `Node ${process.versions.node} does not run TypeScript by itself: npm install --save-dev esbuild (or tsx), or use Node from 22.6 on`,
  );
}
