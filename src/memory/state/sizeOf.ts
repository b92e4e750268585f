import { live, NDArray, refuseStranger } from "../../array/ndarray.js";
import { takes } from "../../array/options.js";
import type { DType } from "../../base/dtype.js";
import { plain } from "../../base/plain.js";
import { isReadable } from "../../base/shown.js";
import { formatBytes } from "../../base/units.js";
import { Buffer } from "../../heap/buffer.js";
import { holderOf } from "../../heap/copyOnWrite.js";
import { HEADER, spanOf } from "../common/blocks.js";
import { counted, exactBytes } from "../common/text.js";
import { containerText, hiddenIn, insideOf } from "../common/values.js";

/**
 * The bytes behind a value: of arrays in engine memory, and of typed arrays in JavaScript's. What JavaScript itself
 * takes for objects is the runtime's affair and cannot be known.
 */
export class SizeOf {
  /** Bytes of the buffers counted, each once. A view counts the whole buffer that it keeps alive. */
  payload = 0;
  /** Bytes of their headers, 16 for each buffer. */
  header = 0;
  /** Bytes lost to blocks of 64. */
  padding = 0;
  /** Bytes of the typed arrays and array buffers counted, in JavaScript's memory. */
  host = 0;
  /** Bytes of buffers that more than one array inside the value uses. */
  shared = 0;
  /** Engine bytes inside the value that were not counted, because `deep` was not asked for. */
  reachable = 0;
  /** What cannot be looked into, and how many such objects: `private fields of Model`. */
  readonly unseen: readonly string[];
  readonly #lines: string[] = [];

  /** @internal */
  constructor(value: unknown, deep: boolean) {
    const inside = new Walk();
    if (value instanceof NDArray) live(value);
    inside.visit("", value, 0);
    if (deep || value instanceof NDArray || isBytes(value)) {
      for (const nbytes of inside.buffers.values()) this.#count(nbytes);
      for (const nbytes of inside.hosts.values()) this.host += nbytes;
      for (const nbytes of inside.shared.values()) this.shared += nbytes;
    } else for (const nbytes of inside.buffers.values()) this.reachable += nbytes;
    this.unseen = [...inside.unseen].map(([what, count]) => (count > 1 ? `${what}, ${counted(count, "time")}` : what));
    this.#lines = inside.lines;
  }

  #count(nbytes: number): void {
    this.payload += nbytes;
    this.header += HEADER;
    this.padding += spanOf(nbytes) - HEADER - nbytes;
  }

  /** Payload, headers and padding. */
  get total(): number {
    return this.payload + this.header + this.padding;
  }

  /** What is inside, line by line; a buffer that was met before is marked and counted once. */
  tree(): string {
    return this.#lines.join("\n");
  }

  toString(): string {
    const head = `${formatBytes(this.payload)} in arrays, ${formatBytes(this.header + this.padding)} headers and rounding`;
    const host = this.host > 0 ? `, ${formatBytes(this.host)} in typed arrays` : "";
    const reachable = this.reachable > 0 ? `, + ${formatBytes(this.reachable)} reachable` : "",
      unseen = this.unseen.length > 0 ? `; not seen: ${this.unseen.join(", ")}` : "";
    return `${head}${host}${reachable}${unseen}`;
  }
}

const SIZE_OF = takes("memory.sizeOf(value)", { deep: "boolean" });

function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

class Walk {
  readonly lines: string[] = [];
  readonly buffers = new Map<number, number>();
  readonly shared = new Map<number, number>();
  readonly hosts = new Map<ArrayBufferLike, number>();
  readonly unseen = new Map<string, number>();
  readonly #seen = new Set<unknown>();

  visit(name: string, value: unknown, depth: number): void {
    const say = (text: string): void =>
      void this.lines.push(`${"  ".repeat(depth)}${plain(name === "" ? text : `${name}  ${text}`)}`);
    if (value instanceof NDArray) return say(this.#array(value));
    if (typeof value === "object" && value !== null && !isReadable(value)) return say("an object that cannot be read");
    if (ArrayBuffer.isView(value)) return say(this.#host(value.buffer, value.constructor.name, value.byteLength));
    if (value instanceof ArrayBuffer) return say(this.#host(value, "ArrayBuffer", value.byteLength));
    if (value instanceof Buffer) return say(this.#block(value));
    const members = insideOf(value);
    if (members === null)
      return say(typeof value === "string" ? `string of ${value.length}` : String(value).slice(0, 40));
    if (this.#seen.has(value)) return say("(a cycle, or met before)");
    this.#seen.add(value);
    const hidden = hiddenIn(value as object);
    if (hidden !== null) this.unseen.set(hidden, (this.unseen.get(hidden) ?? 0) + 1);
    say(containerText(value as object, members) + (hidden === null ? "" : `; ${hidden} cannot be seen`));
    for (const [key, member] of members) this.visit(key, member, depth + 1);
  }

  #array(a: NDArray<DType>): string {
    if (a.disposed) return `${a.dtype} [${a.shape.join(", ")}] #${a.id}: disposed`;
    const { serial, nbytes } = holderOf(a.buffer),
      before = this.buffers.has(serial) && !this.#seen.has(a);
    const again = this.buffers.has(serial) ? ", counted above" : "";
    if (before) this.shared.set(serial, nbytes);
    this.#seen.add(a);
    this.buffers.set(serial, nbytes);
    const kind = a.base === null ? "" : ` view of #${a.base.id},`;
    return `${a.dtype} [${a.shape.join(", ")}] #${a.id}:${kind} ${exactBytes(nbytes)} in buffer #${serial}${again}`;
  }

  // Memory that no array is on: a pool's.
  #block(buffer: Buffer): string {
    const { serial, nbytes, descr, shape } = buffer,
      again = this.buffers.has(serial) ? ", counted above" : "";
    this.buffers.set(serial, nbytes);
    return `${descr.name} [${shape.join(", ")}] ${exactBytes(nbytes)} in buffer #${serial}${again}`;
  }

  #host(buffer: ArrayBufferLike, name: string, nbytes: number): string {
    const again = this.hosts.has(buffer) ? ", counted above" : "";
    this.hosts.set(buffer, buffer.byteLength);
    return `${name}: ${exactBytes(nbytes)} in JavaScript's memory${again}`;
  }
}

/**
 * Tells the bytes behind a value. Of an array it counts the buffer; of anything else nothing, unless `deep` follows
 * arrays, objects, maps and sets down to their arrays. Each buffer counts once, views add nothing, cycles are safe.
 */
export function sizeOf(value: unknown, options?: { deep?: boolean }): SizeOf {
  const { deep = false } = SIZE_OF.read(options, arguments.length);
  refuseStranger(value);
  return new SizeOf(value, deep);
}
