import { utf8Of } from "../../base/host.js";
import { lineText } from "../places/fileNames.js";
import type { Site } from "../places/sites.js";

// The protocol buffer of pprof, https://github.com/google/pprof/blob/main/proto/profile.proto, uncompressed: pprof
// reads it as it is. A message is a row of fields, each a number, a wire type (0 number, 2 bytes) and a value.

class Message {
  readonly #bytes: number[] = [];

  /** An unsigned number, seven bits a byte. Bytes of memory pass 2³², so no bit operations. */
  #varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
  }

  number(field: number, value: number): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  bytes(field: number, value: Iterable<number>): this {
    const list = [...value];
    this.#varint(field * 8 + 2);
    this.#varint(list.length);
    for (const byte of list) this.#bytes.push(byte);
    return this;
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.#bytes);
  }

  packed(field: number, values: readonly number[]): this {
    const list = new Message();
    for (const value of values) list.#varint(value);
    return this.message(field, list);
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}

/** A table of distinct values, numbered from `first`. */
class Numbers<T> {
  readonly values: T[] = [];
  readonly #known = new Map<string, number>();

  constructor(readonly first: number) {}

  of(key: string, value: T): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.first + this.values.push(value) - 1;
    this.#known.set(key, number);
    return number;
  }
}

/** Allocations by stack as a pprof profile of `alloc_objects` and `alloc_space`. */
export function pprof(
  weights: readonly { readonly stack: readonly Site[]; readonly bytes: number; readonly count: number }[],
): Uint8Array<ArrayBuffer> {
  const strings = new Numbers<string>(0),
    places = new Numbers<Site>(1),
    functions = new Numbers<Site>(1);
  const text = (s: string): number => strings.of(s, s);
  text("");
  const type = (kind: string, unit: string): Message => new Message().number(1, text(kind)).number(2, text(unit));
  const profile = new Message().message(1, type("alloc_objects", "count")).message(1, type("alloc_space", "bytes"));
  for (const { stack, bytes, count } of weights) {
    // The innermost place comes first.
    const ids = [...stack].reverse().map((site) => places.of(`${site.file}:${lineText(site)}:${site.fn}`, site));
    profile.message(2, new Message().packed(1, ids).packed(2, [count, bytes]));
  }
  places.values.forEach((site, i) => {
    const line = new Message().number(1, functions.of(`${site.file}:${site.fn}`, site)).number(2, site.line);
    profile.message(4, new Message().number(1, i + 1).message(4, line));
  });
  functions.values.forEach(({ fn, file }, i) => {
    profile.message(
      5,
      new Message()
        .number(1, i + 1)
        .number(2, text(fn ?? "(no name)"))
        .number(4, text(file)),
    );
  });
  for (const value of strings.values) profile.bytes(6, utf8Of(value));
  return profile.toBytes();
}
