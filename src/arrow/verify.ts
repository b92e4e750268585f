import { ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { Flat, type FlatTable } from "./flatbuffers.js";

// Arrow's IPC format, checked before it is given to the package that reads it: a damaged message could make that run on, or
// read engine memory that is not the file's. What is checked: all that says where something is, or how long it is.

const MAGIC = "ARROW1";

const SCHEMA = 1,
  DICTIONARY = 2,
  RECORDS = 3;

const TIMESTAMP = 10,
  UNION = 14;

/** Version 4 of the format, of 2017; before it, messages were built in another way. */
const V4 = 3;

/** Fields within fields. */
const DEEP = 32;

/** Values that a column may have without a bit for each: a column of nulls has none. */
const FREE = 2 ** 20;

/** By how much LZ4 and Zstandard shrink at most what is all alike. */
const RATIO = 2 ** 17;

/** Checks the bytes of an Arrow file or stream; gives the codecs that they are packed with. Errors: a `ValueError` with the byte. */
export function verify(bytes: Uint8Array, name: string): ReadonlySet<number> {
  const codecs = new Set<number>();
  const is = (at: number): boolean => String.fromCharCode(...bytes.subarray(at, at + 6)) === MAGIC;
  if (is(0)) {
    if (bytes.length < 20 || !is(bytes.length - 6))
      throw new ValueError(`${name} is cut short: it does not end as an Arrow file`);
    verifyFile(bytes, name, codecs);
    return codecs;
  }
  if (bytes.length < 8) throw new ValueError(`${name} is no Arrow file: it has ${bytes.length} bytes`);
  let at = 0,
    first = true;
  while (at < bytes.length) {
    const message = verifyMessage(bytes, at, name, codecs);
    if (message === null) break;
    if (first && message.kind !== SCHEMA)
      throw new ValueError(
        `${name} is no Arrow file: it begins with ${shown(String.fromCharCode(...bytes.subarray(0, 4)))}, and with no schema`,
      );
    first = false;
    at = message.end;
  }
  if (first) throw new ValueError(`${name} is no Arrow file: it has no schema`);
  return codecs;
}

function verifyFile(bytes: Uint8Array, name: string, codecs: Set<number>): void {
  const end = bytes.length - 10,
    length = new Flat(bytes.subarray(end), end, name).int32(0);
  if (!(length > 0 && length <= end - 8))
    throw new ValueError(`${name}: a footer of ${length} bytes, in a file of ${bytes.length}`);
  const flat = new Flat(bytes.subarray(end - length, end), end - length, name),
    footer = flat.table(0),
    schema = flat.field(footer, 1);
  if (schema === null) throw new ValueError(`${name}: a footer without a schema`);
  checkVersion(flat, flat.field(footer, 0), name);
  verifySchema(flat, schema);
  verifyPairs(flat, flat.field(footer, 4));
  for (const [id, kind] of [
    [2, DICTIONARY],
    [3, RECORDS],
  ]) {
    const [first, count] = flat.vector(flat.field(footer, id), 24);
    for (let i = 0; i < count; i++) {
      const at = flat.size(first + 24 * i);
      if (at >= bytes.length) throw flat.fail(`a block at byte ${at} of ${bytes.length}`, first + 24 * i);
      const message = verifyMessage(bytes, at, name, codecs);
      if (message?.kind !== kind) throw flat.fail("a block that is no such message", first + 24 * i);
    }
  }
}

function checkVersion(flat: Flat, at: number | null, name: string): void {
  const version = at === null ? 0 : flat.int16(at);
  if (version < V4 || version > 9)
    throw new ValueError(`${name}: version ${version + 1} of Arrow's format is not read`);
}

// A message: its kind, and where it ends; null for the mark at the end of a stream.
function verifyMessage(
  bytes: Uint8Array,
  from: number,
  name: string,
  codecs: Set<number>,
): { kind: number; end: number } | null {
  const outer = new Flat(bytes, 0, name);
  let at = from,
    length = outer.int32(at);
  at += 4;
  if (length === -1) {
    length = outer.int32(at);
    at += 4;
  }
  if (length === 0) return null;
  if (!(length > 0 && length <= bytes.length - at))
    throw outer.fail(`a message of ${length} bytes, more than there are`, from);
  const flat = new Flat(bytes.subarray(at, at + length), at, name),
    root = flat.table(0);
  checkVersion(flat, flat.field(root, 0), name);
  const kindAt = flat.field(root, 1),
    header = flat.field(root, 2),
    bodyAt = flat.field(root, 3),
    kind = kindAt === null ? 0 : flat.byte(kindAt),
    body = bodyAt === null ? 0 : flat.size(bodyAt);
  at += length;
  if (header === null || !(body <= bytes.length - at))
    throw flat.fail(`a body of ${body} bytes, more than there are`, 0);
  if (kind === SCHEMA) verifySchema(flat, header);
  else if (kind === RECORDS) verifyRecords(flat, flat.table(header), body, codecs);
  else if (kind === DICTIONARY) {
    const data = flat.field(flat.table(header), 1);
    if (data === null) throw flat.fail("a dictionary without values", 0);
    verifyRecords(flat, flat.table(data), body, codecs);
  } else throw flat.fail(`a message of kind ${kind}`, 0);
  return { kind, end: at + body };
}

function verifySchema(flat: Flat, at: number): void {
  const schema = flat.table(at),
    order = flat.field(schema, 0);
  if (order !== null && flat.int16(order) !== 0) throw flat.fail("numbers in big-endian order are not read", order);
  verifyFields(flat, flat.field(schema, 1), 0);
  verifyPairs(flat, flat.field(schema, 2));
}

function verifyFields(flat: Flat, at: number | null, depth: number): void {
  if (depth > DEEP) throw flat.fail(`fields within fields, more than ${DEEP} deep`, at ?? 0);
  const [first, count] = flat.vector(at, 4);
  for (let i = 0; i < count; i++) {
    const field = flat.table(first + 4 * i),
      kind = flat.field(field, 2),
      type = flat.field(field, 3),
      dictionary = flat.field(field, 4);
    flat.vector(flat.field(field, 0), 1);
    if (type !== null) {
      const table = flat.table(type),
        code = kind === null ? 0 : flat.byte(kind);
      if (code === TIMESTAMP) flat.vector(flat.field(table, 1), 1);
      if (code === UNION) flat.vector(flat.field(table, 1), 4);
    }
    if (dictionary !== null) {
      const integers = flat.field(flat.table(dictionary), 1);
      if (integers !== null) flat.table(integers);
    }
    verifyFields(flat, flat.field(field, 5), depth + 1);
    verifyPairs(flat, flat.field(field, 6));
  }
}

// Names and values that a program wrote into the file.
function verifyPairs(flat: Flat, at: number | null): void {
  const [first, count] = flat.vector(at, 4);
  for (let i = 0; i < count; i++) {
    const pair = flat.table(first + 4 * i);
    for (const id of [0, 1]) flat.vector(flat.field(pair, id), 1);
  }
}

function verifyRecords(flat: Flat, records: FlatTable, body: number, codecs: Set<number>): void {
  const packed = flat.field(records, 3),
    most = Math.max(FREE, body * 8 * (packed === null ? 1 : RATIO)),
    length = flat.field(records, 0);
  if (packed !== null) {
    const codec = flat.field(flat.table(packed), 0);
    codecs.add(codec === null ? 0 : flat.byte(codec));
  }
  if (length !== null && flat.size(length) > most)
    throw flat.fail(`${flat.size(length)} rows in ${body} bytes`, length);
  const [node, nodes] = flat.vector(flat.field(records, 1), 16);
  for (let i = 0; i < nodes; i++) {
    const at = node + 16 * i,
      count = flat.size(at);
    if (count > most || flat.size(at + 8) > count)
      throw flat.fail(`${count} values, ${flat.size(at + 8)} of them null, in ${body} bytes`, at);
  }
  const [region, regions] = flat.vector(flat.field(records, 2), 16);
  for (let i = 0; i < regions; i++) {
    const at = region + 16 * i;
    if (flat.size(at) + flat.size(at + 8) > body)
      throw flat.fail(`values at ${flat.size(at)} of ${body} bytes, ${flat.size(at + 8)} long`, at);
  }
  const [parts, count] = flat.vector(flat.field(records, 4), 8);
  for (let i = 0; i < count; i++)
    if (flat.size(parts + 8 * i) > regions) throw flat.fail("more parts than there are", parts + 8 * i);
}
