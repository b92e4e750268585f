import { blobOf } from "../../array/lists.js";
import { refuseStranger } from "../../array/ndarray.js";
import { DTypeError } from "../../base/errors.js";
import { utf8Of } from "../../base/host.js";
import { isList, shown } from "../../base/shown.js";
import type { BytesLike } from "../source.js";
import {
  CHUNK,
  chunksOf,
  isLate,
  type LateSource,
  noSource,
  openSource,
  type PathLike,
  pathOf,
  textChunks,
} from "../source.js";

/**
 * What holds a text that is there: a path, bytes, `{ text }`, or a list of its lines, as NumPy takes them. A string is a
 * path always.
 */
export type TextSource = PathLike | BytesLike | { readonly text: string } | readonly string[];

/** What gives a text later: a `Blob`, a `Response`, a stream of bytes or strings. */
export type LateTextSource = LateSource | AsyncIterable<string>;

/** A text as the library itself hands it on. */
export class Prepared {
  constructor(
    readonly name: string,
    readonly pieces: () => Iterable<Uint8Array>,
  ) {}
}

const WHAT = "a text: { text }, its lines";

/** Whether a source gives its text later, so that a function returns a promise. */
export function isLateText(source: TextSource | LateTextSource | Prepared): source is LateTextSource {
  return isLate(source);
}

/** What errors call a source. */
export function nameOf(source: unknown): string {
  if (source instanceof Prepared) return source.name;
  if (isList(source) || hasText(source)) return "the text";
  if (isLate(source)) return "the stream";
  const path = pathOf(source);
  return path === null ? "these bytes" : shown(path);
}

/** Refuses what is no text, before anything of it is read. */
export function checkText(source: unknown, op: string): void {
  if (isList(source)) checkLines(source, op);
  else if (!hasText(source) && !isLate(source) && blobOf(source) === null && pathOf(source) === null)
    throw noSource(source, op, WHAT);
}

function checkLines(list: readonly unknown[], op: string): asserts list is readonly string[] {
  for (const line of list)
    if (typeof line !== "string") {
      refuseStranger(line);
      throw new DTypeError(`${op} takes lines as strings, not ${shown(line)}`);
    }
}

function hasText(source: unknown): source is { readonly text: string } {
  return (
    typeof source === "object" &&
    source !== null &&
    !isLate(source) &&
    typeof (source as { text?: unknown }).text === "string"
  );
}

/** The bytes of a text that is there, in pieces; each is good until the next is asked for. */
export function* piecesOf(source: unknown, op: string): Generator<Uint8Array, void, void> {
  if (source instanceof Prepared) return yield* source.pieces();
  if (isList(source)) return yield* lines(source, op);
  if (hasText(source)) return yield* textChunks(source.text);
  using opened = openSource(source, op, WHAT);
  const chunk = new Uint8Array(Math.min(CHUNK, opened.size));
  for (let at = 0; at < opened.size; ) {
    const n = opened.read(at, chunk);
    if (n === 0) return;
    at += n;
    yield chunk.subarray(0, n);
  }
}

// A line may end with its newline, as those of Python's files do.
function* lines(list: readonly unknown[], op: string): Generator<Uint8Array, void, void> {
  checkLines(list, op);
  let text = "";
  for (const line of list) {
    text += /[\r\n]$/.test(line) ? line : `${line}\n`;
    if (text.length < CHUNK / 4) continue;
    yield* textChunks(text);
    text = "";
  }
  yield utf8Of(text);
}

/** The bytes of any text, in pieces. */
export async function* latePieces(source: unknown, op: string): AsyncGenerator<Uint8Array, void, void> {
  if (isLate(source)) yield* chunksOf(source, op, WHAT, true);
  else yield* piecesOf(source, op);
}
