import { blobOf } from "../array/lists.js";
import { refuseStranger } from "../array/ndarray.js";
import { DTypeError, FileError, ValueError } from "../base/errors.js";
import { attempt, builtin, utf8Of } from "../base/host.js";
import { shown } from "../base/shown.js";
import { type FileSystem, fileError, fileSystem, onFile } from "./fileSystem.js";

// Where bytes come from. A path and bytes are read at once, at any place, straight to where they are wanted: `openSource`.
// All sources, Blobs, responses and streams too, give their bytes in pieces, one after the other: `chunksOf`.

/** Bytes as files, sockets and requests give them. */
export type BytesLike = ArrayBufferLike | ArrayBufferView;

/** A file's name, or a URL of the scheme `file:`. */
export type PathLike = string | { readonly href: string; readonly protocol: string };

/** A `Blob`, a `File`. */
export interface BlobLike {
  readonly size: number;
  slice(start?: number, end?: number): { arrayBuffer(): Promise<ArrayBuffer> };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A `ReadableStream` of bytes. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
    cancel(reason?: unknown): Promise<unknown>;
    releaseLock(): void;
  };
}

/** A `Response`, as `fetch` gives it. */
export interface ResponseLike {
  readonly ok: boolean;
  readonly status: number;
  readonly body: ByteStream | null;
}

/** What gives its bytes later: with these a function returns a promise. Streams of Node are iterables of bytes. */
export type LateSource = BlobLike | ResponseLike | ByteStream | AsyncIterable<BytesLike>;

/** The most bytes that are held of a source at a time. */
export const CHUNK = 65536;

/** Bytes that can be read at once, at any place. */
export interface Source {
  /** What errors call it: `'x.npy'`, `these bytes`. */
  readonly name: string;
  readonly size: number;
  /** Reads the bytes from `at` on into `into`, and says how many: fewer than it takes only where the source ends. */
  read(at: number, into: Uint8Array): number;
  /** Gives the source up: a file is closed. */
  [Symbol.dispose](): void;
}

/** What gives bytes one after the other: fills `into`, and says with how many; fewer only at the end. */
export type Pull = (into: Uint8Array) => number;

/** The bytes of a source from `at` on, as many as `size`, one after the other. */
export function pullOf(source: Source, at = 0, size = source.size - at): Pull {
  let done = 0;
  return (into) => {
    const n = source.read(at + done, into.subarray(0, size - done));
    done += n;
    return n;
  };
}

/** The name of the file that a value stands for; null if it is no path. Errors: a URL of another scheme. */
export function pathOf(value: unknown): string | null {
  const url = typeof value === "object" && value !== null ? attempt(() => value as { href?: unknown }) : undefined;
  const text = typeof value === "string" ? value : attempt(() => url?.href);
  if (typeof text !== "string") return null;
  if (/^(https?|blob|data):/i.test(text))
    throw new FileError("EPROTO", text, "a URL is no file: pass the response, await fetch(url)");
  if (typeof value === "string") return value;
  const { fileURLToPath } = builtin<{ fileURLToPath?(url: string): string }>("node:url") ?? {};
  if (fileURLToPath === undefined) throw new FileError("ENOSYS", text, "this host has no files");
  return onFile(text, () => fileURLToPath(text));
}

/** Whether a value gives its bytes later, in promises. */
export function isLate(value: unknown): value is LateSource {
  return lateKind(value) !== null;
}

type Kind = "blob" | "response" | "stream" | "iterable";

// By what it can do: a Blob of another realm, or of a package, is one too.
function lateKind(value: unknown): Kind | null {
  if (typeof value !== "object" || value === null) return null;
  const has = (name: PropertyKey): boolean =>
    attempt(() => typeof (value as Record<PropertyKey, unknown>)[name] === "function") ?? false;
  if (has("getReader")) return "stream";
  if (has("arrayBuffer") && has("slice")) return "blob";
  if (has("arrayBuffer") && "body" in value && "status" in value) return "response";
  return has(Symbol.asyncIterator) ? "iterable" : null;
}

/**
 * A path or bytes, opened to be read: `using source = openSource(…)`. `op` is the function that was called, `what` the
 * file that it reads, for the errors: a `FileError` for a path, a `DTypeError` for what is no source.
 */
export function openSource(value: unknown, op: string, what: string): Source {
  const blob = blobOf(value);
  if (blob !== null) return new ByteSource(blob, "these bytes");
  const path = pathOf(value);
  if (path === null) throw noSource(value, op, what);
  const fs = fileSystem(path),
    file = onFile(path, () => fs.openSync(path, "r"));
  const source = new FileSource(fs, file, path);
  return source.seekable ? source : source.whole();
}

/** Why a value is no source. */
export function noSource(value: unknown, op: string, what: string): DTypeError {
  refuseStranger(value);
  return new DTypeError(
    `${op} takes ${what}: a path, its bytes (a Uint8Array, an ArrayBuffer), a Blob, a Response or a stream of them, not ${shown(value)}`,
  );
}

class ByteSource implements Source {
  readonly #blob: { bytes(): Uint8Array };
  readonly size: number;
  constructor(
    blob: { bytes(): Uint8Array },
    readonly name: string,
  ) {
    this.#blob = blob;
    this.size = blob.bytes().length;
  }

  read(at: number, into: Uint8Array): number {
    // Asked for at each read: bytes in engine memory may have moved.
    const bytes = this.#blob.bytes().subarray(at, at + into.length);
    into.set(bytes);
    return bytes.length;
  }

  [Symbol.dispose](): void {}
}

/** Bytes that were collected elsewhere, as a source. */
export function sourceOf(bytes: Uint8Array, name: string): Source {
  return new ByteSource({ bytes: () => bytes }, name);
}

class FileSource implements Source {
  readonly #fs: FileSystem;
  readonly #file: number;
  readonly #path: string;
  readonly name: string;
  readonly size: number;
  /** A pipe or a terminal is read once, from its beginning. */
  readonly seekable: boolean;
  constructor(fs: FileSystem, file: number, path: string) {
    this.#fs = fs;
    this.#file = file;
    this.#path = path;
    this.name = shown(path);
    const stats = fs.fstatSync(file);
    this.size = stats.size;
    // What Linux shows below /proc has no size either.
    this.seekable = stats.isFile() && stats.size > 0;
  }

  read(at: number, into: Uint8Array): number {
    let done = 0;
    while (done < into.length) {
      const n = this.#some(into, done, at + done);
      if (n === 0) break;
      done += n;
    }
    return done;
  }

  // The system reads less than 2 GiB at a time.
  #some(into: Uint8Array, offset: number, position: number | null): number {
    const most = Math.min(into.length - offset, 2 ** 30);
    return onFile(this.#path, () => this.#fs.readSync(this.#file, into, offset, most, position));
  }

  /** What cannot be read at any place, collected. */
  whole(): Source {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const chunk = new Uint8Array(CHUNK),
        n = this.#some(chunk, 0, null);
      if (n === 0) return sourceOf(joined(chunks), this.name);
      chunks.push(chunk.subarray(0, n));
    }
  }

  /** The next bytes, for who reads one after the other; 0 at the end. */
  next(into: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#fs.read(this.#file, into, 0, into.length, null, (error, n) =>
        error === null ? resolve(n) : reject(fileError(error, this.#path)),
      ),
    );
  }

  [Symbol.dispose](): void {
    this.#fs.closeSync(this.#file);
  }
}

/** Pieces as one run of bytes. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/**
 * The bytes of any source in pieces of at most `CHUNK`, one after the other. A piece is good until the next is asked for.
 * `text`: pieces of a stream may be strings, which stand for their UTF-8. Who stops early ends the source too.
 */
export async function* chunksOf(
  value: unknown,
  op: string,
  what: string,
  text = false,
): AsyncGenerator<Uint8Array, void, void> {
  const blob = blobOf(value),
    kind = blob === null ? lateKind(value) : null;
  if (blob !== null) yield* pieces(blob.bytes());
  else if (kind === "stream") yield* ofStream(value as ByteStream, op, text);
  else if (kind === "response") yield* ofResponse(value as ResponseLike, op, text);
  else if (kind === "blob") yield* ofBlob(value as BlobLike);
  else if (kind === "iterable")
    for await (const piece of value as AsyncIterable<unknown>) yield* pieces(bytesIn(piece, op, text));
  else yield* ofFile(value, op, what);
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

/** The UTF-8 of a text in pieces of at most `CHUNK` bytes; no character is cut. */
export function* textChunks(text: string): Generator<Uint8Array, void, void> {
  const most = Math.floor(CHUNK / 3);
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + most, text.length);
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1])) end--;
    yield utf8Of(text.slice(at, end));
    at = end;
  }
}

function bytesIn(piece: unknown, op: string, text: boolean): Uint8Array {
  if (text && typeof piece === "string") return utf8Of(piece);
  const blob = blobOf(piece);
  if (blob !== null) return blob.bytes();
  throw new DTypeError(`${op} reads streams of bytes (of Uint8Arrays); a piece of this one is ${shown(piece)}`);
}

async function* ofFile(value: unknown, op: string, what: string): AsyncGenerator<Uint8Array, void, void> {
  const path = pathOf(value);
  if (path === null) throw noSource(value, op, what);
  const fs = fileSystem(path),
    file = onFile(path, () => fs.openSync(path, "r"));
  using source = new FileSource(fs, file, path);
  const chunk = new Uint8Array(CHUNK);
  for (let n = await source.next(chunk); n > 0; n = await source.next(chunk)) yield chunk.subarray(0, n);
}

async function* ofBlob(blob: BlobLike): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < blob.size; at += CHUNK) yield new Uint8Array(await blob.slice(at, at + CHUNK).arrayBuffer());
}

async function* ofResponse(response: ResponseLike, op: string, text: boolean): AsyncGenerator<Uint8Array, void, void> {
  if (!response.ok) throw new ValueError(`${op} was given a response of status ${response.status}: it has no file`);
  if (response.body !== null) yield* ofStream(response.body, op, text);
}

async function* ofStream(stream: ByteStream, op: string, text: boolean): AsyncGenerator<Uint8Array, void, void> {
  using reader = new Reader(stream, op);
  for (let piece = await reader.next(); piece !== undefined; piece = await reader.next())
    yield* pieces(bytesIn(piece, op, text));
}

// A stream that is read, and given up with the block: cancelled, unless it was read to its end.
class Reader {
  readonly #reader: ReturnType<ByteStream["getReader"]>;
  #ended = false;
  constructor(stream: ByteStream, op: string) {
    const reader = attempt(() => stream.getReader());
    if (reader === undefined)
      throw new ValueError(`${op} cannot read this stream: it is locked, for another reads it or has read it`);
    this.#reader = reader;
  }

  async next(): Promise<unknown> {
    const { done, value } = await this.#reader.read();
    this.#ended = done;
    return done ? undefined : value;
  }

  [Symbol.dispose](): void {
    // Nobody waits for the end of what is given up.
    if (!this.#ended) this.#reader.cancel().catch(() => {});
    this.#reader.releaseLock();
  }
}
