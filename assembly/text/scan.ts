import { nearest, powersAddress } from "./decimal";

export { powersAddress };

// Records of delimited text, scanned where they lie, their numbers written into columns. What is no plain number (quotes,
// texts, `nan`, integers out of range, more than 19 digits) is src/'s: the scan stops there, and goes on behind it.

/** What `scan` stops at. */
const enum Stop {
  /** The text is at an end, between two records. */
  End,
  /** As many records as there is room for are read. */
  Full,
  /** A field that src/ reads: it then sets `at` behind it, and `behind`. */
  Field,
  /** A record has another number of fields than there are columns; `at` is behind it. */
  Ragged,
}

/** What a column is to the scan. */
const enum Kind { Skipped, Integer, Float, Other }

/**
 * A scan, written by src/. The text ends with a newline, so no loop asks for its end. Bytes are those of one character, 256
 * where there is none; a delimiter of 256 is any run of blanks.
 */
@unmanaged class Scan {
  at: usize; end: usize;
  row: usize; rows: usize;
  field: u32; fields: u32;
  columns: usize;
  delimiter: u32; comment: u32; quote: u32;
  line: u32;
  /** Where the record begins, and on which line. */
  record: usize; recordLine: u32;
  /** The field that stopped the scan; `fieldEnd` is 0 if it is quoted. */
  fieldAt: usize; fieldEnd: usize;
  /** Whether `at` is behind a field. */
  behind: u32;
  /** Whether a record may have more fields than there are columns. */
  loose: u32;
  /** Bytes from a column to the next of the table, and from its elements to those of the next: (32, 0), or (0, n) where all are alike. */
  columnStep: usize; outStep: usize;
  unused: u32;
  /** A number that src/ reads; NaN: there is none. */
  sentinel: f64;
}

/** Where the elements of a column go. */
@unmanaged class Column {
  out: usize; step: usize; kind: Kind; width: u32;
  /** The largest magnitudes of an integer below 0, and above. For floats: whether an empty field is NaN. */
  below: u64; above: u64;
}

const scratch = memory.data(96, 16);

/** The one scan of this thread. */
export function scanAddress(): usize { return scratch; }

@inline function isBlank(c: u32): bool { return c == 0x20 || c == 9 || c == 11 || c == 12; }
@inline function isNewline(c: u32): bool { return c == 10 || c == 13; }
@inline function isDigit(c: u32): bool { return c - 48 < 10; }

/** Behind the line end at `p`: CR, LF or both. */
@inline function behindLine(p: usize): usize { return p + 1 + usize(load<u16>(p) == 0x0a0d); }

/** The line end from `p` on. */
function lineEnd(p: usize): usize {
  while (!isNewline(load<u8>(p))) p++;
  return p;
}

/** Behind the blanks from `p` on, none of which is the delimiter. */
@inline function behindBlanks(p: usize, delimiter: u32): usize {
  let c = load<u8>(p);
  while (isBlank(c) && c != delimiter) c = load<u8>(++p);
  return p;
}

/** Scans from `at` on. */
export function scan(at: usize): i32 {
  const s = changetype<Scan>(at), delimiter = s.delimiter, comment = s.comment, blanks = delimiter == 256;
  let p = s.at, field: u32 = s.field, behind = s.behind != 0;
  s.behind = 0;
  while (true) {
    if (!behind && field == 0) {
      if (p < s.end && blanks) p = behindBlanks(p, 256);
      if (p >= s.end) return stop(s, p, 0, Stop.End);
      const c = <u32>load<u8>(p);
      if (c == comment) {
        p = lineEnd(p);
        p = behindLine(p);
        s.line++;
        continue;
      }
      if (isNewline(c)) {
        p = behindLine(p);
        s.line++;
        continue;
      }
      if (s.row == s.rows) return stop(s, p, 0, Stop.Full);
      s.record = p;
      s.recordLine = s.line;
    }
    if (!behind) {
      const next = readField(s, p, field);
      if (next == 0) return stop(s, p, field, Stop.Field);
      p = next;
    }
    behind = false;
    field++;
    // Behind a field: the delimiter, the end of the line, or a comment, which runs to it.
    if (blanks) p = behindBlanks(p, 256);
    let c = <u32>load<u8>(p);
    if (c == delimiter) {
      p++;
      continue;
    }
    if (c == comment) {
      p = lineEnd(p);
      c = 10;
    }
    if (!isNewline(c)) continue; // blanks were between two fields
    p = behindLine(p);
    s.line++;
    if (field < s.fields || (field > s.fields && !s.loose)) return stop(s, p, field, Stop.Ragged);
    field = 0;
    s.row++;
  }
}

function stop(s: Scan, p: usize, field: u32, why: Stop): i32 {
  s.at = p;
  s.field = field;
  return why;
}

/** Reads a field into its column. Returns where it ends, 0 if src/ is to read it. */
@inline function readField(s: Scan, p: usize, field: u32): usize {
  let kind = Kind.Skipped;
  const column = changetype<Column>(s.columns + usize(field) * s.columnStep);
  if (field < s.fields) kind = column.kind;
  if (kind == Kind.Float) {
    const next = readFloat(s, column, p, field);
    if (next) return next;
  } else if (kind == Kind.Integer) {
    const next = readInteger(s, column, p, field);
    if (next) return next;
  }
  s.fieldAt = p;
  if (<u32>load<u8>(p) == s.quote) {
    s.fieldEnd = 0;
    return 0;
  }
  s.fieldEnd = fieldEnd(p, s.delimiter, s.comment);
  return kind == Kind.Skipped ? s.fieldEnd : 0;
}

function fieldEnd(p: usize, delimiter: u32, comment: u32): usize {
  const blanks = delimiter == 256;
  let c = <u32>load<u8>(p);
  while (c != delimiter && !isNewline(c) && c != comment && !(blanks && isBlank(c))) c = load<u8>(++p);
  return p;
}

/** Where a number's field ends, behind blanks; 0 if something else follows. */
@inline function closed(s: Scan, p: usize): usize {
  const c = <u32>load<u8>(p);
  if (c == s.delimiter || isNewline(c)) return p;
  p = behindBlanks(p, s.delimiter);
  const d = <u32>load<u8>(p);
  if (d == s.delimiter || isNewline(d) || d == s.comment) return p;
  return s.delimiter == 256 && isBlank(c) ? p : 0;
}

/** Whether eight bytes are digits. Source: D. Lemire, as above. */
@inline function areDigits(eight: u64): bool {
  return ((eight & (eight + 0x0606060606060606)) & 0xf0f0f0f0f0f0f0f0) == 0x3030303030303030 &&
    (eight & 0xf0f0f0f0f0f0f0f0) == 0x3030303030303030;
}

/** The number of eight digits. Source: D. Lemire, as above. */
@inline function eightDigits(eight: u64): u64 {
  eight -= 0x3030303030303030;
  eight = eight * 10 + (eight >> 8);
  return ((eight & 0x000000ff000000ff) * 0x000f424000000064 + ((eight >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32;
}

function readFloat(s: Scan, column: Column, p: usize, field: u32): usize {
  p = behindBlanks(p, s.delimiter);
  const start = p;
  let c = <u32>load<u8>(p);
  const negative = c == 45;
  if (negative || c == 43) c = load<u8>(++p);
  // Zeros in front are no digits that count.
  const whole = p;
  while (c == 48) c = load<u8>(++p);
  let digits: u64 = 0, from = p, exponent = 0, count: usize = 0;
  while (isDigit(c)) {
    digits = digits * 10 + (c - 48);
    c = load<u8>(++p);
  }
  count = p - from;
  let any = p > whole;
  if (c == 46) {
    const point = ++p;
    c = load<u8>(p);
    if (count == 0) while (c == 48) c = load<u8>(++p);
    from = p;
    let eight = load<u64>(p);
    while (areDigits(eight)) {
      digits = digits * 100000000 + eightDigits(eight);
      p += 8;
      eight = load<u64>(p);
    }
    c = load<u8>(p);
    while (isDigit(c)) {
      digits = digits * 10 + (c - 48);
      c = load<u8>(++p);
    }
    count += p - from;
    exponent = -(<i32>(p - point));
    any = any || p > point;
  }
  if (!any) return column.below != 0 && p == start ? missing(s, column, p, field) : 0;
  if (count > 19) return 0;
  if ((c | 32) == 101) {
    c = load<u8>(++p);
    const minus = c == 45;
    if (minus || c == 43) c = load<u8>(++p);
    if (!isDigit(c)) return 0;
    let power = 0;
    while (isDigit(c)) {
      if (power < 100000) power = power * 10 + (c - 48);
      c = load<u8>(++p);
    }
    exponent += minus ? -power : power;
  }
  const end = closed(s, p);
  if (end == 0) return 0;
  const x = nearest(digits, exponent), signed = negative ? -x : x;
  if (signed == s.sentinel) return 0;
  put(s, column, field, signed);
  return end;
}

/** An empty field is NaN. */
function missing(s: Scan, column: Column, p: usize, field: u32): usize {
  const end = closed(s, p);
  if (end != 0) put(s, column, field, NaN);
  return end;
}

@inline function put(s: Scan, column: Column, field: u32, x: f64): void {
  const out = column.out + s.row * column.step + field * s.outStep;
  if (column.width == 8) store<f64>(out, x);
  else store<f32>(out, x as f32);
}

function readInteger(s: Scan, column: Column, p: usize, field: u32): usize {
  p = behindBlanks(p, s.delimiter);
  let c = <u32>load<u8>(p);
  const negative = c == 45;
  if (negative || c == 43) c = load<u8>(++p);
  const from = p;
  let x: u64 = 0;
  while (isDigit(c)) {
    x = x * 10 + (c - 48);
    c = load<u8>(++p);
  }
  if (p == from || p - from > 19 || x > (negative ? column.below : column.above)) return 0;
  // A float would keep the sign of -0: src/ says what becomes of it.
  const end = closed(s, p);
  if (end == 0 || (negative && x == 0)) return 0;
  if (s.sentinel == s.sentinel && (negative ? -(x as f64) : x as f64) == s.sentinel) return 0;
  const signed = negative ? 0 - x : x, out = column.out + s.row * column.step + field * s.outStep;
  if (column.width == 8) store<u64>(out, signed);
  else if (column.width == 4) store<u32>(out, signed as u32);
  else if (column.width == 2) store<u16>(out, signed as u16);
  else store<u8>(out, signed as u8);
  return end;
}
