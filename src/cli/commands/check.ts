import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { plain } from "../../base/plain.js";
import { formatBytes } from "../../index.js";
import { findLockfile, type LockEntry, lockEntries, readLockfile } from "../../matchers/lockfile.js";
import { type Action, flag, text } from "../frame/command.js";
import { CliError, FINE, FOUND, paint, print, printJson } from "../frame/io.js";
import { table } from "../frame/table.js";

type Entries = Readonly<Record<string, LockEntry>>;

/** How an entry differs from that of a commit. */
interface Change {
  readonly name: string;
  readonly before: LockEntry | null;
  readonly after: LockEntry | null;
  /** Whether it takes more than it did, or is gone. */
  readonly worse: boolean;
}

export const check: Action = (given, io) => {
  const [path] = given.operands,
    file = path === undefined ? findLockfile(undefined, join(io.cwd, "x")) : resolve(io.cwd, path),
    base = text(given, "base");
  if (!existsSync(file))
    throw new CliError(`${plain(path ?? file)}: there is no lockfile; toMatchAllocationLock writes one`);
  const entries = readLockfile(file);
  if (base === undefined) {
    if (flag(given, "json")) printJson(io, entries);
    else print(io, ...entryRows(entries));
    return FINE;
  }
  const changes = changesOf(entriesAt(base, file), entries),
    worse = changes.filter((change) => change.worse);
  if (flag(given, "json")) printJson(io, { base, changes });
  else if (changes.length === 0) print(io, `as at ${plain(base)}`);
  else {
    const lines = table(changes.map(changeRow), "<<<<~", "");
    print(
      io,
      ...lines.map((line) =>
        line.startsWith("more") || line.startsWith("gone") ? paint(io.stdout, io.env, "red", line) : line,
      ),
    );
  }
  return worse.length > 0 ? FOUND : FINE;
};

// The lockfile as it was at a commit: what git has of it.
function entriesAt(base: string, file: string): Entries {
  const { stdout, stderr, status, error } = spawnSync("git", ["show", `${base}:./${basename(file)}`], {
    cwd: dirname(file),
    encoding: "utf8",
  });
  if (error !== undefined) throw new CliError(`git cannot be run: ${error.message}`);
  if (status !== 0)
    throw new CliError(`git tells no lockfile at ${plain(base)}: ${plain(stderr.trim().split("\n")[0] ?? "")}`);
  return lockEntries(stdout, `${base}:${basename(file)}`);
}

function entryRows(entries: Entries): string[] {
  const names = Object.keys(entries).sort(),
    { length } = names;
  const rows = names.map((name) => {
    const { allocs, allocated, peak, copies } = entries[name];
    return [allocs.toLocaleString("en-US"), formatBytes(allocated), formatBytes(peak), copiesText(copies), name];
  });
  const head = ["arrays", "allocated", "peak", "copies", "entry"];
  return [...table([head, ...rows], ">>>><", ""), `${length} ${length === 1 ? "entry" : "entries"}`];
}

function copiesText(copies: LockEntry["copies"]): string {
  const sum = Object.values(copies).reduce((all, n) => all + n, 0);
  return sum === 0 ? "" : String(sum);
}

function changesOf(before: Entries, after: Entries): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const old = Object.hasOwn(before, name) ? before[name] : null,
      now = Object.hasOwn(after, name) ? after[name] : null;
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const grew = (key: "allocs" | "allocated" | "peak"): boolean => now !== null && old !== null && now[key] > old[key];
    return [
      { name, before: old, after: now, worse: now === null || grew("allocs") || grew("allocated") || grew("peak") },
    ];
  });
}

function changeRow({ name, before, after, worse }: Change): string[] {
  if (before === null) return ["new", "", formatBytes(after!.allocated), "", name];
  if (after === null) return ["gone", formatBytes(before.allocated), "", "", name];
  const from = formatBytes(before.allocated),
    to = formatBytes(after.allocated),
    peak = before.peak === after.peak ? "" : `peak ${formatBytes(before.peak)} → ${formatBytes(after.peak)}`;
  return [worse ? "more" : "less", from, from === to ? "" : `→ ${to}`, peak, name];
}
