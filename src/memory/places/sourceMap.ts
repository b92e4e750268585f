import { decodedMappings, TraceMap, traceSegment } from "@jridgewell/trace-mapping";
import { attempt, builtin, bytesOf, globals, textOf } from "../../base/host.js";
import type { Frame } from "./frames.js";

// From the code that runs back to the user's own lines. Maps are looked for when a report is printed: with Node's own
// table, then at the end of the file itself. Everything here may fail quietly: the built line is then given.

/** A place in the user's source, and its text if it can be read. */
export interface Mapped {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly source?: string;
  /** Many statements share the line, which no source map takes apart: places in it are told by their columns. */
  readonly crowded?: true;
}

interface Section {
  readonly offset: { readonly line: number; readonly column: number };
  readonly map: Payload;
}

/** A source map, version 3; an indexed one has sections in the place of mappings. What it holds is the host's or a file's. */
interface Payload {
  readonly sources: string[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly sections?: readonly Section[];
  readonly names: string[];
  readonly mappings: string;
  readonly version: 3;
}

interface Found {
  readonly payload: Payload;
  /** What sources are named relatively to. */
  readonly from: string;
}

interface NodeModule {
  findSourceMap?: (file: string) => { payload: Payload } | undefined;
  /** What `require` has loaded, by file. */
  readonly _cache?: Readonly<Record<string, unknown>>;
}
interface NodeFs {
  readFileSync(path: string, encoding: "utf8"): string;
}
interface NodeUrl {
  fileURLToPath(url: string): string;
}

/** A line of a source may have so many characters before it is one of a minified file. */
const LONG = 300;

const texts = new Map<string, string | null>();
const maps = new Map<string, Found | null>();
const decoded = new WeakMap<Payload, TraceMap>();

/**
 * The user's line for a frame. `told` is what a host's own formatter made of it: if it differs, it is the mapped one.
 * `hosts` says that the frame is from a host that applies its maps before it tells frames.
 */
export function mapFrame(frame: Frame, told: Frame | null, hosts = false): Mapped {
  const moved = told !== null && (told.file !== frame.file || told.line !== frame.line);
  const place = moved ? told : (attempt(() => throughMap(frame, hosts)) ?? frame);
  const { line, column } = place,
    file = pathOf(withoutQuery(place.file));
  if ("source" in place) return { file, line, column, ...(place.source === undefined ? {} : { source: place.source }) };
  const source = readText(place.file)?.split("\n")[line - 1];
  if (source === undefined) return { file, line, column, ...(column > LONG ? { crowded: true } : {}) };
  return source.length > LONG
    ? { file, line, column, source: statementAt(source, column), crowded: true }
    : { file, line, column, source: source.trim() };
}

// Of a line with many statements, that around a column.
function statementAt(line: string, column: number): string {
  const begin = Math.max(column - 60, ...[";", "{", "}"].map((end) => line.lastIndexOf(end, column - 2) + 1), 0),
    end = line.indexOf(";", column - 1);
  return line.slice(begin, end < 0 ? column + 80 : Math.min(end + 1, column + 80)).trim();
}

/** Addresses may have a query, and a place in their document; files of a disk may have both signs in their names. */
export function withoutQuery(file: string): string {
  return isAddress(file) ? file.replace(/[?#].*$/s, "") : file;
}

// A drive's letter is no scheme.
const isAddress = (name: string): boolean => /^[a-z][a-z\d+.-]+:/i.test(name);

function pathOf(file: string): string {
  const url = builtin<NodeUrl>("node:url");
  return (file.startsWith("file:") && attempt(() => url?.fileURLToPath(file))) || file;
}

function throughMap(frame: Frame, hosts: boolean): Mapped | null {
  const found = mapOf(frame.file, hosts);
  if (found === null) return null;
  const { payload, line, column } = sectionAt(found.payload, frame.line - 1, frame.column - 1);
  let map = decoded.get(payload);
  if (map === undefined) {
    check(payload);
    map = new TraceMap(payload);
    decoded.set(payload, map);
  }
  const hit = traceSegment(map, line, Math.max(column, 0)) ?? traceSegment(map, line, Infinity);
  if (hit === null || hit.length === 1) return null;
  const segment = isOwn(map.resolvedSources[hit[1]]) ? (userBefore(map, line, column) ?? hit) : hit;
  const [, index, row, at] = segment,
    name = map.resolvedSources[index];
  // A broken map may name what is not there.
  if (typeof payload.sources[index] !== "string" || name === "" || !(row >= 0 && at >= 0)) return null;
  const { file, text } = sourceNamed(name, found.from, payload.sourcesContent?.[index]),
    lines = text?.split("\n");
  // An old one may name lines that the source no longer has.
  if (lines !== undefined && row >= lines.length) return null;
  return { file, line: row + 1, column: at + 1, ...(lines === undefined ? {} : { source: lines[row].trim() }) };
}

const isOwn = (source: string | null): boolean =>
  /(?:^|\/)node_modules\/nbytes\/(?:src|dist)\/|\/chunk-nbytes-[A-Z\d]+\.js$/.test(source ?? "");

// Minifiers put a small function of the library into that of the user who calls it. The user's part of the statement
// stands before it, a few segments away.
function userBefore(map: TraceMap, line: number, column: number): [number, number, number, number] | null {
  const segments = decodedMappings(map)[line] ?? [],
    near = segments.filter(([at]) => at <= column).slice(-200);
  for (const segment of near.reverse())
    if (segment.length > 1 && !isOwn(map.resolvedSources[segment[1]!])) {
      const [at, source, row, place] = segment as [number, number, number, number]; // longer than one: four or five
      return [at, source, row, place];
    }
  return null;
}

// The library decodes what it is given: digits that are none, and numbers of more than 32 bits, into any place.
function check({ mappings, sourcesContent }: Payload): void {
  if (/[^A-Za-z\d+/,;]|[g-z\d+/]{7}/.test(mappings)) throw new Error("junk in the mappings");
  if (sourcesContent?.some((text) => text !== null && typeof text !== "string")) throw new Error("no text");
}

// The map of an indexed one that a place lies in, and the place in it. Sections come in order.
function sectionAt(payload: Payload, line: number, column: number): { payload: Payload; line: number; column: number } {
  for (let depth = 0; payload.sections !== undefined; depth++) {
    const section = payload.sections.findLast(
      ({ offset }) => offset.line < line || (offset.line === line && offset.column <= column),
    );
    if (section === undefined || depth > 100) throw new Error("no section");
    if (section.offset.line === line) column -= section.offset.column;
    line -= section.offset.line;
    payload = section.map;
  }
  return { payload, line, column };
}

// Names are addresses, but many tools write the paths of files as they are, with blanks, % and #.
function sourceNamed(name: string, from: string, content: unknown): { file: string; text: string | null } {
  const known = typeof content === "string" ? content : null,
    asWritten = attempt(() => resolve(escaped(name), from)) ?? name,
    asAddress = attempt(() => resolve(name, from)) ?? asWritten;
  if (asWritten === asAddress) return { file: asAddress, text: known ?? readText(asAddress) };
  const text = readText(asAddress);
  if (text !== null) return { file: asAddress, text: known ?? text };
  const other = readText(asWritten);
  return other === null ? { file: asAddress, text: known } : { file: asWritten, text: known ?? other };
}

const escaped = (path: string): string => path.replace(/[%?#]/g, encodeURIComponent);

// `name` as a file names it: an address, or a path if the file has one.
function resolve(name: string, from: string): string {
  if (isAddress(name)) return name;
  if (isAddress(from)) return /^(?:data|blob|eval):/.test(from) ? name : new URL(name, from).href;
  if (/^[a-z]:[\\/]/i.test(name)) return decodeURIComponent(name);
  const drive = /^[a-z]:[\\/]/i.test(from),
    base = `file://${drive ? "/" : ""}${escaped(drive ? from.replaceAll("\\", "/") : from)}`,
    path = decodeURIComponent(new URL(name, base).pathname);
  return drive ? path.slice(1).replaceAll("/", "\\") : path;
}

function mapOf(file: string, hosts: boolean): Found | null {
  let map = maps.get(file);
  if (map === undefined) {
    map = attempt(() => findMap(file, hosts)) ?? null;
    maps.set(file, map);
  }
  return map;
}

function findMap(file: string, hosts: boolean): Found | null {
  const known = hosts ? undefined : builtin<NodeModule>("node:module")?.findSourceMap?.(file)?.payload;
  if (known !== undefined) return { payload: known, from: file };
  const url = lastComment(readText(file)) ?? commentInEval(file);
  if (url === undefined) return null;
  const inside = url.startsWith("data:"),
    from = inside ? file : resolve(url, file),
    text = inside ? dataText(url) : readText(from);
  // The first line may guard against being run as a script.
  return text === null ? null : { payload: JSON.parse(text.replace(/^\uFEFF?(?:\)\]\}'[^\n]*\n)?/, "")), from };
}

function lastComment(text: string | null): string | undefined {
  return [...(text ?? "").matchAll(/^[ \t]*\/\/[#@] sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1];
}

// webpack for development puts each module into an eval of its own, named by a comment that follows that of its map.
function commentInEval(file: string): string | undefined {
  if (!file.startsWith("webpack")) return undefined;
  const end = `\\n//# sourceURL=${file}\\n`;
  for (const script of scripts()) {
    const text = readText(script),
      at = text?.indexOf(end) ?? -1;
    if (at < 0) continue;
    const url = text!.slice(0, at).split("sourceMappingURL=").at(-1)!;
    if (/^data:[^\s\\"']*$/.test(url)) return url;
  }
  return undefined;
}

// No engine says which script an eval with a name was in.
function scripts(): string[] {
  const page = attempt(() => [...globals.document!.scripts].map(({ src }) => src)),
    loaded = attempt(() => Object.keys(builtin<NodeModule>("node:module")?._cache ?? {})),
    main = globals.process?.argv?.[1];
  return [...(page ?? []), ...(main === undefined ? [] : [main]), ...(loaded ?? [])].filter((name) => name !== "");
}

function dataText(url: string): string {
  const comma = url.indexOf(","),
    body = decodeURIComponent(url.slice(comma + 1));
  return url.slice(0, comma).endsWith(";base64") ? textOf(bytesOf(body)) : body;
}

function readText(file: string): string | null {
  let text = texts.get(file);
  if (text === undefined) {
    text = attempt(() => fetchText(file)) ?? null;
    texts.set(file, text);
  }
  return text;
}

function fetchText(file: string): string | null {
  if (file.startsWith("data:")) return dataText(file);
  const fs = builtin<NodeFs>("node:fs");
  if (fs?.readFileSync !== undefined) return fs.readFileSync(pathOf(file), "utf8");
  if (!/^(?:https?|blob):/.test(file)) return null;
  // Reports are printed synchronously; the browser has the script it runs in its cache.
  const request = new XMLHttpRequest();
  request.open("GET", file, false);
  request.send();
  return request.status === 200 ? request.responseText : null;
}
