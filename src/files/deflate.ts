import { deflateSync } from "fflate";
import { builtin } from "../base/host.js";
import { joined } from "./source.js";

// Deflated bytes: by Node's zlib where it is, as a stream; else by fflate, which is given all at once. Its streams make bytes
// that do not inflate (0.8.3: 300,000 random bytes of 0 to 3, pushed as one), which its function for all at once never did.

/** Takes the next bytes, and gives what is made of them so far; null says that there are no more. */
export type Deflater = (bytes: Uint8Array | null) => readonly Uint8Array[];

interface Zlib {
  deflateRawSync?(bytes: Uint8Array, options: object): Uint8Array;
  readonly constants: { readonly Z_SYNC_FLUSH: number; readonly Z_FINISH: number };
}

const WINDOW = 32768,
  LEVEL = 6,
  NONE = new Uint8Array(0);

/** A deflater; the level is zlib's own, 6, as NumPy's, if none is given. */
export function deflater(level = LEVEL): Deflater {
  const zlib = builtin<Zlib>("node:zlib");
  return zlib?.deflateRawSync === undefined ? byLibrary(level) : byZlib(zlib, level);
}

// Each piece for itself, ended at a whole byte, with what came before it as the dictionary: so pigz makes one stream of many.
function byZlib({ deflateRawSync, constants }: Zlib, level: number): Deflater {
  const { Z_SYNC_FLUSH, Z_FINISH } = constants;
  let before: Uint8Array = NONE;
  return (bytes) => {
    const dictionary = before.length > 0 ? { dictionary: before } : {};
    if (bytes === null) return [deflateRawSync!(NONE, { level, finishFlush: Z_FINISH })];
    const made = deflateRawSync!(bytes, { level, finishFlush: Z_SYNC_FLUSH, ...dictionary });
    before = bytes.slice(-WINDOW);
    return [made];
  };
}

/** A deflater by fflate: it collects what it is to deflate. */
export function byLibrary(level = LEVEL): Deflater {
  const collected: Uint8Array[] = [];
  return (bytes) => {
    if (bytes === null) return [deflateSync(joined(collected), { level: level as 6 })];
    collected.push(bytes.slice());
    return [];
  };
}
