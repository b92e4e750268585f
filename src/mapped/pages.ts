import { dtypes } from "../base/dtype.js";
import { memory } from "../core/instance.js";
import { allocate, free } from "../heap/allocate.js";
import type { Buffer } from "../heap/buffer.js";
import { setOwner } from "../heap/listener.js";
import type { Handle } from "./handle.js";

// The part of a file that is in memory: pages, read when they are first asked for, the least recently used of which give
// way to others.
//
//      file    │ 0 │ 1 │ 2 │ 3 │ 4 │ …         read(at, address, n)    a page that is here is copied from; so is one of
//                ▲       ▲                                              which a part is wanted, once it was read;
//      pages   │ 0 │   │ 2*│   at most `limit`                          whole pages that are not here go straight by
//
// A page that was written (2*) goes to the file when it gives way, at `flush` and at the end.

/** Bytes of a page. */
export const PAGE = 65_536;

interface Page {
  readonly buffer: Buffer;
  written: boolean;
}

/** The pages of an open file. */
export class Pages {
  readonly #handle: Handle;
  readonly #most: number;
  /** Whether what is written stays in memory, and never reaches the file. */
  readonly #keeps: boolean;
  // In the order of their use: the first one gives way.
  readonly #pages = new Map<number, Page>();
  #read = 0;

  constructor(handle: Handle, limit: number, keeps: boolean) {
    this.#handle = handle;
    this.#most = Math.max(1, Math.floor(limit / PAGE));
    this.#keeps = keeps;
  }

  /** Bytes of the pages that are in memory. */
  get bytes(): number {
    return this.#pages.size * PAGE;
  }

  /** Bytes that were read of the file so far. */
  get read(): number {
    return this.#read;
  }

  /** Copies `n` bytes of the file, from the byte `at` on, to an address. */
  load(at: number, address: number, n: number): void {
    this.#each(
      at,
      n,
      (number, from, count, done) => {
        const page = this.#pages.get(number);
        if (page === undefined && count === PAGE) return false;
        const bytes = this.#bytes(number).subarray(from, from + count); // first: it may ask for memory
        bytesAt(address + done, count).set(bytes);
        return true;
      },
      (start, count, done) => this.#handle.read(start, this.#counted(address + done, count)),
    );
  }

  /** Copies `n` bytes from an address into the file, from the byte `at` on. */
  store(at: number, address: number, n: number): void {
    this.#each(
      at,
      n,
      (number, from, count, done) => {
        if (!this.#keeps && count === PAGE && !this.#pages.has(number)) return false;
        const bytes = this.#bytes(number, count < PAGE);
        bytes.set(bytesAt(address + done, count), from);
        this.#pages.get(number)!.written = true;
        return true;
      },
      (start, count, done) => this.#handle.write(start, bytesAt(address + done, count)),
    );
  }

  /** Writes what was written to the file, and waits for the disk. */
  flush(): void {
    if (this.#keeps) return;
    for (const [number, page] of this.#pages) this.#writeBack(number, page);
    this.#handle.sync();
  }

  /** Gives all pages back: call `flush` before. */
  close(): void {
    for (const { buffer } of this.#pages.values()) free(buffer, "cache");
    this.#pages.clear();
    this.#handle.close();
  }

  // Goes through the bytes page by page. `part` says whether it took a page's part itself; what it left is collected, and
  // goes to `whole` in runs of pages.
  #each(
    at: number,
    n: number,
    part: (number: number, from: number, count: number, done: number) => boolean,
    whole: (start: number, count: number, done: number) => void,
  ): void {
    let run = 0;
    for (let done = 0; done < n; ) {
      const from = (at + done) % PAGE,
        count = Math.min(PAGE - from, n - done);
      if (part((at + done - from) / PAGE, from, count, done)) {
        if (run > 0) whole(at + done - run, run, done - run);
        run = 0;
      } else run += count;
      done += count;
    }
    if (run > 0) whole(at + n - run, run, n - run);
  }

  // The bytes of a page, good until memory is asked for. Read of the file unless all of them are to be written.
  #bytes(number: number, wanted = true): Uint8Array {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { buffer: this.#room(), written: false };
      if (wanted) this.#fill(page.buffer, number);
    } else this.#pages.delete(number); // to come last
    this.#pages.set(number, page);
    return bytesAt(page.buffer.pointer, PAGE);
  }

  #fill(buffer: Buffer, number: number): void {
    try {
      this.#handle.read(number * PAGE, this.#counted(buffer.pointer, PAGE));
    } catch (error) {
      free(buffer, "cache");
      throw error;
    }
  }

  #counted(address: number, n: number): Uint8Array {
    this.#read += n;
    return bytesAt(address, n);
  }

  // Memory for one page more: that of the page that was not used for longest, or new one.
  #room(): Buffer {
    if (this.#pages.size >= this.#most) {
      for (const [number, page] of this.#pages) {
        if (this.#keeps && page.written) continue; // it is nowhere else
        this.#writeBack(number, page);
        this.#pages.delete(number);
        return page.buffer;
      }
    }
    const buffer = allocate(PAGE, "openMemmap", dtypes.uint8, [PAGE], null);
    setOwner(buffer, "memmap");
    return buffer;
  }

  #writeBack(number: number, page: Page): void {
    if (!page.written || this.#keeps) return;
    const at = number * PAGE;
    this.#handle.write(at, bytesAt(page.buffer.pointer, Math.min(PAGE, this.#handle.size - at)));
    page.written = false;
  }
}

function bytesAt(address: number, n: number): Uint8Array<ArrayBuffer> {
  // Linear memory is no SharedArrayBuffer.
  return new Uint8Array(memory.buffer as ArrayBuffer, address, n);
}
