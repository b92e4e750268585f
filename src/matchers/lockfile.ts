import { NDArrayError } from "../base/errors.js";
import { builtin, environment, globals } from "../base/host.js";
import { plain } from "../base/plain.js";
import type { CopyReason } from "../heap/reasons.js";

// The allocation lockfile: what functions allocate, kept in git and reviewed like a snapshot. Files are Node's; what it
// offers is asked for without an import, which a bundler for browsers would follow.

/** What a function allocated, to the byte. */
export interface LockEntry {
  readonly allocs: number;
  readonly allocated: number;
  readonly peak: number;
  /** How many copies there were for each reason. */
  readonly copies: Readonly<Partial<Record<CopyReason, number>>>;
}

type Entries = Record<string, LockEntry>;

interface Fs {
  existsSync(path: string): boolean;
  readFileSync(path: string, encoding: "utf8"): string;
  writeFileSync(path: string, text: string, options?: { flag: string }): void;
  renameSync(from: string, to: string): void;
  rmSync(path: string, options: { force: boolean }): void;
  statSync(path: string, options: { throwIfNoEntry: false }): { mtimeMs: number } | undefined;
}
interface Path {
  dirname(path: string): string;
  join(...parts: string[]): string;
  resolve(...parts: string[]): string;
}
interface Process {
  readonly pid: number;
  cwd(): string;
}

interface Host {
  readonly fs: Fs;
  readonly path: Path;
  readonly process: Process;
}

function host(): Host {
  const fs = builtin<Fs>("node:fs"),
    path = builtin<Path>("node:path"),
    process = globals.process as Process | undefined; // Node's, which has its file system
  if (process === undefined || fs === undefined || path === undefined)
    throw new NDArrayError("the allocation lockfile needs Node's file system; let this test run in Node only");
  return { fs, path, process };
}

/** The lockfile's path: `file`, else `NBYTES_LOCKFILE`, else `memory.lock.json` beside the package.json above `from`. */
export function findLockfile(file: string | undefined, from: string | undefined): string {
  const { fs, path, process } = host(),
    given = file ?? environment("NBYTES_LOCKFILE");
  if (given !== undefined) return path.resolve(given);
  const start = from === undefined ? process.cwd() : path.dirname(from);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, "package.json"))) return path.join(folder, "memory.lock.json");
    if (path.dirname(folder) === folder) return path.join(start, "memory.lock.json");
  }
}

/** The entries of a lockfile; none if there is no file. An `NDArrayError` if it is not one. */
export function readLockfile(file: string): Entries {
  const { fs } = host();
  if (!fs.existsSync(file)) return {};
  return lockEntries(fs.readFileSync(file, "utf8"), file);
}

/** The entries in the text of a lockfile; `file` is what errors call it. */
export function lockEntries(text: string, file: string): Entries {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    throw new NDArrayError(`${plain(file)} is no JSON: ${plain((error as Error).message)}`);
  }
  if (typeof entries === "object" && entries !== null && Object.values(entries).every(isEntry))
    return entries as Entries;
  throw new NDArrayError(`${plain(file)} is no allocation lockfile: each entry has allocs, allocated, peak and copies`);
}

function isEntry(value: unknown): boolean {
  const entry = (value ?? {}) as Partial<Record<keyof LockEntry, unknown>>;
  const counts = [entry.allocs, entry.allocated, entry.peak, ...Object.values(entry.copies ?? { none: null })];
  return counts.every((count) => Number.isInteger(count));
}

/**
 * Writes one entry; the others stay. Test runners check files in several processes at once: one at a time reads,
 * changes and writes, and a reader never sees half a file.
 */
export function writeEntry(file: string, name: string, entry: LockEntry): void {
  const { fs, process } = host();
  alone(`${file}.busy`, () => {
    const temporary = `${file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, lockfileText({ ...readLockfile(file), [name]: entry }));
    fs.renameSync(temporary, file);
  });
}

/** A lockfile's text: names in order, an entry a line, so that a change shows as one line. */
export function lockfileText(entries: Entries): string {
  const names = Object.keys(entries).sort();
  return `{\n${names.map((name) => `  ${JSON.stringify(name)}: ${entryText(entries[name])}`).join(",\n")}\n}\n`;
}

function entryText({ allocs, allocated, peak, copies }: LockEntry): string {
  const spaced = (fields: string[]): string => (fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`);
  const reasons = Object.entries(copies).sort(([a], [b]) => (a < b ? -1 : 1));
  const list = spaced(reasons.map(([reason, count]) => `${JSON.stringify(reason)}: ${count}`));
  return `{ "allocs": ${allocs}, "allocated": ${allocated}, "peak": ${peak}, "copies": ${list} }`;
}

const STALE = 5000;

function alone(busy: string, work: () => void): void {
  const { fs } = host();
  while (!takes(fs, busy)) {
    const since = fs.statSync(busy, { throwIfNoEntry: false })?.mtimeMs;
    // A process that ended while it wrote must not stop the others for ever.
    if (since !== undefined && Date.now() - since > STALE) fs.rmSync(busy, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  try {
    work();
  } finally {
    fs.rmSync(busy, { force: true });
  }
}

function takes(fs: Fs, busy: string): boolean {
  try {
    fs.writeFileSync(busy, "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw error;
  }
}
