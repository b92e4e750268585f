import { plain } from "../../base/plain.js";
import { CliError, FOUND } from "./io.js";

/** An error as one line, and its exit code: a person at a terminal has no use for a stack. */
export function told(error: unknown): { message: string; code: number } {
  const code = error instanceof CliError ? error.code : FOUND;
  if (!(error instanceof Error)) return { message: plain(String(error)), code };
  const { code: system, path, syscall } = error as NodeJS.ErrnoException,
    file = path === undefined ? "" : `${plain(path)}: `;
  const known: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    EACCES: "permission denied",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of the path is no folder",
    ENOSPC: "no space is left on the disk",
    EROFS: "the file system is read-only",
  };
  if (system !== undefined && Object.hasOwn(known, system)) return { message: `${file}${known[system]}`, code };
  const message = error.message.replace(/\s*\n\s*/g, " ");
  return { message: syscall === undefined ? message : `${file}${message}`, code };
}
