// Bytes as text that is smaller, gzipped, than the bytes are by themselves: matches with what stands before and literals,
// as in LZMA (I. Pavlov), written by a range coder whose digits are 64 characters. assembly/unpack.ts reads it and has
// the layout of the model; the two change together. Characters: no quotes, backslash, `$`, "<" or "`", so that nothing
// escapes them, and 64 of them, so that Huffman's code for them wastes nothing.

const ALPHABET = [...Array(67).keys()].map((k) => String.fromCharCode(k + 40)).filter((c) => !"<\\`".includes(c));
// What Node prints of a line stays short.
const LINE = 1950;

// The model: where the probabilities of each question begin.
const MATCH = 0,
  AGAIN = 16,
  OLDER = 32,
  OLDER_2 = 48,
  OLDER_3 = 64,
  LONGER = 80,
  NUMBER = 1056,
  LENGTH = 96,
  LENGTH_AGAIN = LENGTH + NUMBER,
  DISTANCE = LENGTH_AGAIN + NUMBER,
  LITERAL = DISTANCE + 4 * NUMBER,
  COUNT = LITERAL + 8 * 768;

const HALF = 2048,
  ONE = 4096,
  // The bits that an answer costs whose probability is k of 4,096.
  COST = Float64Array.from({ length: ONE }, (_, k) => -Math.log2(k / ONE));

/** Adds up what answers would cost. */
class Prices {
  sum = 0;
  constructor(chances) {
    this.chances = chances;
  }
  bit(at, bit) {
    this.sum += COST[bit ? ONE - this.chances[at] : this.chances[at]];
  }
}

/** Writes answers, and learns from them. */
class Coder {
  chances = new Uint16Array(COUNT).fill(HALF);
  #low = 0;
  #range = 2 ** 30 - 1;
  #digits = [];

  bit(at, bit) {
    const chance = this.chances[at],
      bound = (this.#range >>> 12) * chance;
    if (bit) {
      this.#low += bound;
      this.#range -= bound;
      this.chances[at] -= chance >> 4;
    } else {
      this.#range = bound;
      this.chances[at] += (ONE - chance) >> 4;
    }
    while (this.#range < 2 ** 24) {
      this.#range *= 64;
      this.#shift();
    }
  }

  #shift() {
    // What overflows is carried into the digits that are written.
    if (this.#low >= 2 ** 30) {
      let k = this.#digits.length - 1;
      for (; this.#digits[k] === 63; k--) this.#digits[k] = 0;
      this.#digits[k]++;
      this.#low -= 2 ** 30;
    }
    this.#digits.push(Math.floor(this.#low / 2 ** 24));
    this.#low = (this.#low % 2 ** 24) * 64;
  }

  text() {
    for (let k = 0; k < 5; k++) this.#shift();
    return this.#digits.map((digit, k) => ALPHABET[digit] + (k % LINE === LINE - 1 ? "\n" : "")).join("");
  }
}

/** A number from 1 on: how many bits it has, then the bits below the highest. */
function number(to, at, n) {
  const bits = 31 - Math.clz32(n);
  let node = 1;
  for (let k = 4; k >= 0; k--) {
    const bit = (bits >> k) & 1;
    to.bit(at + node, bit);
    node = 2 * node + bit;
  }
  node = 1;
  for (let k = bits - 1; k >= 0; k--) {
    const bit = (n >> k) & 1;
    to.bit(at + 32 + 32 * bits + (node < 16 ? node : 16 + k), bit);
    node = 2 * node + bit;
  }
}

const distanceAt = (length) => DISTANCE + Math.min(length - 2, 3) * NUMBER;

/** A byte, by the one before it; after a match the byte that would have gone on with it is asked about as long as it fits. */
function literal(to, data, i, state, distance) {
  const at = LITERAL + 768 * (i > 0 ? data[i - 1] >> 5 : 0);
  let other = state < 7 ? 0 : 256,
    node = 1;
  for (let k = 7; k >= 0; k--) {
    const bit = (data[i] >> k) & 1,
      expected = other && (data[i - distance] >> k) & 1;
    to.bit(at + other + (expected << 8) + node, bit);
    if (expected !== bit) other = 0;
    node = 2 * node + bit;
  }
}

// A step is a literal, or a match at one of the four latest distances, or at another: 0 to 3, NEW.
const ALONE = -1,
  NEW = 4;

/** What kind of steps came before: LZMA's states; from 7 on the last was a match. */
function next(state, kind, length) {
  if (kind === ALONE) return state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  if (kind === NEW) return state < 7 ? 7 : 10;
  return length === 1 ? (state < 7 ? 9 : 11) : state < 7 ? 8 : 11;
}

/** The latest distances after a step. */
function latest(distances, kind, distance) {
  if (kind <= 0) return distances;
  const first = kind === NEW ? distance : distances[kind];
  return [first, ...distances.filter((_, k) => k !== (kind === NEW ? 3 : kind))];
}

/** Which distance a match has, of those that were: what comes before its length. */
function again(to, state, kind, length) {
  to.bit(OLDER + state, kind > 0 ? 1 : 0);
  if (kind === 0) return to.bit(LONGER + state, length > 1 ? 1 : 0);
  to.bit(OLDER_2 + state, kind > 1 ? 1 : 0);
  if (kind > 1) to.bit(OLDER_3 + state, kind > 2 ? 1 : 0);
}

function step(to, data, i, state, distances, { kind, length, distance }) {
  to.bit(MATCH + state, kind === ALONE ? 0 : 1);
  if (kind === ALONE) return literal(to, data, i, state, distances[0]);
  to.bit(AGAIN + state, kind === NEW ? 0 : 1);
  if (kind === NEW) {
    number(to, LENGTH, length - 1);
    number(to, distanceAt(length), distance);
  } else {
    again(to, state, kind, length);
    if (length > 1) number(to, LENGTH_AGAIN, length - 1);
  }
}

const LONGEST = 1023,
  BLOCK = 2048,
  TRIES = 200,
  // A match that is longer than that is not cut.
  LONG = 128;

/** The least length that is thought about where the longest is known. */
const firstOf = (longest) => (longest > LONG ? longest : 2);

/** Finds what stands before a place and goes on as it does: for each length the nearest. */
class Finder {
  #data;
  #before;
  constructor(data) {
    const last = new Int32Array(65536).fill(-1);
    this.#data = data;
    this.#before = new Int32Array(data.length).fill(-1);
    for (let i = 0; i + 1 < data.length; i++) {
      const pair = data[i] | (data[i + 1] << 8);
      this.#before[i] = last[pair];
      last[pair] = i;
    }
  }

  /** How long the bytes at two places are the same. */
  same(i, j) {
    const data = this.#data,
      most = Math.min(LONGEST, data.length - i);
    let length = 0;
    while (length < most && data[i + length] === data[j + length]) length++;
    return length;
  }

  /** Pairs of a length and a distance, both growing. */
  *matches(i) {
    const data = this.#data;
    let longest = 1,
      tries = TRIES;
    for (let j = this.#before[i]; j >= 0 && tries-- > 0; j = this.#before[j]) {
      if (data[j + longest] !== data[i + longest]) continue;
      const length = this.same(i, j);
      if (length <= longest) continue;
      yield [length, i - j];
      longest = length;
      if (longest >= LONGEST || i + longest === data.length) return;
    }
  }
}

/** The cheapest steps through a block, by what they would cost now. */
function cheapest(data, finder, chances, from, size, state, distances) {
  const nodes = Array.from({ length: size + 1 }, () => ({ cost: Number.POSITIVE_INFINITY }));
  nodes[0] = { cost: 0, state, distances };
  const known = new Map();
  const priceOf = (at, n) => {
    const key = at * 2 ** 20 + n;
    let price = known.get(key);
    if (price === undefined) {
      const prices = new Prices(chances);
      number(prices, at, n);
      price = prices.sum;
      known.set(key, price);
    }
    return price;
  };
  const offer = (k, cost, kind, length, distance) => {
    const node = nodes[k + length];
    if (cost < node.cost) Object.assign(node, { cost, kind, length, distance });
  };
  for (let k = 0; k < size; k++) {
    const node = nodes[k],
      i = from + k,
      room = size - k;
    if (k > 0) {
      const before = nodes[k - node.length];
      node.state = next(before.state, node.kind, node.length);
      node.distances = latest(before.distances, node.kind, node.distance);
    }
    const costOf = (tell) => {
      const prices = new Prices(chances);
      tell(prices);
      return node.cost + prices.sum;
    };
    const alone = { kind: ALONE, length: 1 };
    offer(
      k,
      costOf((to) => step(to, data, i, node.state, node.distances, alone)),
      ALONE,
      1,
    );
    const matched = COST[ONE - chances[MATCH + node.state]],
      asBefore = matched + COST[ONE - chances[AGAIN + node.state]];
    for (const [kind, distance] of node.distances.entries()) {
      if (distance > i || node.distances.indexOf(distance) < kind) continue;
      const longest = Math.min(room, finder.same(i, i - distance));
      if (kind === 0 && longest > 0) offer(k, costOf((to) => again(to, node.state, 0, 1)) + asBefore, 0, 1);
      const cost = costOf((to) => again(to, node.state, kind, 2)) + asBefore;
      for (let n = firstOf(longest); n <= longest; n++) offer(k, cost + priceOf(LENGTH_AGAIN, n - 1), kind, n);
    }
    const cost = node.cost + matched + COST[chances[AGAIN + node.state]];
    let n = 2;
    for (const [length, distance] of finder.matches(i))
      for (n = Math.max(n, firstOf(Math.min(length, room))); n <= Math.min(length, room); n++)
        offer(k, cost + priceOf(LENGTH, n - 1) + priceOf(distanceAt(n), distance), NEW, n, distance);
  }
  const steps = [];
  for (let k = size; k > 0; k -= nodes[k].length) steps.push(nodes[k]);
  return steps.reverse();
}

/** The text of a few bytes, six bits a character: the module that unpacks the others. */
export function plain(bytes) {
  let text = "",
    bits = 0,
    held = 0;
  for (const byte of [...bytes, 0]) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 6; bits -= 6) text += ALPHABET[(held >> (bits - 6)) & 63];
  }
  return text.slice(0, Math.ceil((bytes.length * 4) / 3));
}

/** What two modules have in common, in pieces of 64 bytes and more: what both of them are packed after. */
export function common(bytes, others) {
  const PIECE = 64,
    places = new Map(),
    pieces = [];
  for (let j = 0; j + PIECE <= others.length; j++) places.set(others.subarray(j, j + PIECE).join(), j);
  for (let i = 0; i + PIECE <= bytes.length; ) {
    const j = places.get(bytes.subarray(i, i + PIECE).join());
    let length = j === undefined ? 0 : PIECE;
    while (length > 0 && i + length < bytes.length && bytes[i + length] === others[j + length]) length++;
    pieces.push(...bytes.subarray(i, i + length));
    i += Math.max(1, length);
  }
  return Uint8Array.from(pieces);
}

/** The text of bytes, of which much stands in the bytes `before`: `unpack` needs them too. */
export function pack(bytes, before = new Uint8Array()) {
  const data = new Uint8Array(before.length + bytes.length),
    coder = new Coder();
  data.set(before);
  data.set(bytes, before.length);
  number(coder, LENGTH, bytes.length + 1);
  const finder = new Finder(data);
  let state = 0,
    distances = [1, 1, 1, 1];
  for (let i = before.length; i < data.length; ) {
    const size = Math.min(BLOCK, data.length - i);
    for (const made of cheapest(data, finder, coder.chances, i, size, state, distances)) {
      step(coder, data, i, state, distances, made);
      state = next(state, made.kind, made.length);
      distances = latest(distances, made.kind, made.distance);
      i += made.length;
    }
  }
  return coder.text();
}
