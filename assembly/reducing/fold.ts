import { Box } from "../box";

// A fold turns the elements of a row into terms and joins the terms.
//
//        ┌──── vectors, four at once ──────────────────────┬ up to ─┬─ rest ─┐
//        │ x0 x1 x2 x3 │ x0 x1 x2 x3 │ … │ x0 x1 x2 x3 │ … │  3     │ x x x  │
//        └──┴──┴──┴─── a leaf: 512 elements ─┴─ leaf ──────┴────────┴────────┘
//           leaf + leaf, (leaf + leaf) + (leaf + leaf), …    one by one
//
// Its token has, for elements of T, lanes of L and results of A:
//   start<L>(p), first<T, A>(p)   what joining begins with; p is the row, for folds without a neutral element
//   join<L>(a, b), both<A>(a, b)  two vectors of terms; two single results
//   laned<T>()                    whether vectors gain anything
// and if it wants
//   term<T>(x, side)              the terms of a vector, one<T, A>(x, side) that of an element; else x itself
//   side<T>(y)                    a vector made once per row of the box's y
//   widens()                      integers narrower than 64 bits give 64-bit results
//   rounds()                      the order of joining matters: halve what is longer than a leaf
//   poisons()                     join may lose a NaN, which has to win
//   beats<A>(a, b)                whether a comes before b, for folds that choose an element
//   complex<F>(a, b), unit<F>()   join and start for pairs: 16 bytes are one complex128 or two complex64
// A strided row of floats is gathered into the same vectors: it gives the bits its contiguous copy would.

/**
 * Most elements joined in line when joining rounds (pairwise summation: Higham 1993, SIAM J. Sci. Comput. 14);
 * of other folds, the most blocks.
 */
const LEAF: usize = 512;

/** Rows of fewer elements are folded element by element. */
const SHORT: usize = 8;

/** Elements among which an arg-fold looks for its element a second time, while they are in the cache. */
const SEARCHED: usize = 1024;

// Where the vectors of a row come from; k counts them.
@unmanaged class Packed {
  @inline read(p: usize, step: isize, width: usize, k: usize): v128 { return v128.load(p + 16 * k); }
}
@unmanaged class Spread {
  @inline read(p: usize, step: isize, width: usize, k: usize): v128 {
    const at = p + k * (16 / width) * step;
    if (width == 16) return v128.load(at);
    if (width == 8) return v128.load64_lane(at + step, v128.load64_zero(at), 1);
    const v = v128.load32_lane(at + step, v128.load32_zero(at), 1), next = at + 2 * step;
    return v128.load32_lane(next + step, v128.load32_lane(next, v, 2), 3);
  }
}

/** A token's complex methods as a fold of vectors of pairs. */
@unmanaged class Pairs<Op> {
  @inline paired(): void {}
  @inline rounds(): void {}
  @inline start<F>(p: usize): v128 { return changetype<Op>(0).unit<F>(); }
  @inline join<F>(a: v128, b: v128): v128 { return changetype<Op>(0).complex<F>(a, b); }
}

@inline function widthOf<Op, T>(): usize {
  return isDefined(changetype<Op>(0).paired) ? 2 * sizeof<T>() : sizeof<T>();
}
@inline function rounding<Op, L>(): bool { return isFloat<L>() && isDefined(changetype<Op>(0).rounds); }
@inline function poisoned<Op, L>(): bool { return isFloat<L>() && isDefined(changetype<Op>(0).poisons); }
@inline function termOf<Op, T>(x: v128, side: v128): v128 {
  if (isDefined(changetype<Op>(0).term)) return changetype<Op>(0).term<T>(x, side);
  return x;
}
@inline function oneOf<Op, T, A>(x: T, side: v128): A {
  if (isDefined(changetype<Op>(0).one)) return changetype<Op>(0).one<T, A>(x, side);
  return x as A;
}
@inline function sideOf<Op, T>(y: usize): v128 {
  if (isDefined(changetype<Op>(0).side)) return changetype<Op>(0).side<T>(y);
  return i64x2.splat(0);
}

@inline function nan<T>(x: v128): v128 { return v128.ne<T>(x, x); }

// The join that keeps a NaN of either side: a lane of ones is one.
@inline function sound<Op, L>(a: v128, b: v128): v128 {
  const v = changetype<Op>(0).join<L>(a, b);
  return poisoned<Op, L>() ? v128.or(v, v128.or(nan<L>(a), nan<L>(b))) : v;
}

// Blocks of four vectors: four chains of joins hide the latency of one.
@inline function leaf<Op, T, L, Source>(p: usize, blocks: usize, step: isize, side: v128, start: v128): v128 {
  const op = changetype<Op>(0), from = changetype<Source>(0), width = widthOf<Op, T>();
  let a = start, b = a, c = a, d = a, bad = i64x2.splat(0);
  for (; blocks; blocks--, p += 64 / width * step) {
    const x0 = from.read(p, step, width, 0), x1 = from.read(p, step, width, 1);
    const x2 = from.read(p, step, width, 2), x3 = from.read(p, step, width, 3);
    a = op.join<L>(a, termOf<Op, T>(x0, side)); b = op.join<L>(b, termOf<Op, T>(x1, side));
    c = op.join<L>(c, termOf<Op, T>(x2, side)); d = op.join<L>(d, termOf<Op, T>(x3, side));
    if (poisoned<Op, L>()) {
      bad = v128.or(bad, v128.or(v128.or(nan<T>(x0), nan<T>(x1)), v128.or(nan<T>(x2), nan<T>(x3))));
    }
  }
  a = op.join<L>(op.join<L>(a, b), op.join<L>(c, d));
  return poisoned<Op, L>() ? v128.or(a, bad) : a;
}

// As it calls itself it is never inlined: so an engine optimises the one dtype that runs, alone and soon.
function pairwise<Op, T, L, Source>(p: usize, blocks: usize, step: isize, side: v128, start: v128): v128 {
  const each: usize = 64 / widthOf<Op, T>();
  if (blocks > (rounding<Op, L>() ? LEAF / each : LEAF)) {
    const half = blocks >> 1, a = pairwise<Op, T, L, Source>(p, half, step, side, start);
    return sound<Op, L>(a, pairwise<Op, T, L, Source>(p + half * each * step, blocks - half, step, side, start));
  }
  return leaf<Op, T, L, Source>(p, blocks, step, side, start);
}

// The whole vectors of a row.
@inline function vectors<Op, T, L, Source>(p: usize, count: usize, step: isize, side: v128, start: v128): v128 {
  const width = widthOf<Op, T>(), blocks = count >> 2;
  let v = blocks ? pairwise<Op, T, L, Source>(p, blocks, step, side, start) : start;
  p += blocks * (64 / width) * step;
  for (count &= 3; count; count--, p += 16 / width * step) {
    v = sound<Op, L>(v, termOf<Op, T>(changetype<Source>(0).read(p, step, width, 0), side));
  }
  return v;
}

// All lanes joined, in lane 0.
@inline function across<Op, L>(v: v128): v128 {
  v = sound<Op, L>(v, v128.shuffle<u64>(v, v, 1, 0));
  if (sizeof<L>() < 8) v = sound<Op, L>(v, v128.shuffle<u32>(v, v, 1, 0, 3, 2));
  if (sizeof<L>() < 4) v = sound<Op, L>(v, v128.shuffle<u16>(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
  if (sizeof<L>() > 1) return v;
  return sound<Op, L>(v, v128.shuffle<u8>(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
}

@inline function laneRow<Op, T, L, A, Source>(p: usize, cols: usize, step: isize, side: v128): A {
  const op = changetype<Op>(0), lanes: usize = 16 / sizeof<T>();
  let v = vectors<Op, T, L, Source>(p, cols / lanes, step, side, op.start<L>(p)), rest = cols % lanes;
  p += (cols - rest) * step;
  if (poisoned<Op, L>()) {
    // In lanes too: choosing between two scalars of a float type compiles to a branch, missed as often as not.
    for (; rest; rest--, p += step) v = sound<Op, L>(v, v128.load_splat<T>(p));
  }
  let value = v128.extract_lane<L>(across<Op, L>(v), 0) as A;
  if (poisoned<Op, L>()) return value;
  for (; rest; rest--, p += step) value = op.both<A>(value, oneOf<Op, T, A>(load<T>(p), side));
  return value;
}

// Where vectors gain nothing (short rows, strided integers, 64-bit products): four chains of single elements.
@inline function chainRow<Op, T, A>(p: usize, cols: usize, step: isize, side: v128): A {
  const op = changetype<Op>(0);
  if (sizeof<A>() < 4) return chainRow<Op, T, i32>(p, cols, step, side) as A;
  let a = op.first<T, A>(p), b = a, c = a, d = a;
  for (; cols >= 4; cols -= 4) {
    a = op.both<A>(a, oneOf<Op, T, A>(load<T>(p), side)); p += step;
    b = op.both<A>(b, oneOf<Op, T, A>(load<T>(p), side)); p += step;
    c = op.both<A>(c, oneOf<Op, T, A>(load<T>(p), side)); p += step;
    d = op.both<A>(d, oneOf<Op, T, A>(load<T>(p), side)); p += step;
  }
  for (; cols; cols--, p += step) a = op.both<A>(a, oneOf<Op, T, A>(load<T>(p), side));
  return op.both<A>(op.both<A>(a, b), op.both<A>(c, d));
}

// Rows of a few elements overlap in the processor: what counts is how little happens besides.
@inline function shortRow<Op, T, L, A>(p: usize, cols: usize, step: isize, side: v128): A {
  const op = changetype<Op>(0);
  if (poisoned<Op, L>()) {
    let v = op.start<L>(p);
    for (; cols; cols--, p += step) v = sound<Op, L>(v, v128.load_splat<T>(p));
    return v128.extract_lane<L>(v, 0) as A;
  }
  let value = op.first<T, A>(p);
  for (; cols; cols--, p += step) value = op.both<A>(value, oneOf<Op, T, A>(load<T>(p), side));
  return value;
}

// Not inlined: the folds and the arg-folds share it.
function foldRow<Op, T, L, A>(p: usize, cols: usize, step: isize, side: v128): A {
  if (!changetype<Op>(0).laned<T>()) return chainRow<Op, T, A>(p, cols, step, side);
  if (isInteger<T>() && (step != sizeof<T>() || cols < 16)) return chainRow<Op, T, A>(p, cols, step, side);
  if (step == sizeof<T>()) return laneRow<Op, T, L, A, Packed>(p, cols, step, side);
  return laneRow<Op, T, L, A, Spread>(p, cols, step, side);
}

/** out[r] = the fold of x[r][…]; integers keep their type unless the token widens them to 64 bits. */
@unmanaged export class Fold<Op> extends Box {
  @inline run<T>(): void {
    if (isFloat<T>() || sizeof<T>() == 8 || !isDefined(changetype<Op>(0).widens)) return this.each<T, T, T>();
    // 64 Ki terms of 8 or 16 bits fit 32-bit lanes.
    if (isSigned<T>()) {
      if (sizeof<T>() == 4) this.each<T, i64, i64>(); else this.each<T, i32, i64>();
    } else {
      if (sizeof<T>() == 4) this.each<T, u64, u64>(); else this.each<T, u32, u64>();
    }
  }

  @inline each<T, L, A>(): void {
    const cols = this.cols, step = this.xStep, xRow = this.xRow, yRow = this.yRow, outRow = this.outRow;
    let x = this.x, y = this.y, out = this.out, rows = this.rows;
    if (cols < SHORT) {
      for (; rows; rows--, x += xRow, y += yRow, out += outRow) {
        store<A>(out, shortRow<Op, T, L, A>(x, cols, step, sideOf<Op, T>(y)));
      }
    } else {
      for (; rows; rows--, x += xRow, y += yRow, out += outRow) {
        store<A>(out, foldRow<Op, T, L, A>(x, cols, step, sideOf<Op, T>(y)));
      }
    }
  }

  @inline runComplex<F>(): void {
    const cols = this.cols, step = this.xStep, xRow = this.xRow, outRow = this.outRow;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += xRow, out += outRow) {
      if (isDefined(changetype<Op>(0).beats)) {
        const pair = x + chosenPair<Op, F>(x, cols, step) * step;
        store<F>(out, load<F>(pair)); store<F>(out, load<F>(pair, sizeof<F>()), sizeof<F>());
      } else if (step == 2 * sizeof<F>()) foldPairs<Op, F, Packed>(out, x, cols, step);
      else foldPairs<Op, F, Spread>(out, x, cols, step);
    }
  }
}

@inline function foldPairs<Op, F, Source>(out: usize, p: usize, cols: usize, step: isize): void {
  if (!isDefined(changetype<Op>(0).complex)) return;
  const op = changetype<Pairs<Op>>(0), start = op.start<F>(p);
  if (sizeof<F>() == 8) return v128.store(out, vectors<Pairs<Op>, F, F, Source>(p, cols, step, start, start));
  let v = vectors<Pairs<Op>, F, F, Source>(p, cols >> 1, step, start, start);
  v = op.join<F>(v, v128.shuffle<u64>(v, v, 1, 0));
  if (cols & 1) v = op.join<F>(v, v128.load64_zero(p + (cols - 1) * step));
  v128.store64_lane(out, v, 0);
}

// The first complex number that none beats, real parts compared first; the first with a NaN in it wins.
@inline function chosenPair<Op, F>(p: usize, cols: usize, step: isize): usize {
  const op = changetype<Op>(0);
  let re = load<F>(p), im = load<F>(p, sizeof<F>()), best: usize = 0;
  if (re != re || im != im) return 0;
  for (let c: usize = 1; c < cols; c++) {
    p += step;
    const r = load<F>(p), i = load<F>(p, sizeof<F>());
    if (op.beats<F>(re, r) && i == i) continue;
    if (r != r || i != i) return c;
    // The real parts are equal unless r is the better one.
    if (op.beats<F>(r, re) || op.beats<F>(i, im)) { re = r; im = i; best = c; }
  }
  return best;
}

/** out[r] = the index in x[r][…] of the first element none beats, as int32; the first NaN wins. */
@unmanaged export class ArgFold<Op> extends Box {
  @inline run<T>(): void {
    const cols = this.cols, step = this.xStep, xRow = this.xRow, outRow = this.outRow;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += xRow, out += outRow) {
      store<u32>(out, chosen<Op, T>(x, cols, step));
    }
  }

  @inline runComplex<F>(): void {
    const cols = this.cols, step = this.xStep, xRow = this.xRow, outRow = this.outRow;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += xRow, out += outRow) {
      store<u32>(out, chosenPair<Op, F>(x, cols, step));
    }
  }
}

/** out[r] = the index in x[r][…] of the first element none beats that is not NaN, as int32; -1 if all are. */
@unmanaged export class PresentArgFold<Op> extends Box {
  @inline run<T>(): void {
    const cols = this.cols, step = this.xStep;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += this.xRow, out += this.outRow) {
      let best: T = 0, index: i32 = -1, p = x;
      for (let c: usize = 0; c < cols; c++, p += step) {
        const v = load<T>(p);
        // A NaN beats nothing.
        if (index < 0 ? v == v : changetype<Op>(0).beats<T>(v, best)) { best = v; index = c as i32; }
      }
      store<i32>(out, index);
    }
  }

  @inline runComplex<F>(): void {
    const op = changetype<Op>(0), cols = this.cols, step = this.xStep;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += this.xRow, out += this.outRow) {
      let re: F = 0, im: F = 0, index: i32 = -1, p = x;
      for (let c: usize = 0; c < cols; c++, p += step) {
        const r = load<F>(p), i = load<F>(p, sizeof<F>());
        if (r != r || i != i) continue;
        if (index < 0 || op.beats<F>(r, re) || (r == re && op.beats<F>(i, im))) { re = r; im = i; index = c as i32; }
      }
      store<i32>(out, index);
    }
  }
}

/** out[r] = the index in x[r][…] of the first bool that is `wanted`, as int32; 0 if none is. */
@unmanaged export class FirstTruth extends Box {
  find(wanted: bool): void {
    const cols = this.cols, step = this.xStep;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += this.xRow, out += this.outRow) {
      let c: usize = 0;
      if (step == 1) {
        for (; c + 16 <= cols; c += 16) {
          const v = v128.load(x + c);
          if (wanted ? v128.any_true(v) : !i8x16.all_true(v)) break;
        }
      }
      while (c < cols && (load<u8>(x + c * step) != 0) != wanted) c++;
      store<u32>(out, c < cols ? c : 0);
    }
  }
}

// Fold block by block, remember the block, search it.
@inline function chosen<Op, T>(p: usize, cols: usize, step: isize): usize {
  let best = load<T>(p), from: usize = 0;
  for (let at: usize = 0; at < cols; at += SEARCHED) {
    const value = foldRow<Op, T, T, T>(p + at * step, min(SEARCHED, cols - at), step, i64x2.splat(0));
    if (at == 0 || value != value || changetype<Op>(0).beats<T>(value, best)) { best = value; from = at; }
    if (isFloat<T>() && value != value) break;
  }
  return from + find<T>(p + from * step, min(SEARCHED, cols - from), step, best);
}

// The first index of a value that is there; if it is a NaN, of any NaN.
@inline function find<T>(p: usize, cols: usize, step: isize, value: T): usize {
  let index: usize = 0;
  if (cols <= 32) {
    // Backward without a branch: a mispredicted exit would cost more than the whole row.
    p += cols * step;
    for (let c = cols; c; c--) {
      const x = load<T>(p -= step);
      index = select<usize>(c - 1, index, i32(x == value) | i32(x != x));
    }
    return index;
  }
  if (step == sizeof<T>()) {
    const wanted = v128.splat<T>(value), lanes: usize = 16 / sizeof<T>();
    for (; index + lanes <= cols; index += lanes, p += 16) {
      const x = v128.load(p);
      if (v128.any_true(v128.or(v128.eq<T>(x, wanted), v128.ne<T>(x, x)))) break;
    }
  }
  for (let x = load<T>(p); x != value && x == x; x = load<T>(p)) { p += step; index++; }
  return index;
}

/** out[r] = cols minus the zeros of x[r][…], as int32; the fold of Op is minus their number. */
@unmanaged export class Count<Op> extends Box {
  @inline run<T>(): void {
    if (sizeof<T>() == 8) this.each<T, i64>(); else this.each<T, i32>();
  }

  @inline each<T, L>(): void {
    const cols = this.cols, step = this.xStep, xRow = this.xRow, outRow = this.outRow;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += xRow, out += outRow) {
      store<i32>(out, cols as i32 + foldRow<Op, T, L, i32>(x, cols, step, i64x2.splat(0)));
    }
  }

  @inline runComplex<F>(): void {
    const cols = this.cols, step = this.xStep, xRow = this.xRow, outRow = this.outRow;
    let x = this.x, out = this.out;
    for (let rows = this.rows; rows; rows--, x += xRow, out += outRow) {
      let count: i32 = 0, p = x;
      for (let c = cols; c; c--, p += step) count += i32(load<F>(p) != 0) | i32(load<F>(p, sizeof<F>()) != 0);
      store<i32>(out, count);
    }
  }
}
