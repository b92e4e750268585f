import { FileError } from "../base/errors.js";
import { builtin } from "../base/host.js";

// The part of `node:fs` that files are read and written with. Node, Deno and Bun have it; it is never imported, so that
// bundles for browsers hold nothing of it.

interface Stats {
  readonly size: number;
  readonly mode: number;
  isFile(): boolean;
}

/** What is used of `node:fs`. Each function throws an error with a `code`, as ENOENT. */
export interface FileSystem {
  openSync(path: string, flags: string, mode?: number): number;
  closeSync(file: number): void;
  readSync(file: number, into: Uint8Array, offset: number, length: number, position: number | null): number;
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number, position: number | null): number;
  fstatSync(file: number): Stats;
  statSync(path: string, options: { throwIfNoEntry: false }): Stats | undefined;
  realpathSync(path: string): string;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  read(
    file: number,
    into: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
    done: (error: Error | null, count: number) => void,
  ): void;
}

/** The host's files. Errors: a `FileError` where it has none. */
export function fileSystem(path: string): FileSystem {
  const fs = builtin<FileSystem>("node:fs");
  if (typeof fs?.openSync === "function") return fs;
  const said = "this host has no files: pass bytes, a Blob, a Response (await fetch(url)) or a stream";
  throw new FileError("ENOSYS", path, said);
}

/** Python's sentences for what most often goes wrong; of the rest the host's own. */
const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
  ENOSPC: "No space left on device",
  EROFS: "Read-only file system",
  EMFILE: "Too many open files",
};

/** What `act` gives; what the host throws becomes a `FileError`. */
export function onFile<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw fileError(error, path);
  }
}

/** A host's error as a `FileError`. */
export function fileError(error: unknown, path: string): FileError {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }; // whatever was thrown has, or lacks them
  const name = typeof code === "string" ? code : "EIO";
  return new FileError(name, path, SENTENCES[name] ?? String(message ?? error), { cause: error });
}
