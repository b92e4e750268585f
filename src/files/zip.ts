import { ValueError } from "../base/errors.js";
import { textOf } from "../base/host.js";
import { shown } from "../base/shown.js";
import { crc32 } from "./crc.js";
import { Inflate } from "./inflate.js";
import { type Pull, pullOf, type Source } from "./source.js";

// Zip archives (APPNOTE.TXT 6.3), as NumPy writes .npz files: members one after the other, each behind a header of its own;
// behind them the directory, and its end. The directory is believed, and the headers must agree with it.
//
//   PK\3\4 header  bytes  …  PK\1\2 entry  …  (PK\6\6 end of 64 bits  PK\6\7 where it is)  PK\5\6 end

/** A member of an archive. */
export interface Member {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Bytes in the archive, and out of it. */
  readonly packed: number;
  readonly size: number;
  /** Where its header begins, and what comes behind it. */
  readonly at: number;
  readonly end: number;
}

const END = 0x06054b50,
  END64 = 0x06064b50,
  LOCATOR = 0x07064b50,
  ENTRY = 0x02014b50,
  LOCAL = 0x04034b50,
  WIDE = 0xffffffff,
  COMMENT = 0xffff;

/** Deflate makes a byte of at most 1032; what is declared to be more is a bomb. */
const RATIO = 1032;

/** Whether a source begins as a zip archive does. */
export function isArchive(source: Source): boolean {
  const start = new Uint8Array(4);
  if (source.read(0, start) < 4) return false;
  const [p, k, a, b] = start;
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

function viewAt(source: Source, at: number, length: number, what: string): DataView {
  const bytes = new Uint8Array(length);
  if (at < 0 || source.read(at, bytes) < length) throw broken(`${what} at byte ${at} lies beyond its end`);
  return new DataView(bytes.buffer);
}

function broken(what: string): ValueError {
  return new ValueError(`File is not a zip file, or it is damaged: ${what}`);
}

// A number of 64 bits; beyond 2⁵³ there are no files.
function wideAt(view: DataView, at: number, what: string): number {
  const value = view.getBigUint64(at, true);
  if (value > Number.MAX_SAFE_INTEGER) throw broken(`${what} is ${value}`);
  return Number(value);
}

interface Directory {
  readonly count: number;
  readonly at: number;
  readonly size: number;
}

function directoryOf(source: Source): Directory {
  const end = endOf(source),
    view = viewAt(source, end, 22, "the end of the directory"),
    found = { count: view.getUint16(10, true), size: view.getUint32(12, true), at: view.getUint32(16, true) };
  if (view.getUint16(4, true) % 0xffff !== 0) throw broken("it is one of several volumes");
  const wide = found.count === 0xffff || found.size === WIDE || found.at === WIDE;
  const [limit, directory] = (wide && wideDirectory(source, end)) || [end, found];
  if (directory.at + directory.size !== limit)
    throw broken(
      `its directory of ${directory.size} bytes at byte ${directory.at} does not end where the end record begins, at byte ${limit}`,
    );
  // An entry has 46 bytes at least.
  if (directory.count * 46 > directory.size) throw broken(`no ${directory.count} entries fit into its directory`);
  return directory;
}

// The end record is the last thing but for a comment.
function endOf(source: Source): number {
  const last = viewAt(source, Math.max(0, source.size - 22), Math.min(22, source.size), "the end");
  if (source.size >= 22 && last.getUint32(0, true) === END && last.getUint16(20, true) === 0) return source.size - 22;
  const length = Math.min(source.size, 22 + COMMENT),
    start = source.size - length,
    tail = viewAt(source, start, length, "the end");
  for (let at = length - 22; at >= 0; at--)
    if (tail.getUint32(at, true) === END && at + 22 + tail.getUint16(at + 20, true) === length) return start + at;
  throw broken("it has no end record, so it was cut off, or is no archive");
}

function wideDirectory(source: Source, end: number): [limit: number, directory: Directory] | null {
  if (end < 20) return null;
  const locator = viewAt(source, end - 20, 20, "the locator");
  if (locator.getUint32(0, true) !== LOCATOR) return null;
  const at = wideAt(locator, 8, "the place of its end record"),
    view = viewAt(source, at, 56, "the end record");
  if (view.getUint32(0, true) !== END64) throw broken(`there is no end record at byte ${at}`);
  const directory = {
    count: wideAt(view, 32, "the number of its members"),
    size: wideAt(view, 40, "the size of its directory"),
    at: wideAt(view, 48, "the place of its directory"),
  };
  return [at, directory];
}

/** The members of an archive, as its directory has them. Errors: what is no archive, or no honest one. */
export function membersOf(source: Source): Member[] {
  const directory = directoryOf(source),
    members: Omit<Member, "end">[] = [];
  let at = directory.at;
  const end = directory.at + directory.size;
  for (let i = 0; i < directory.count; i++) {
    const fixed = viewAt(source, at, 46, `entry ${i} of its directory`);
    if (fixed.getUint32(0, true) !== ENTRY) throw broken(`there is no entry of its directory at byte ${at}`);
    const [name, extra, comment] = [28, 30, 32].map((k) => fixed.getUint16(k, true));
    if (at + 46 + name + extra + comment > end) throw broken(`entry ${i} of its directory, at byte ${at}, is too long`);
    const rest = viewAt(source, at + 46, name + extra, `entry ${i} of its directory`);
    members.push(memberOf(fixed, rest, name, directory.at));
    at += 46 + name + extra + comment;
  }
  if (at !== end) throw broken(`its directory of ${directory.count} entries ends at byte ${at}, not ${end}`);
  return apart(members, directory.at);
}

function memberOf(fixed: DataView, rest: DataView, length: number, limit: number): Omit<Member, "end"> {
  const flags = fixed.getUint16(8, true),
    name = nameOf(new Uint8Array(rest.buffer, 0, length), (flags & 0x800) !== 0),
    said = `member ${shown(name)}`,
    method = fixed.getUint16(10, true);
  if (leadsOut(name)) throw broken(`${said} has a name that leads out of the archive`);
  if ((flags & 0x2041) !== 0) throw broken(`${said} is encrypted`);
  if (method !== 0 && method !== 8)
    throw new ValueError(
      `That compression method is not supported: ${said} has method ${method}, not 0 (stored) or 8 (deflated)`,
    );
  const wide = wideFields(fixed, rest, length, said);
  const member = { name, deflated: method === 8, crc: fixed.getUint32(16, true), ...wide };
  if (member.at + 30 + length + member.packed > limit)
    throw broken(`${said}, ${member.packed} bytes at byte ${member.at}, reaches into the directory at byte ${limit}`);
  if (method === 0 ? member.size !== member.packed : member.size > member.packed * RATIO)
    throw broken(`${said} declares ${member.size} bytes, which its ${member.packed} cannot be`);
  return member;
}

/** Whether a member's name is none, or leads out of the folder that it is unpacked into. */
export function leadsOut(name: string): boolean {
  return name === "" || /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\0/.test(name);
}

function nameOf(bytes: Uint8Array, utf8: boolean): string {
  // Without the flag it is IBM's code page 437, which agrees in ASCII.
  return utf8 || bytes.every((byte) => byte < 128) ? textOf(bytes) : String.fromCharCode(...bytes);
}

// Sizes and place, from the extra field of 64 bits where the others are full.
function wideFields(
  fixed: DataView,
  rest: DataView,
  start: number,
  said: string,
): Pick<Member, "packed" | "size" | "at"> {
  const found = { size: fixed.getUint32(24, true), packed: fixed.getUint32(20, true), at: fixed.getUint32(42, true) };
  for (let at = start; at + 4 <= rest.byteLength; ) {
    const [id, length] = [rest.getUint16(at, true), rest.getUint16(at + 2, true)];
    if (at + 4 + length > rest.byteLength) throw broken(`${said} has an extra field that is too long`);
    if (id === 1) {
      let next = at + 4;
      for (const key of ["size", "packed", "at"] as const) {
        if (found[key] !== WIDE) continue;
        if (next + 8 > at + 4 + length) throw broken(`${said} has an extra field that is too short`);
        found[key] = wideAt(rest, next, `of ${said} the ${key}`);
        next += 8;
      }
      return found;
    }
    at += 4 + length;
  }
  return found;
}

// The members with where each must end. Refused are those that lie on one another, as in bombs, and names that are there twice.
function apart(members: readonly Omit<Member, "end">[], limit: number): Member[] {
  const names = new Set<string>(),
    ends = new Map<unknown, number>();
  for (const { name } of members) {
    if (names.has(name)) throw broken(`member ${shown(name)} is there twice`);
    names.add(name);
  }
  const sorted = [...members].sort((a, b) => a.at - b.at);
  sorted.forEach((member, i) => {
    const { name, at, packed } = member,
      end = sorted[i + 1]?.at ?? limit;
    if (at + 30 + packed > end) throw broken(`member ${shown(name)} at byte ${at} overlaps what begins at byte ${end}`);
    ends.set(member, end);
  });
  return members.map((member) => ({ ...member, end: ends.get(member)! }));
}

/** The bytes of a member, and what is to be asked behind them: whether they were as many as declared, with the checksum. */
export interface Opened {
  readonly pull: Pull;
  /** Reads what is left, and refuses what is not as the directory says. */
  finish(): void;
}

/** Opens a member. Errors: a header that does not agree with the directory. */
export function openMember(source: Source, member: Member): Opened {
  const raw = pullOf(source, startOf(source, member), member.packed),
    fail = (what: string, at: number): Error => broken(`its deflated bytes: ${what}, at byte ${at} of them`);
  const inflate = member.deflated ? new Inflate(raw, fail) : null,
    read: Pull = inflate === null ? raw : (into) => inflate.read(into);
  let crc = 0,
    done = 0;
  const pull: Pull = (into) => {
    const n = read(into.subarray(0, member.size - done));
    crc = crc32(into.subarray(0, n), crc);
    done += n;
    return n;
  };
  const finish = (): void => {
    const rest = new Uint8Array(4096);
    while (pull(rest) > 0);
    if (done < member.size) throw broken(`it ends after ${done} of ${member.size} bytes`);
    if (inflate !== null && inflate.read(rest.subarray(0, 1)) > 0)
      throw broken(`it is longer than the ${member.size} bytes it declares`);
    if (inflate !== null && inflate.consumed !== member.packed)
      throw broken(`its deflated bytes end after ${inflate.consumed} of ${member.packed}`);
    if (crc !== member.crc) throw new ValueError(`Bad CRC-32: ${hex(crc)}, not ${hex(member.crc)}`);
  };
  return { pull, finish };
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;

function startOf(source: Source, { at, packed, deflated, name, end }: Member): number {
  const view = viewAt(source, at, 30, "its header");
  if (view.getUint32(0, true) !== LOCAL) throw broken(`there is no header at byte ${at}`);
  if (view.getUint16(8, true) !== (deflated ? 8 : 0))
    throw broken(`its header at byte ${at} has another method than the directory`);
  const length = view.getUint16(26, true),
    start = at + 30 + length + view.getUint16(28, true),
    own = viewAt(source, at + 30, length, "its name");
  if (nameOf(new Uint8Array(own.buffer), (view.getUint16(6, true) & 0x800) !== 0) !== name)
    throw broken(`its header at byte ${at} has another name`);
  if (start + packed > end) throw broken(`its ${packed} bytes at byte ${start} overlap what begins at byte ${end}`);
  return start;
}
