// nbytes/node: arrays whose elements stay in files. The paths are those of Node, Deno and Bun; a browser gives Blobs, handles of
// its origin-private file system, and stores of its own.
import "./whole.js";

export type { MapMode, Mappable, SyncAccessHandle } from "./mapped/handle.js";
export { type LoadOptions, load } from "./mapped/load.js";
export type { MappedArray } from "./mapped/mappedArray.js";
export { type MemmapOptions, openMemmap } from "./mapped/openMemmap.js";
export type { Compressor } from "./zarr/codec.js";
export type { ZarrStore } from "./zarr/store.js";
export {
  type CreateZarrOptions,
  createZarr,
  type OpenZarrOptions,
  openZarr,
  type SaveZarrOptions,
  saveZarr,
} from "./zarr/zarr.js";
export type { ZarrArray } from "./zarr/zarrArray.js";
