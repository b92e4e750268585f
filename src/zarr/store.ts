import { blobOf } from "../array/lists.js";
import { refuseStranger } from "../array/ndarray.js";
import { DTypeError, FileError, ValueError } from "../base/errors.js";
import { attempt } from "../base/host.js";
import { shown } from "../base/shown.js";
import { type FileSystem, fileSystem, onFile } from "../files/fileSystem.js";
import { drain, openSink } from "../files/sink.js";
import { joined, openSource, pathOf, type Source, sourceOf } from "../files/source.js";

// Where the files of a Zarr hierarchy are: in a directory of the host, or in whatever has a value for each key.

type Late<T> = T | Promise<T>;

/**
 * What holds bytes by key: `.zarray`, `0.0`, `group/array/0.1`. A `Map` is one; a browser makes one of its files, of a
 * database, or of `fetch`. What is only read needs `get` alone.
 */
export interface ZarrStore {
  /** The bytes of a key; nothing if it has none. */
  get(key: string): Late<Uint8Array | ArrayBuffer | null | undefined>;
  /** Takes bytes, which are the store's own from then on. */
  set?(key: string, bytes: Uint8Array<ArrayBuffer>): unknown;
  /** The keys that begin with a prefix. */
  list?(prefix: string): Late<Iterable<string>>;
  /** For a store without `list`: all keys. */
  keys?(): Iterable<string>;
  delete?(key: string): unknown;
}

/** A store as arrays use it. Bytes are read at any place, and written in pieces, each good until the next is asked for. */
export interface Hierarchy {
  /** What errors call it. */
  readonly name: string;
  read(key: string): Late<Source | null>;
  write(key: string, pieces: Iterable<Uint8Array>): Late<void>;
  list(prefix: string): Late<Iterable<string>>;
  remove(key: string): Late<void>;
}

/** What was given as a store. Errors: a `DTypeError` for what is none. */
export function hierarchyOf(value: unknown, op: string): Hierarchy {
  const path = pathOf(value);
  if (path === "") throw new FileError("ENOENT", path, "No such file or directory");
  if (path !== null) return new Directory(path);
  if (isStore(value)) return new Given(value);
  refuseStranger(value);
  throw new DTypeError(`${op} takes a directory's path, or a store: what has get(key), as a Map, not ${shown(value)}`);
}

// Asked of whatever it is; a proxy may refuse.
function isStore(value: unknown): value is ZarrStore {
  if (typeof value !== "object" || value === null) return false;
  return attempt(() => typeof (value as ZarrStore).get === "function") === true;
}

/**
 * The prefix of the keys of an array within a store: `a/b` → `a/b/`. Errors: a `ValueError` for a path that leads out of
 * the store.
 */
export function prefixOf(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  if (path.startsWith("/") || parts.some((part) => part === "." || part === ".." || /[\\\0]/.test(part)))
    throw new ValueError(`the path ${shown(path)} leads out of the store: write the names of groups, as 'group/array'`);
  return parts.map((part) => `${part}/`).join("");
}

interface Folders extends FileSystem {
  mkdirSync(path: string, options: { recursive: true }): unknown;
  readdirSync(path: string, options: { recursive: true }): string[];
}

/** A directory. A file is written under a temporary name, and is whole or not there. */
class Directory implements Hierarchy {
  readonly name: string;
  readonly #path: string;
  readonly #fs: Folders;

  constructor(path: string) {
    this.name = shown(path);
    this.#path = path.replace(/(?<=.)[/\\]+$/, "");
    // The host's module has all of it; `Folders` names what is used here.
    this.#fs = fileSystem(path) as Folders;
  }

  read(key: string): Source | null {
    const path = this.#at(key),
      stats = onFile(path, () => this.#fs.statSync(path, { throwIfNoEntry: false }));
    if (stats === undefined) return null;
    if (!stats.isFile()) throw new FileError("EISDIR", path, "Is no file");
    return openSource(path, "openZarr", "a Zarr array");
  }

  write(key: string, pieces: Iterable<Uint8Array>): void {
    const path = this.#at(key);
    onFile(path, () => this.#fs.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true }));
    drain(pieces, openSink(path, "write"));
  }

  list(prefix: string): string[] {
    const folder = this.#at(prefix);
    if (this.#fs.statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
    const names = onFile(folder, () => this.#fs.readdirSync(folder, { recursive: true }));
    return names.map((name) => prefix + name.replaceAll("\\", "/"));
  }

  remove(key: string): void {
    const path = this.#at(key);
    onFile(path, () => this.#fs.unlinkSync(path));
  }

  #at(key: string): string {
    return `${this.#path}/${key}`;
  }
}

/** A store that its user gave. */
class Given implements Hierarchy {
  readonly name = "this store";
  readonly #store: ZarrStore;
  constructor(store: ZarrStore) {
    this.#store = store;
  }

  async read(key: string): Promise<Source | null> {
    const found = await this.#store.get(key);
    if (found === null || found === undefined) return null;
    const blob = blobOf(found);
    if (blob === null) throw new DTypeError(`get(${shown(key)}) of ${this.name} gave no bytes, but ${shown(found)}`);
    return sourceOf(blob.bytes(), shown(key));
  }

  async write(key: string, pieces: Iterable<Uint8Array>): Promise<void> {
    if (this.#store.set === undefined) throw new ValueError(`${this.name} has no set(key, bytes): it is read-only`);
    const copies: Uint8Array[] = [];
    for (const piece of pieces) copies.push(piece.slice());
    await this.#store.set(key, joined(copies));
  }

  async list(prefix: string): Promise<Iterable<string>> {
    if (this.#store.list !== undefined) return this.#store.list(prefix);
    return [...(this.#store.keys?.() ?? [])].filter((key) => key.startsWith(prefix));
  }

  async remove(key: string): Promise<void> {
    if (this.#store.delete === undefined) throw new ValueError(`${this.name} has no delete(key)`);
    await this.#store.delete(key);
  }
}
