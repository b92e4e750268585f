/**
 * Bytes out of the text that scripts/pack.mjs wrote, which says what the text is; a module of its own, with a memory of
 * its own:
 *
 *   0              32 Ki                                                              1 Mi
 *   ┌──────────────┬─────────────────────────┬───────────────┬────────────────────────┬────┐
 *   │ probabilities│ bytes that were before  │ these bytes   │                        │text│
 *   └──────────────┴─────────────────────────┴───────────────┴────────────────────────┴────┘
 */
const MATCH: usize = 0;
const AGAIN: usize = 16;
const OLDER: usize = 32;
const OLDER_2: usize = 48;
const OLDER_3: usize = 64;
const LONGER: usize = 80;
const NUMBER: usize = 1056;
const LENGTH: usize = 96;
const LENGTH_AGAIN: usize = LENGTH + NUMBER;
const DISTANCE: usize = LENGTH_AGAIN + NUMBER;
const LITERAL: usize = DISTANCE + 4 * NUMBER;
const COUNT: usize = LITERAL + 8 * 768;

let next: usize = 0;
let code: u32 = 0;
let range: u32 = 0;

/** The value of a character; ends of lines are none. */
function digit(): u32 {
  let c: u32 = load<u8>(next++);
  if (c == 10) c = load<u8>(next++);
  return c - 40 - u32(c > 60) - u32(c > 92) - u32(c > 96);
}

/** An answer to the question whose probability is at `at`. */
function bit(at: usize): u32 {
  at <<= 1;
  const chance: u32 = load<u16>(at), bound = (range >> 12) * chance, one = code >= bound;
  if (one) {
    code -= bound;
    range -= bound;
    store<u16>(at, chance - (chance >> 4));
  } else {
    range = bound;
    store<u16>(at, chance + (4096 - chance >> 4));
  }
  while (range < 1 << 24) {
    range <<= 6;
    code = code << 6 | digit();
  }
  return u32(one);
}

function number(at: usize): u32 {
  let bits: u32 = 1;
  while (bits < 32) bits = bits << 1 | bit(at + bits);
  bits -= 32;
  at += 32 + 32 * bits;
  let node: u32 = 1;
  while (bits-- > 0) node = node << 1 | bit(at + (node < 16 ? node : 16 + bits));
  return node;
}

function literal(p: usize, state: u32, distance: u32): u32 {
  const at = LITERAL + 768 * <usize>(load<u8>(p - 1) >> 5);
  let other: u32 = state < 7 ? 0 : 256, node: u32 = 1, expected: u32 = load<u8>(p - distance);
  while (node < 256) {
    expected <<= 1;
    const like = other & expected;
    const one = bit(at + other + like + node);
    if (one != like >> 8) other = 0;
    node = node << 1 | one;
  }
  return node;
}

/** Writes the bytes of a text at `p`, which may stand in what lies below; gives their end. */
export function unpack(text: usize, p: usize): usize {
  for (let at: usize = 0; at < COUNT; ++at) store<u16>(at << 1, 2048);
  next = text;
  range = (1 << 30) - 1;
  code = 0;
  for (let k = 0; k < 5; ++k) code = code << 6 | digit();
  const end = p + number(LENGTH) - 1;
  let state: u32 = 0, d0: u32 = 1, d1: u32 = 1, d2: u32 = 1, d3: u32 = 1;
  while (p < end) {
    if (!bit(MATCH + state)) {
      store<u8>(p, literal(p, state, d0));
      ++p;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    let length: u32 = 1;
    if (!bit(AGAIN + state)) {
      d3 = d2; d2 = d1; d1 = d0;
      length = number(LENGTH) + 1;
      d0 = number(DISTANCE + min(length - 2, 3) * NUMBER);
      state = state < 7 ? 7 : 10;
    } else {
      let short = false;
      if (!bit(OLDER + state)) short = !bit(LONGER + state);
      else {
        let d = d1;
        if (bit(OLDER_2 + state)) {
          d = d2;
          if (bit(OLDER_3 + state)) { d = d3; d3 = d2; }
          d2 = d1;
        }
        d1 = d0; d0 = d;
      }
      if (!short) length = number(LENGTH_AGAIN) + 1;
      state = state < 7 ? (short ? 9 : 8) : 11;
    }
    for (const stop = p + length; p < stop; ++p) store<u8>(p, load<u8>(p - d0));
  }
  return p;
}
