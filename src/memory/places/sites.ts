import { attempt, globals, now } from "../../base/host.js";
import { FIRST_PLACE, firstLine } from "../../base/newStack.js";
import { plain } from "../../base/plain.js";
import { entrances, setSiteOf } from "../../heap/allocate.js";
import { baseName, lineText, namesOf } from "./fileNames.js";
import { type CallSite, callSites, callSitesOf, type Frame, hostPrepare, parseFrame, stackLines } from "./frames.js";
import { type Mapped, mapFrame } from "./sourceMap.js";

// Where the user's program was when it asked for memory. A place is taken raw while the program runs and gets a small
// number; source maps are read only when a report is printed.

/** A line of the user's program, as reports give it. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The function it lies in, if it has a name. */
  readonly fn?: string;
  /** The text of the line, where the source can be read. */
  readonly source?: string;
  /** Many statements share the line, one of a minified file without a source map: `column` tells them apart. */
  readonly crowded?: true;
}

interface Known {
  readonly frame: Frame;
  /** The frame as a host's own formatter told it, if one was installed. */
  readonly told: Frame | null;
  /** Whether the host applied source maps before it told the frame. */
  readonly byHost: boolean;
  mapped: Mapped | null;
}

const sites: (Known | null)[] = [null];
const OURS = -1;

// Per file, by position (V8) or by the stack's line of text: the site's number, or OURS. Files that hold nobody's lines
// have no table.
const positions = new Map<string, Map<number, number> | null>();
const lines = new Map<string, number>();
// Neighbouring frames lie mostly in one file.
let lastFile = "";
let lastPositions: Map<number, number> | null = null;

/** Frames that belong to the library are recognised by their file, or in a bundle by their place in it. */
interface Home {
  /** How the names of the library's own files begin: their folder, or in dist/ that of the chunks. */
  readonly own: string | null;
  readonly first: Frame | null;
  readonly last: Frame | null;
}

let home: Home | null = null;
let lastLine: Frame | null = null;

/** Told by the modules that may come last in a bundle: the library's code ends with the last of them. @internal */
export function markEnd(error: Error): void {
  const frame = frameOf(error);
  if (lastLine === null || (frame !== null && before(lastLine, frame))) lastLine = frame;
}

function frameOf(error: Error): Frame | null {
  // The text would be that of the source map, if the host reads them.
  const [site] = callSitesOf(error) ?? [],
    stack: unknown = attempt(() => error.stack);
  if (site !== undefined) return frameOfSite(site);
  // A host's own formatter may give what it likes.
  if (typeof stack !== "string") return null;
  for (const line of stack.split("\n").slice(0, 4)) {
    const frame = parseFrame(line);
    if (frame !== null) return frame;
  }
  return null;
}

function findHome(): Home {
  const [site] = callSites(1, callSites) ?? [],
    own = site === undefined ? frameOf(new Error("home")) : frameOfSite(site);
  // Where Deno does not find the source that a map names, it gives the built file with lines of the source, which are no
  // places in it.
  const first = frameOf(firstLine),
    moved = first?.line === FIRST_PLACE.line && first.column === FIRST_PLACE.column;
  const names = /^(.*\/)memory\/places\/sites\.[cm]?[jt]s(?:\?.*)?$|^(.*\/chunk-nbytes-)[A-Z\d]+\.js(?:\?.*)?$/.exec(
    own?.file ?? "",
  );
  return { own: names?.[1] ?? names?.[2] ?? (moved ? first.file : null), first, last: lastLine };
}

function isOurs(frame: Frame): boolean {
  home ??= findHome();
  const { own, first, last } = home;
  if (own !== null) return frame.file.startsWith(own);
  // The host kept no stacks when the library was loaded: better no line than one of ours.
  if (first === null && last === null) return true;
  const afterFirst = first === null || frame.file !== first.file || !before(frame, first);
  const beforeLast = last === null || frame.file !== last.file || !before(last, frame);
  return (frame.file === first?.file || frame.file === last?.file) && afterFirst && beforeLast;
}

function before(a: Frame, b: Frame): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

function frameOfSite(site: CallSite): Frame | null {
  const file = fileOf(site);
  if (file === "") return null;
  return { file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0, fn: nameOf(site) };
}

function fileOf(site: CallSite): string {
  return site.getFileName() || site.getScriptNameOrSourceURL?.() || "";
}

function nameOf(site: CallSite): string {
  return (site.getFunctionName() ?? "").replace(/^(?:Object|Module)\./, "");
}

// Code of the runtime itself, and code without a file, is nobody's line.
function isForeign(file: string): boolean {
  // Bun gives paths to files, and their addresses, with lines of its own, to what an eval in them made.
  if (globals.Bun !== undefined && file.startsWith("file:")) return true;
  return file === "" || /^(?:node:|bun:|ext:|native|wasm:|\[)/.test(file);
}

function positionsIn(file: string): Map<number, number> | null {
  if (file === lastFile) return lastPositions;
  let known = positions.get(file);
  if (known === undefined) {
    known = isForeign(file) ? null : new Map();
    positions.set(file, known);
  }
  lastFile = file;
  lastPositions = known;
  return known;
}

function numberOf(site: CallSite): number {
  const known = positionsIn(fileOf(site));
  if (known === null) return OURS;
  const position = site.getPosition?.() ?? (site.getLineNumber() ?? 0) * 65536 + (site.getColumnNumber() ?? 0);
  let number = known.get(position);
  if (number === undefined) {
    const frame = frameOfSite(site)!;
    number = isOurs(frame) ? OURS : intern(frame, toldByHost(site), site.getPosition === undefined);
    known.set(position, number);
  }
  return number;
}

/** Whether a frame lies in the user's program: neither in the library nor in the host. */
export function isUsers(site: CallSite): boolean {
  return numberOf(site) !== OURS;
}

/** Whether a frame is the host's own. */
export function isHosts(site: CallSite): boolean {
  return isForeign(fileOf(site));
}

/** Whether it is the user's, for a stack where only text is to be had. */
export function isUsersLine(line: string): boolean {
  return numberOfLine(line) !== OURS;
}

function intern(frame: Frame, told: Frame | null, byHost: boolean): number {
  return sites.push({ frame, told, byHost, mapped: null }) - 1;
}

// A host with a formatter of its own (vitest, ts-node) knows maps that nobody else can find. It is asked at once, for a
// CallSite that is kept would keep alive what the function's `this` holds.
function toldByHost(site: CallSite): Frame | null {
  const prepare = hostPrepare();
  if (prepare === undefined) return null;
  try {
    const lines = String(prepare(new Error("site"), [site])).split("\n");
    return parseFrame(lines[lines.length - 1]);
  } catch {
    return null;
  }
}

function numberOfLine(line: string): number {
  let number = lines.get(line);
  if (number === undefined) {
    const frame = parseFrame(line);
    number = frame === null || isForeign(frame.file) || isOurs(frame) ? OURS : intern(frame, null, false);
    lines.set(line, number);
  }
  return number;
}

// Whether the engine gives stacks as text only; known after the first search.
let textOnly = false;
let depth = 0;
let stack = 0;

/** Whole stacks, each a site and the stack that called it; 0 is the empty one. */
const stacks: { readonly site: number; readonly caller: number }[] = [{ site: 0, caller: 0 }];
const stackNumbers = new Map<number, number>();

// What each open trace asks for: they may end in any order.
const depthsAsked: number[] = [];

/** Lets `siteNow` also take the callers, at least so many, until the function that it returns is called. @internal */
export function takeStacks(frames: number): () => void {
  depthsAsked.push(frames);
  depth = Math.max(...depthsAsked);
  return () => {
    depthsAsked.splice(depthsAsked.indexOf(frames), 1);
    depth = Math.max(0, ...depthsAsked);
  };
}

/** The stack that the last `siteNow` took. @internal */
export function lastStack(): number {
  return stack;
}

let spentMs = 0;
let searches = 0;

/** Milliseconds spent looking for sites since the start: what traces cost. */
export function spent(): number {
  return spentMs;
}

// How many frames below its `below` an operation's user was found: each frame costs half a microsecond.
const depths = new Map<string, number>();

/**
 * The user's line of the call under way, as a number for `siteAt`; 0 if none is found. `callers` says whether the stack is
 * of use too, where stacks are taken at all: nobody asks who called what disposes.
 */
export function siteNow(below: unknown, op: string, callers = true): number {
  // The clock is a tenth of a search's cost: of many searches one in sixteen is timed, and stands for the others.
  const weight = searches++ < 64 ? 1 : (searches & 15) === 0 ? 16 : 0,
    began = weight === 0 ? 0 : now(),
    taken = callers ? depth : 0,
    limit = (depths.get(op) ?? 1) + (taken > 1 ? taken - 1 : 0);
  let from = entrances.get(op) ?? below,
    frames = textOnly ? null : callSites(limit, from);
  // Others than its own function may ask for memory in an operation's name.
  if (frames !== null && frames.length === 0 && from !== below) {
    from = below;
    frames = callSites(limit, from);
  }
  textOnly = frames === null;
  let found = look(frames, limit, taken);
  if (found === 0) found = lookFurther(from, op, taken);
  if (weight !== 0) spentMs += weight * (now() - began);
  return found;
}

// The user stands deeper than for the operation's calls before.
function lookFurther(from: unknown, op: string, taken: number): number {
  for (const limit of [16, 60]) {
    const found = look(textOnly ? null : callSites(limit + taken, from), limit, taken);
    if (found === 0) continue;
    depths.set(op, reached);
    return found;
  }
  return 0;
}

// In which frame the last search found the user, from 1.
let reached = 0;

// Finds the user among frames, and takes so many of them from there on as the stack. Where the engine gives none, the
// text of the stack is read, in which the library's own frames come first.
function look(frames: readonly CallSite[] | null, limit: number, taken: number): number {
  const numbers = frames === null ? stackLines(limit + taken + 8).map(numberOfLine) : null,
    count = numbers?.length ?? frames!.length;
  let user = 0;
  reached = 0;
  stackLength = 0;
  for (let i = 0; i < count; i++) {
    const number = numbers === null ? numberOf(frames![i]) : numbers[i];
    if (number === OURS) continue;
    if (user === 0) {
      user = number;
      reached = i + 1;
    }
    if (stackLength >= taken) break;
    stackNow[stackLength++] = number;
  }
  if (taken > 0) stack = stackOf();
  return user;
}

// The sites of the stack being taken, innermost first.
const stackNow: number[] = [];
let stackLength = 0;

// Interned as a tree that grows from the outermost caller, so that equal stacks are equal numbers.
function stackOf(): number {
  let caller = 0;
  for (let i = stackLength - 1; i >= 0; i--) {
    const key = caller * 1_048_576 + stackNow[i];
    let found = stackNumbers.get(key);
    if (found === undefined) {
      found = stacks.push({ site: stackNow[i], caller }) - 1;
      stackNumbers.set(key, found);
    }
    caller = found;
  }
  return caller;
}

/** The sites of a stack, innermost first. */
export function sitesOfStack(number: number): number[] {
  const list: number[] = [];
  for (let at = number; at !== 0; at = stacks[at].caller) list.push(stacks[at].site);
  return list;
}

/** The line that a number stands for, through source maps if there are any; undefined for 0. */
export function siteAt(number: number): Site | undefined {
  const known = sites[number];
  if (known === undefined || known === null) return undefined;
  known.mapped ??= mapFrame(known.frame, known.told, known.byHost);
  const { fn } = known.frame,
    { file, line, column, ...rest } = known.mapped;
  return { file, line, column, ...(fn === "" ? {} : { fn: plain(fn) }), ...rest };
}

/** The built files among those of sites whose source maps are missing: minified ones, and those that nbytes was built into. */
export function withoutMaps(numbers: Iterable<number>): string[] {
  const files = new Set<string>();
  for (const number of numbers) {
    const known = sites[number],
      site = siteAt(number);
    if (!known || site === undefined) continue;
    const { frame } = known,
      moved = site.line !== frame.line || site.column !== frame.column,
      within = home?.own === null && frame.file === home.first?.file;
    if (site.crowded || (within && !moved)) files.add(baseName(site.file));
  }
  return [...files];
}

/** `fastcount.ts:15`, or an empty text for a site nobody knows. */
export function siteText(number: number): string {
  const site = siteAt(number);
  return site === undefined ? "" : `${nameOfFile(site.file)}:${lineText(site)}`;
}

// A text that stands alone must tell its file from those of all lines that are known so far.
function nameOfFile(file: string): string {
  for (; named < sites.length; named++) {
    const known = siteAt(named)?.file ?? "",
      name = baseName(known),
      group = namesakes.get(name);
    if (group === undefined) namesakes.set(name, new Set([known]));
    else group.add(known);
  }
  const name = baseName(file),
    group = namesakes.get(name);
  return group === undefined || group.size === 1 ? name : namesOf(group)(file);
}

let named = 1;
const namesakes = new Map<string, Set<string>>();

/** A site without the text of its line. */
export function withoutText({ source: _, ...site }: Site): Site {
  return site;
}

/** What has a site, without the text of its lines. */
export function withoutSource<E extends { readonly site?: Site; readonly stack?: readonly Site[] }>(one: E): E {
  const { site, stack } = one;
  return {
    ...one,
    ...(site === undefined ? {} : { site: withoutText(site) }),
    ...(stack === undefined ? {} : { stack: stack.map(withoutText) }),
  };
}

setSiteOf(siteNow);
