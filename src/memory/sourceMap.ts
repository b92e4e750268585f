import { attempt, builtin, bytesOf, textOf } from "../host.js";
import type { Frame } from "./frames.js";

// From the code that runs back to the user's own lines. Maps are looked for when a report is printed: with Node's own
// table, then at the end of the file itself. Everything here may fail quietly: the built line is then given.

/** A place in the user's source, and its text if it can be read. */
export interface Mapped {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly source?: string;
}

interface Payload {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly sourceRoot?: string;
  readonly mappings: string;
}

/** Segments of each generated line: column, source, line, column, all from 0. */
type Lines = (readonly [at: number, source: number, line: number, column: number])[][];

interface Map_ {
  readonly payload: Payload;
  readonly from: string;
  readonly lines: Lines;
}

interface NodeModule {
  findSourceMap?: (file: string) => { payload: Payload } | undefined;
}
interface NodeFs {
  readFileSync(path: string, encoding: "utf8"): string;
}
interface NodeUrl {
  fileURLToPath(url: string): string;
}

const texts = new Map<string, string | null>();
const maps = new Map<string, Map_ | null>();

/** The user's line for a frame. `told` is what a host's own formatter made of it: if it differs, it is the mapped one. */
export function mapFrame(frame: Frame, told: Frame | null): Mapped {
  const moved = told !== null && (told.file !== frame.file || told.line !== frame.line);
  const place = moved ? told : (attempt(() => throughMap(frame)) ?? frame);
  const { file, line, column } = place,
    source = ("source" in place ? place.source : undefined) ?? lineOf(readText(file), line);
  return { file: pathOf(file.replace(/[?#].*$/, "")), line, column, ...(source === undefined ? {} : { source }) };
}

function pathOf(file: string): string {
  const url = builtin<NodeUrl>("node:url");
  return (file.startsWith("file:") && attempt(() => url?.fileURLToPath(file))) || file;
}

function throughMap(frame: Frame): Mapped | null {
  const map = mapOf(frame.file);
  const segments = map?.lines[frame.line - 1];
  if (!map || segments === undefined || segments.length === 0) return null;
  let best = segments[0];
  for (const segment of segments) if (segment[0] <= frame.column - 1) best = segment;
  const [, index, line, column] = best,
    { payload } = map;
  // A broken map may name what is not there.
  if (typeof payload.sources[index] !== "string" || !(line >= 0 && column >= 0)) return null;
  const file = resolve((payload.sourceRoot ?? "") + payload.sources[index], map.from);
  const source = lineOf(payload.sourcesContent?.[index] ?? readText(file), line + 1);
  return { file, line: line + 1, column: column + 1, ...(source === undefined ? {} : { source }) };
}

function lineOf(text: string | null | undefined, line: number): string | undefined {
  return text?.split("\n")[line - 1]?.trim();
}

function mapOf(file: string): Map_ | null {
  let map = maps.get(file);
  if (map === undefined) {
    try {
      map = findMap(file);
    } catch {
      map = null;
    }
    maps.set(file, map);
  }
  return map;
}

function findMap(file: string): Map_ | null {
  const known = builtin<NodeModule>("node:module")?.findSourceMap?.(file)?.payload;
  if (known !== undefined) return { payload: known, from: file, lines: decode(known.mappings) };
  const comments = [...(readText(file) ?? "").matchAll(/^\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)],
    url = comments.at(-1)?.[1];
  if (url === undefined) return null;
  const from = url.startsWith("data:") ? file : resolve(url, file);
  const text = url.startsWith("data:") ? dataText(url) : readText(from);
  if (text === null) return null;
  const payload = JSON.parse(text) as Payload;
  return { payload, from, lines: decode(payload.mappings) };
}

function dataText(url: string): string {
  const comma = url.indexOf(","),
    body = url.slice(comma + 1);
  if (!url.slice(0, comma).endsWith(";base64")) return decodeURIComponent(body);
  return textOf(bytesOf(body));
}

function resolve(name: string, from: string): string {
  if (/^[a-z][a-z-]+:/i.test(name) || name.startsWith("/")) return name;
  if (/^[a-z][a-z-]+:\/\//i.test(from)) return new URL(name, from).href;
  return decodeURI(new URL(encodeURI(name), `file://${encodeURI(from)}`).pathname);
}

function readText(file: string): string | null {
  let text = texts.get(file);
  if (text === undefined) {
    try {
      text = fetchText(file);
    } catch {
      text = null;
    }
    texts.set(file, text);
  }
  return text;
}

function fetchText(file: string): string | null {
  const fs = builtin<NodeFs>("node:fs");
  if (fs !== undefined) return fs.readFileSync(pathOf(file), "utf8");
  if (!/^(?:https?|blob):/.test(file)) return null;
  // Reports are printed synchronously; the browser has the script it runs in its cache.
  const request = new XMLHttpRequest();
  request.open("GET", file, false);
  request.send();
  return request.status === 200 ? request.responseText : null;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** Decodes the mappings of a source map, version 3: base-64 variable-length differences. @internal */
export function decode(mappings: string): Lines {
  let source = 0,
    line = 0,
    column = 0;
  return mappings.split(";").map((text) => {
    let at = 0;
    const segments: [number, number, number, number][] = [];
    if (text === "") return segments;
    for (const segment of text.split(",")) {
      const [moved = 0, ...rest] = numbers(segment);
      at += moved;
      if (rest.length < 3) continue;
      source += rest[0];
      line += rest[1];
      column += rest[2];
      segments.push([at, source, line, column]);
    }
    return segments;
  });
}

function numbers(segment: string): number[] {
  const list: number[] = [];
  let value = 0,
    shift = 0;
  for (const digit of segment) {
    const bits = values.get(digit) ?? 0;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    list.push(value & 1 ? -(value >>> 1) : value >>> 1);
    value = shift = 0;
  }
  return list;
}
