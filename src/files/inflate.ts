import type { Pull } from "./source.js";

// Deflate (RFC 1951), read as a stream: 32 KiB of window and 8 KiB of input, whatever the size of the data. Libraries and
// Node's zlib inflate at once into memory of their own only, or later, in promises; elements are wanted at once, where
// they lie, and a bomb is to end at the first byte too many.

const WINDOW = 32768,
  INPUT = 8192,
  FAST = 10,
  /** Bits of the longest code. */
  LONGEST = 15;

// biome-ignore format: a table
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
// biome-ignore format: a table
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
// biome-ignore format: a table
const DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
// biome-ignore format: a table
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical Huffman code: short codes by a table of their bits, long ones by counting. */
class Code {
  readonly counts = new Uint16Array(16);
  readonly symbols = new Uint16Array(288);
  readonly fast = new Uint16Array(1 << FAST);
  readonly #starts = new Uint16Array(17);
  readonly #codes = new Uint16Array(17);

  /** Takes the lengths of all codes; false if they are none: too many, or too few where there are several. */
  set(lengths: Uint8Array, orOne: boolean): boolean {
    const { counts, symbols, fast } = this,
      starts = this.#starts,
      codes = this.#codes;
    for (const list of [counts, fast, starts, codes]) list.fill(0);
    for (const length of lengths) counts[length]++;
    counts[0] = 0;
    let left = 1,
      used = 0;
    for (let n = 1; n < 16; n++) {
      left = left * 2 - counts[n];
      if (left < 0) return false;
      starts[n + 1] = starts[n] + counts[n];
      codes[n + 1] = (codes[n] + counts[n]) << 1;
      used += counts[n];
    }
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const n = lengths[symbol];
      if (n === 0) continue;
      symbols[starts[n]++] = symbol;
      const code = reversed(codes[n]++, n);
      if (n <= FAST) for (let i = code; i < fast.length; i += 1 << n) fast[i] = (symbol << 4) | n;
    }
    return left === 0 || (orOne && used === counts[1] && used < 2);
  }
}

function reversed(code: number, bits: number): number {
  let back = 0;
  for (let i = 0; i < bits; i++) back |= ((code >> i) & 1) << (bits - 1 - i);
  return back;
}

/** Deflated bytes as they were. `fail` makes the error of what is no deflate, at the byte that was reached. */
export class Inflate {
  readonly #pull: Pull;
  readonly #fail: (what: string, at: number) => Error;
  readonly #input = new Uint8Array(INPUT);
  readonly #window = new Uint8Array(WINDOW);
  readonly #literals = new Code();
  readonly #distances = new Code();
  // The lengths of a block's codes: of literals and distances, and of the codes that these are written in.
  readonly #lengths = new Uint8Array(286 + 30);
  readonly #first = new Uint8Array(19);
  #inputAt = 0;
  #inputEnd = 0;
  #pulled = 0;
  #hold = 0;
  #bits = 0;
  // Where the next byte is written in the window, and up to where it was taken.
  #at = 0;
  #taken = 0;
  #full = false;
  #last = false;
  #block: "none" | "stored" | "codes" = "none";
  // What is left of a stored block, or of a match.
  #left = 0;
  #distance = 0;

  constructor(pull: Pull, fail: (what: string, at: number) => Error) {
    this.#pull = pull;
    this.#fail = fail;
  }

  /** Whole bytes of input that were read. */
  get consumed(): number {
    return this.#pulled - (this.#inputEnd - this.#inputAt) - (this.#bits >> 3);
  }

  /** Fills `into` with the next bytes, and says with how many; fewer only at the end. */
  read(into: Uint8Array): number {
    let done = 0;
    while (done < into.length) {
      if (this.#taken === this.#at && !this.#more()) break;
      const n = Math.min(into.length - done, this.#at - this.#taken);
      into.set(this.#window.subarray(this.#taken, this.#taken + n), done);
      this.#taken += n;
      done += n;
    }
    return done;
  }

  // Decodes until the window is full, or all is read.
  #more(): boolean {
    if (this.#at === WINDOW) this.#at = this.#taken = 0;
    const from = this.#at;
    while (this.#at < WINDOW) {
      if (this.#block === "none") {
        if (this.#last) break;
        this.#begin();
      } else if (this.#block === "stored") this.#stored();
      else this.#codes();
    }
    this.#full ||= this.#at === WINDOW;
    return this.#at > from;
  }

  #error(what: string): Error {
    return this.#fail(what, this.consumed);
  }

  #byte(): number {
    if (this.#inputAt === this.#inputEnd) {
      this.#inputEnd = this.#pull(this.#input);
      this.#inputAt = 0;
      this.#pulled += this.#inputEnd;
      if (this.#inputEnd === 0) return -1;
    }
    return this.#input[this.#inputAt++];
  }

  // The next n bits, at most 16.
  #take(n: number): number {
    while (this.#bits < n) {
      const byte = this.#byte();
      if (byte < 0) throw this.#error("it ends too early");
      this.#hold |= byte << this.#bits;
      this.#bits += 8;
    }
    const value = this.#hold & ((1 << n) - 1);
    this.#hold >>>= n;
    this.#bits -= n;
    return value;
  }

  #begin(): void {
    this.#last = this.#take(1) === 1;
    const kind = this.#take(2);
    if (kind === 3) throw this.#error("invalid block type");
    if (kind === 0) {
      this.#take(this.#bits & 7);
      this.#left = this.#take(16);
      if ((this.#take(16) ^ 0xffff) !== this.#left) throw this.#error("invalid stored block lengths");
      this.#block = "stored";
      if (this.#left === 0) this.#block = "none";
      return;
    }
    if (kind === 1) this.#fixed();
    else this.#dynamic();
    this.#block = "codes";
    this.#left = 0;
  }

  #stored(): void {
    while (this.#left > 0 && this.#at < WINDOW) {
      // Bytes that were held as bits come first.
      const byte = this.#bits > 0 ? this.#take(8) : this.#byte();
      if (byte < 0) throw this.#error("it ends too early");
      this.#window[this.#at++] = byte;
      this.#left--;
    }
    if (this.#left === 0) this.#block = "none";
  }

  #fixed(): void {
    const lengths = this.#lengths.subarray(0, 288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
    this.#literals.set(lengths, false);
    this.#distances.set(lengths.subarray(0, 32).fill(5), false);
  }

  #dynamic(): void {
    const literals = this.#take(5) + 257,
      distances = this.#take(5) + 1,
      count = this.#take(4) + 4,
      first = this.#first.fill(0);
    if (literals > 286 || distances > 30) throw this.#error("too many length or distance symbols");
    const lengths = this.#lengths.subarray(0, literals + distances).fill(0);
    for (let i = 0; i < count; i++) first[ORDER[i]] = this.#take(3);
    if (!this.#literals.set(first, false)) throw this.#error("invalid code lengths set");
    for (let i = 0; i < lengths.length; ) {
      const symbol = this.#symbol(this.#literals);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) throw this.#error("invalid bit length repeat");
      const value = symbol === 16 ? lengths[i - 1] : 0,
        times = symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      if (i + times > lengths.length) throw this.#error("invalid bit length repeat");
      lengths.fill(value, i, i + times);
      i += times;
    }
    if (lengths[256] === 0) throw this.#error("invalid code -- missing end-of-block");
    if (!this.#literals.set(lengths.subarray(0, literals), true)) throw this.#error("invalid literal/lengths set");
    if (!this.#distances.set(lengths.subarray(literals), true)) throw this.#error("invalid distances set");
  }

  #symbol(code: Code): number {
    // Behind the end of the input stand zeros, which no code may reach into.
    while (this.#bits < LONGEST) {
      const byte = this.#byte();
      if (byte < 0) break;
      this.#hold |= byte << this.#bits;
      this.#bits += 8;
    }
    const entry = code.fast[this.#hold & ((1 << FAST) - 1)];
    let length = entry & 15,
      symbol = entry >> 4;
    if (length === 0) [symbol, length] = this.#long(code);
    if (length > this.#bits) throw this.#error("it ends too early");
    this.#hold >>>= length;
    this.#bits -= length;
    return symbol;
  }

  #long({ counts, symbols }: Code): [symbol: number, length: number] {
    for (let n = 1, code = 0, first = 0, index = 0; n < 16; n++) {
      code |= (this.#hold >> (n - 1)) & 1;
      if (code - counts[n] < first) return [symbols[index + code - first], n];
      index += counts[n];
      first = (first + counts[n]) << 1;
      code <<= 1;
    }
    throw this.#error(this.#bits < LONGEST ? "it ends too early" : "invalid code");
  }

  #codes(): void {
    const window = this.#window;
    while (this.#at < WINDOW) {
      if (this.#left > 0) {
        this.#copy();
        continue;
      }
      const symbol = this.#symbol(this.#literals);
      if (symbol < 256) window[this.#at++] = symbol;
      else if (symbol === 256) {
        this.#block = "none";
        return;
      } else this.#match(symbol - 257);
    }
  }

  #match(code: number): void {
    if (code >= LENGTHS.length) throw this.#error("invalid literal/length code");
    this.#left = LENGTHS[code] + this.#take(LENGTH_BITS[code]);
    const symbol = this.#symbol(this.#distances);
    if (symbol >= DISTANCES.length) throw this.#error("invalid distance code");
    this.#distance = DISTANCES[symbol] + this.#take(DISTANCE_BITS[symbol]);
    // Before the window was full once, only what is written lies behind.
    if (this.#distance > this.#at && !this.#full) throw this.#error("invalid distance too far back");
  }

  #copy(): void {
    const window = this.#window,
      n = Math.min(this.#left, WINDOW - this.#at);
    let at = this.#at,
      from = (at - this.#distance + WINDOW) % WINDOW;
    for (const end = at + n; at < end; ) {
      window[at++] = window[from++];
      if (from === WINDOW) from = 0;
    }
    this.#at = at;
    this.#left -= n;
  }
}
