import { refuseStranger } from "../array/ndarray.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { attempt, globals } from "../base/host.js";
import { shown } from "../base/shown.js";
import { type FileSystem, fileSystem, onFile } from "./fileSystem.js";
import { CHUNK, joined, pathOf } from "./source.js";

// Where bytes go. A writer is a generator of pieces, which need be good only until the next is asked for: they may lie in
// engine memory. `drain` writes them at once, to a path or into bytes; `drainLate` to a stream, copied piece by piece.

/** Takes bytes at once. What is not finished when its block ends leaves nothing behind. */
export interface Sink {
  write(bytes: Uint8Array): void;
  /** Says that all is written. */
  finish(): void;
  [Symbol.dispose](): void;
}

/** A `WritableStream` of bytes. */
export interface WritableBytes {
  getWriter(): {
    write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
    close(): Promise<void>;
    abort(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** A `Writable` of Node: a file's, a socket's, a response's. */
export interface NodeWritable {
  write(chunk: Uint8Array, done: (error?: Error | null) => void): boolean;
  end(done: () => void): unknown;
  destroy(error?: Error): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** What takes its bytes later: with these a function returns a promise. */
export type LateSink = WritableBytes | NodeWritable;

/** Whether a value takes its bytes later, in promises. */
export function isLateSink(value: unknown): value is LateSink {
  return isWeb(value) || isNode(value);
}

// A revoked proxy can do nothing.
const can = (value: unknown, name: string): boolean =>
  typeof value === "object" && attempt(() => typeof (value as Record<string, unknown>)[name] === "function") === true;

const isWeb = (value: unknown): value is WritableBytes => can(value, "getWriter"),
  isNode = (value: unknown): value is NodeWritable => can(value, "write") && can(value, "end") && can(value, "on");

/** Writes all pieces, then finishes. */
export function drain(pieces: Iterable<Uint8Array>, sink: Sink): void {
  using _ = sink;
  for (const piece of pieces) sink.write(piece);
  sink.finish();
}

/** Bytes of JavaScript's own, that are collected: at once in one buffer if their number is known. */
export class ByteSink implements Sink {
  readonly #chunks: Uint8Array[] = [];
  readonly #whole: Uint8Array<ArrayBuffer> | null;
  #at = 0;
  constructor(size?: number) {
    this.#whole = size === undefined ? null : new Uint8Array(size);
  }

  write(bytes: Uint8Array): void {
    if (this.#whole === null) this.#chunks.push(bytes.slice());
    else this.#whole.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  finish(): void {}

  /** All that was written. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#whole ?? joined(this.#chunks);
  }

  [Symbol.dispose](): void {}
}

/** Opens a path to be written. Errors: a `FileError` for one that cannot be, a `DTypeError` for what is no path. */
export function openSink(value: unknown, op: string): Sink {
  const path = pathOf(value);
  if (path === null) throw noSink(value, op);
  return new FileSink(fileSystem(path), path);
}

/** Why a value is no place to write to. */
export function noSink(value: unknown, op: string): DTypeError {
  refuseStranger(value);
  return new DTypeError(
    `${op} writes to a path or a stream (a WritableStream, a Writable of Node), not ${shown(value)}`,
  );
}

// What is being written, to be removed if the process ends.
const unfinished = new Set<FileSink>();
let names = 0;

interface Ending {
  once?(event: "exit", listener: () => void): unknown;
  off?(event: "exit", listener: () => void): unknown;
}

/**
 * Gives up every file that is not finished: its temporary file is removed, and what had its name before stays. Done when
 * the process exits; for who ends it by a signal (Ctrl-C) to call.
 */
export function abandonFiles(): void {
  for (const sink of [...unfinished]) attempt(() => sink[Symbol.dispose]());
}

function watchEnd(): void {
  const process = globals.process as Ending | undefined; // Node, Deno and Bun have events on it
  attempt(() => (unfinished.size > 0 ? process?.once?.("exit", abandonFiles) : process?.off?.("exit", abandonFiles)));
}

/** A file under a temporary name beside its own, which it takes when it is finished. A pipe or a device is written as it is. */
class FileSink implements Sink {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #temporary: string | null;
  #file: number;
  constructor(fs: FileSystem, path: string) {
    this.#fs = fs;
    // A link stays, and what it leads to is written.
    this.#path = attempt(() => fs.realpathSync(path)) ?? path;
    const was = onFile(path, () => fs.statSync(path, { throwIfNoEntry: false }));
    this.#temporary =
      was !== undefined && !was.isFile() ? null : `${this.#path}.${globals.process?.pid ?? 0}-${++names}.tmp`;
    this.#file = onFile(path, () =>
      this.#temporary === null ? fs.openSync(path, "w") : fs.openSync(this.#temporary, "wx", was?.mode ?? 0o666),
    );
    unfinished.add(this);
    if (unfinished.size === 1) watchEnd();
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const most = Math.min(bytes.length - done, 2 ** 30);
      done += onFile(this.#path, () => this.#fs.writeSync(this.#file, bytes, done, most, null));
    }
  }

  finish(): void {
    onFile(this.#path, () => {
      const file = this.#file;
      this.#file = -1;
      this.#fs.closeSync(file);
      if (this.#temporary !== null) this.#fs.renameSync(this.#temporary, this.#path);
      this.#forget();
    });
  }

  #forget(): void {
    if (unfinished.delete(this) && unfinished.size === 0) watchEnd();
  }

  [Symbol.dispose](): void {
    if (!unfinished.has(this)) return;
    this.#forget();
    if (this.#file >= 0) attempt(() => this.#fs.closeSync(this.#file));
    if (this.#temporary !== null) attempt(() => this.#fs.unlinkSync(this.#temporary!));
  }
}

/** Writes all pieces to a stream, copied in chunks of at most `CHUNK`, each after the one before is taken; then ends it. */
export async function drainLate(pieces: Iterable<Uint8Array>, to: LateSink, op: string): Promise<void> {
  const writer = isWeb(to) ? webWriter(to, op) : nodeWriter(to);
  try {
    for (const piece of pieces) {
      // Pieces in engine memory are no longer than a chunk: it may move while one is waited for.
      for (let at = 0; at < piece.length; at += CHUNK) await writer.write(piece.slice(at, at + CHUNK));
    }
    await writer.close();
  } catch (error) {
    writer.abort(error);
    throw error;
  }
}

interface LateWriter {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
  abort(error: unknown): void;
}

function webWriter(to: WritableBytes, op: string): LateWriter {
  const writer = attempt(() => to.getWriter());
  if (writer === undefined)
    throw new ValueError(`${op} cannot write to this stream: it is locked, for another writes to it`);
  return {
    write: (chunk) => writer.write(chunk),
    async close() {
      await writer.close();
      writer.releaseLock();
    },
    // It fails where the stream has failed already.
    abort: (error) =>
      void writer.abort(error).then(
        () => writer.releaseLock(),
        () => {},
      ),
  };
}

function nodeWriter(to: NodeWritable): LateWriter {
  let failed: ((error: Error) => void) | undefined;
  // Each step fails with the stream, whenever it says so.
  const step = (act: (done: (error?: Error | null) => void) => unknown): Promise<void> =>
    new Promise((resolve, reject) => {
      failed = reject;
      act((error) => (error ? reject(error) : resolve()));
    });
  to.on("error", (error) => failed?.(error));
  return {
    write: (chunk) => step((done) => to.write(chunk, done)),
    close: () => step((done) => to.end(done)),
    abort: (error) => void to.destroy(error instanceof Error ? error : undefined),
  };
}
