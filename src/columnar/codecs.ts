import { ValueError } from "../base/errors.js";
import { builtin } from "../base/host.js";
import { shown } from "../base/shown.js";
import { imported } from "./packages.js";

import { unsnappy } from "./snappy.js";

/** Gives bytes as they were before they were compressed, `size` of them. */
export type Unpack = (input: Uint8Array, size: number) => Uint8Array;

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** The part of `node:zlib` that unpacks; Zstandard is there from Node 22.15 on. */
interface Zlib {
  readonly gunzipSync?: Inflate;
  readonly brotliDecompressSync?: Inflate;
  readonly zstdDecompressSync?: Inflate;
}

const HOSTS = {
  GZIP: "gunzipSync",
  BROTLI: "brotliDecompressSync",
  ZSTD: "zstdDecompressSync",
} as const satisfies Readonly<Record<string, keyof Zlib>>;

const OTHERS = new Set(["GZIP", "BROTLI", "ZSTD", "LZ4", "LZ4_RAW"]);

/**
 * What unpacks the pages of a codec: Snappy's are unpacked here, others by the host (Node), or by the package
 * hyparquet-compressors. Errors: an `ImportError` without it; a `ValueError` for a codec that nobody knows.
 */
export async function unpackerOf(codec: string, op: string): Promise<Unpack> {
  if (codec === "UNCOMPRESSED") return (input) => input;
  if (codec === "SNAPPY") return unsnappy;
  if (!OTHERS.has(codec)) throw new ValueError(`${op} knows no compression of the name ${shown(codec)}`);
  const host = HOSTS[codec as keyof typeof HOSTS] as keyof Zlib | undefined, // LZ4 is not among them
    inflate = host === undefined ? undefined : builtin<Zlib>("node:zlib")?.[host];
  if (typeof inflate === "function")
    return (input, size) => (size === 0 ? new Uint8Array(0) : inflate(input, { maxOutputLength: size }));
  const { compressors } = await imported(
    `${op} of data in ${codec}`,
    "hyparquet-compressors",
    () => import("hyparquet-compressors"),
  );
  const unpack = compressors[codec as "ZSTD"]; // one of the names above, which the package has
  if (unpack === undefined) throw new ValueError(`${op}: hyparquet-compressors does not know ${codec}`);
  return unpack;
}
