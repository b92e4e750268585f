import { FileError, ReadOnlyError, ValueError } from "../base/errors.js";
import { attempt } from "../base/host.js";
import { shown } from "../base/shown.js";
import { type FileSystem, fileSystem, onFile } from "../files/fileSystem.js";
import { type BlobLike, noSource, type PathLike, pathOf } from "../files/source.js";

// A file that is read and written at any place: one of the host's, or one of a browser's origin-private file system; and a
// Blob, which is read.

/** How a mapped file is opened, as in NumPy: to read, to read and write, anew, or to write into memory only. */
export type MapMode = "r" | "r+" | "w+" | "c";

/** What `FileSystemFileHandle.createSyncAccessHandle()` gives a worker of a browser. */
export interface SyncAccessHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  getSize(): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** What can be mapped. */
export type Mappable = PathLike | SyncAccessHandle | BlobLike;

/** An open file. */
export interface Handle {
  /** What errors call it. */
  readonly name: string;
  readonly size: number;
  /** Reads the bytes from `at` on; what lies behind the end is zeros. */
  read(at: number, into: Uint8Array): void;
  write(at: number, bytes: Uint8Array): void;
  resize(size: number): void;
  /** Waits until what was written is on the disk. */
  sync(): void;
  close(): void;
}

interface Files extends FileSystem {
  ftruncateSync(file: number, size: number): void;
  fsyncSync(file: number): void;
}

const FLAGS = { r: "r", "r+": "r+", "w+": "w+", c: "r" } as const;

/** Opens what can be mapped. Errors: a `FileError`, or a `DTypeError` for what is neither path nor handle. */
export function openHandle(value: unknown, mode: MapMode, op: string): Handle {
  if (isAccess(value)) return new OriginPrivate(value);
  if (isBlob(value)) return new BlobFile(value, mode);
  const path = pathOf(value);
  if (path === null) throw noSource(value, op, "a file to map");
  return new HostFile(path, mode);
}

function isAccess(value: unknown): value is SyncAccessHandle {
  if (typeof value !== "object" || value === null) return false;
  // Asked of whatever it is; a proxy may refuse.
  const asked = attempt(() => (["read", "write", "getSize"] as const).map((name) => (value as SyncAccessHandle)[name]));
  return asked?.every((f) => typeof f === "function") === true;
}

// A Blob of another realm is one too.
function isBlob(value: unknown): value is BlobLike {
  if (typeof value !== "object" || value === null) return false;
  const asked = attempt(() => (["slice", "arrayBuffer"] as const).map((name) => (value as BlobLike)[name])),
    size = attempt(() => (value as BlobLike).size);
  return asked?.every((f) => typeof f === "function") === true && typeof size === "number";
}

class HostFile implements Handle {
  readonly name: string;
  readonly #path: string;
  readonly #fs: Files;
  readonly #file: number;

  constructor(path: string, mode: MapMode) {
    this.#path = path;
    this.name = shown(path);
    // The host's module has all of it; `Files` names what is used here.
    this.#fs = fileSystem(path) as Files;
    this.#file = onFile(path, () => this.#fs.openSync(path, FLAGS[mode]));
    if (onFile(path, () => this.#fs.fstatSync(this.#file)).isFile()) return;
    this.close();
    throw new FileError("EINVAL", path, "only a regular file can be mapped");
  }

  get size(): number {
    return onFile(this.#path, () => this.#fs.fstatSync(this.#file).size);
  }

  read(at: number, into: Uint8Array): void {
    for (let done = 0; done < into.length; ) {
      const n = onFile(this.#path, () =>
        this.#fs.readSync(this.#file, into, done, Math.min(into.length - done, 2 ** 30), at + done),
      );
      if (n === 0) return void into.fill(0, done);
      done += n;
    }
  }

  write(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; )
      done += onFile(this.#path, () =>
        this.#fs.writeSync(this.#file, bytes, done, Math.min(bytes.length - done, 2 ** 30), at + done),
      );
  }

  resize(size: number): void {
    onFile(this.#path, () => this.#fs.ftruncateSync(this.#file, size));
  }

  sync(): void {
    onFile(this.#path, () => this.#fs.fsyncSync(this.#file));
  }

  close(): void {
    onFile(this.#path, () => this.#fs.closeSync(this.#file));
  }
}

class OriginPrivate implements Handle {
  readonly name = "this file";
  readonly #access: SyncAccessHandle;
  constructor(access: SyncAccessHandle) {
    this.#access = access;
  }

  get size(): number {
    return this.#access.getSize();
  }

  read(at: number, into: Uint8Array): void {
    const n = this.#access.read(into, { at });
    if (n < into.length) into.fill(0, n);
  }

  write(at: number, bytes: Uint8Array): void {
    const n = this.#access.write(bytes, { at });
    if (n < bytes.length) throw new ValueError(`only ${n} of ${bytes.length} bytes could be written to ${this.name}`);
  }

  resize(size: number): void {
    this.#access.truncate(size);
  }

  sync(): void {
    this.#access.flush();
  }

  close(): void {
    this.#access.close();
  }
}

interface Readers {
  readonly FileReaderSync?: new () => { readAsArrayBuffer(blob: unknown): ArrayBuffer };
  readonly XMLHttpRequest?: new () => {
    open(method: "GET", url: string, later: false): void;
    overrideMimeType(type: string): void;
    send(): void;
    readonly responseText: string;
  };
  readonly URL?: { createObjectURL?(blob: unknown): string; revokeObjectURL?(url: string): void };
}

/** A Blob or a File of a browser. */
class BlobFile implements Handle {
  readonly name = "this Blob";
  readonly #blob: BlobLike;
  readonly #bytesOf: (part: unknown) => Uint8Array;

  constructor(blob: BlobLike, mode: MapMode) {
    this.#blob = blob;
    if (mode !== "r" && mode !== "c")
      throw new ReadOnlyError('a Blob is read-only: map it with { mode: "r" }, or "c" to write into memory only');
    this.#bytesOf = readerOfBlobs();
  }

  get size(): number {
    return this.#blob.size;
  }

  read(at: number, into: Uint8Array): void {
    const bytes = this.#bytesOf(this.#blob.slice(at, at + into.length));
    into.set(bytes);
    into.fill(0, bytes.length);
  }

  // Modes that write were refused.
  write(): void {}
  resize(): void {}
  sync(): void {}
  close(): void {}
}

// A worker reads Blobs at once; a page by a request that is waited for, whose text has a byte in each character.
function readerOfBlobs(): (part: unknown) => Uint8Array {
  const { FileReaderSync, XMLHttpRequest, URL } = globalThis as Readers; // each is asked for before it is used
  if (FileReaderSync !== undefined) {
    const reader = new FileReaderSync();
    return (part) => new Uint8Array(reader.readAsArrayBuffer(part));
  }
  if (XMLHttpRequest === undefined || URL?.createObjectURL === undefined)
    throw new FileError("ENOSYS", "this Blob", "this host gives no Blob's bytes at once: map the file by its path");
  return (part) => {
    const url = URL.createObjectURL!(part),
      request = new XMLHttpRequest();
    try {
      request.open("GET", url, false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      return Uint8Array.from(request.responseText, (c) => c.charCodeAt(0) & 255);
    } finally {
      URL.revokeObjectURL?.(url);
    }
  };
}
