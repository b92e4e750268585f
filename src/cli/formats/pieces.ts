import { closeSync, openSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { plain } from "../../base/plain.js";
import type * as np from "../../index.js";
import { Progress } from "../frame/progress.js";
import type { Place } from "./format.js";

// Files as the package takes what is no path: piece by piece, so that progress is told and Ctrl-C is heard.

/** Reads a file as a Blob. */
export async function watched<T>({ file, path, io }: Place, load: (file: np.BlobLike) => Promise<T>): Promise<T> {
  const handle = await open(file),
    { size } = await handle.stat(),
    progress = new Progress(io, plain(path), size);
  const piece = async (from: number, to: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, to - from)),
      { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    await progress.at(to);
    return bytes.buffer.slice(0, bytesRead);
  };
  try {
    return await load({
      size,
      slice: (from = 0, to = size) => ({ arrayBuffer: () => piece(from, Math.min(to, size)) }),
      arrayBuffer: () => piece(0, size),
    });
  } finally {
    progress.end();
    await handle.close();
  }
}

/** Writes a file as a stream; `total` bytes, or 0 if nobody knows. */
export async function written(
  { file, path, io }: Place,
  total: number,
  save: (file: np.NodeWritable) => Promise<void>,
): Promise<void> {
  const out = openSync(file, "w"),
    progress = new Progress(io, plain(path), total);
  let done = 0;
  try {
    await save({
      write(piece, next) {
        writeFileSync(out, piece);
        done += piece.length;
        void progress.at(done).then(() => next());
        return true;
      },
      end: (next) => next(),
      destroy: () => {},
      on: () => {},
    });
  } finally {
    progress.end();
    closeSync(out);
  }
}
