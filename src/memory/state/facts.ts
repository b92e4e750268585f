import { live, type NDArray } from "../../array/ndarray.js";
import { atMost } from "../../base/arity.js";
import type { DType } from "../../base/dtype.js";
import { liveBuffers } from "../../heap/allocate.js";
import type { Buffer } from "../../heap/buffer.js";
import { holderOf } from "../../heap/copyOnWrite.js";
import type { CopyReason } from "../../heap/reasons.js";
import { HEADER, spanOf } from "../common/blocks.js";
import { exactBytes } from "../common/text.js";
import { type Site, siteAt, siteText } from "../places/sites.js";

/** What is known of the memory behind an array. */
export interface BufferInfo {
  /** Counts allocations since the start. */
  readonly id: number;
  readonly address: number;
  /** Bytes asked for. */
  readonly nbytes: number;
  /** Bytes with the block's header and the rounding to 64. */
  readonly blockBytes: number;
  /** Arrays on it that were not disposed: the owner and its views. */
  readonly refcount: number;
  /** What keeps it: `array`, or the name of a pool or cache. */
  readonly owner: string;
  /** Operations that wrote into it. */
  readonly version: number;
  /** Operations that read it while a trace ran. */
  readonly reads: number;
  readonly op: string;
  readonly reason?: CopyReason;
  /** For a lazy copy that is not made yet: the `id` of the buffer whose memory it reads; it has no block of its own. */
  readonly borrowedFrom?: number;
  /** The line it was born on: known for 16 MiB and more, and while a trace runs. */
  readonly born?: Site;
}

/** Tells what is known of the memory behind an array. */
export function bufferOf(array: NDArray<DType>): BufferInfo {
  atMost(1, arguments.length, "memory.bufferOf(array)");
  live(array);
  return factsOf(array.buffer);
}

/** Tells what is known of all memory that arrays still reach, oldest first. */
export function buffers(): BufferInfo[] {
  atMost(0, arguments.length, "memory.buffers()");
  return liveBuffers().map(factsOf);
}

function factsOf(buffer: Buffer): BufferInfo {
  const { serial, pointer, nbytes, refcount, owner, version, reads, op, reason, site } = buffer,
    born = siteAt(site),
    holder = holderOf(buffer);
  return {
    id: serial,
    address: pointer,
    nbytes,
    blockBytes: holder === buffer ? spanOf(nbytes) : 0,
    refcount,
    owner,
    version,
    reads,
    op,
    ...(reason === null ? {} : { reason }),
    ...(holder === buffer ? {} : { borrowedFrom: holder.serial }),
    ...(born === undefined ? {} : { born }),
  };
}

/** All that can be told of one array: what it is, its layout, its buffer, who shares it, where it was born. */
export class Info {
  readonly buffer: BufferInfo;
  readonly #array: NDArray<DType>;

  /** @internal */
  constructor(array: NDArray<DType>) {
    this.buffer = bufferOf(array);
    this.#array = array;
  }

  toString(): string {
    const a = this.#array,
      b = this.buffer,
      { flags } = a,
      views = b.refcount - (a.buffer.owned ? 1 : 0);
    const kind = a.base === null ? `owner #${a.id}` : `view #${a.id} of #${a.base.id}`;
    const layout = flags.cContiguous ? "contiguous" : flags.fContiguous ? "contiguous by columns" : "not contiguous";
    const handles = `${b.refcount} handle${b.refcount === 1 ? "" : "s"} (${a.buffer.owned ? "1 owner" : "no owner"}, ${views} view${views === 1 ? "" : "s"})`;
    const site = siteText(a.buffer.site),
      why = b.reason === undefined ? "" : `, a copy: ${b.reason}`;
    const block =
      b.borrowedFrom === undefined
        ? `block of ${exactBytes(b.blockBytes)}, ${HEADER} of them header`
        : `no block yet: the memory of #${b.borrowedFrom} until either is written`;
    return [
      `${a.dtype} [${a.shape.join(", ")}]  ${kind}`,
      `  itemsize   ${a.itemsize} B    nbytes  ${exactBytes(a.nbytes)}    strides  [${a.strides.join(", ")}] B    offset  ${a.offset} B`,
      `  flags      ${a.base === null ? "owner" : "view"}, ${flags.writeable ? "writeable" : "read-only"}, ${flags.aligned ? "aligned" : "not aligned"}, ${layout}`,
      `  buffer     ${b.borrowedFrom === undefined ? `#${b.id}` : `of #${b.borrowedFrom},`} at 0x${b.address.toString(16).padStart(8, "0")}, ${exactBytes(b.nbytes)}, ${handles}`,
      `             ${b.version} write${b.version === 1 ? "" : "s"} since born; ${block}`,
      `  born       ${b.op}${site === "" ? "" : `  ${site}`}${why}`,
      ...(b.owner === "array" ? [] : [`  kept by    ${b.owner}`]),
    ].join("\n");
  }
}

/** Tells all about one array; print it with `String`. */
export function info(array: NDArray<DType>): Info {
  atMost(1, arguments.length, "memory.info(array)");
  return new Info(array);
}
