import { existsSync } from "node:fs";
import { basename } from "node:path";
import type * as Node from "../../node.js";
import { type Format, onlyArray, refuse } from "./format.js";

/** Directories of chunks. */
export const zarr: Format = {
  endings: [".zarr"],
  read: async ({ file }, rows) => {
    const z = await (await library()).openZarr(file);
    if (rows === undefined || z.ndim === 0) return { array: await z.read() };
    return { array: await z.read(`0:${rows}`), shape: z.shape };
  },
  facts: async ({ file, path }) => {
    const { dtype, shape, nbytes, order, chunks, compressor } = await (await library()).openZarr(file),
      packed = compressor === null ? "" : `, ${compressor.id}`;
    return [
      { name: basename(path), dtype, shape, order, bytes: nbytes, stored: `chunks [${chunks.join(", ")}]${packed}` },
    ];
  },
  write: async ({ file, path, target }, content) => {
    if (existsSync(target)) refuse(path, "it is there already, and a directory is not replaced");
    await (await library()).saveZarr(onlyArray(content, path, "a Zarr directory"), file);
  },
};

const library = (): Promise<typeof Node> => import("../../node.js");
