import { blobOf } from "../array/lists.js";
import { ValueError } from "../base/errors.js";
import {
  type BlobLike,
  type BytesLike,
  chunksOf,
  isLate,
  joined,
  type LateSource,
  openSource,
  type PathLike,
  type Source,
  sourceOf,
} from "../files/source.js";

// Files that are read at any place: a path and a Blob give the ranges that are asked for, so that JavaScript's heap holds
// no more than these. What gives its bytes one after the other (a response, a stream) is collected first.

/** What `readParquet` and `readArrow` read. */
export type TableSource = PathLike | BytesLike | LateSource;

/** A file of which ranges are read. */
export interface Ranges {
  /** What errors call it: `'x.parquet'`, `these bytes`. */
  readonly name: string;
  readonly size: number;
  /** The bytes from `start` to `end`, all of them. Errors: a `ValueError` where the file ends before. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  [Symbol.dispose](): void;
}

/** Opens a source. `op` is the function that was called, `what` the file that it reads, for the errors. */
export async function openRanges(value: TableSource, op: string, what: string): Promise<Ranges> {
  if (blobOf(value) !== null || !isLate(value)) return new SourceRanges(openSource(value, op, what));
  if ("arrayBuffer" in value && "slice" in value) return new BlobRanges(value);
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(value, op, what)) chunks.push(chunk.slice());
  return new SourceRanges(sourceOf(joined(chunks), "these bytes"));
}

function cutShort({ name, size }: { name: string; size: number }, end: number): ValueError {
  return new ValueError(`${name} ends at byte ${size}, and byte ${end} is asked for: it is cut short, or damaged`);
}

class SourceRanges implements Ranges {
  readonly #source: Source;
  readonly name: string;
  readonly size: number;
  constructor(source: Source) {
    this.#source = source;
    this.name = source.name;
    this.size = source.size;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(start >= 0 && start <= end && end <= this.size)) throw cutShort(this, end);
    const bytes = new Uint8Array(end - start);
    if (this.#source.read(start, bytes) < bytes.length) throw cutShort(this, end);
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#source[Symbol.dispose]();
  }
}

class BlobRanges implements Ranges {
  readonly #blob: BlobLike;
  readonly name = "this Blob";
  readonly size: number;
  constructor(blob: BlobLike) {
    this.#blob = blob;
    this.size = blob.size;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!(start >= 0 && start <= end && end <= this.size)) throw cutShort(this, end);
    const bytes = new Uint8Array(await this.#blob.slice(start, end).arrayBuffer());
    if (bytes.length < end - start) throw cutShort(this, end);
    return bytes;
  }

  [Symbol.dispose](): void {}
}
