import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { formatBytes } from "../../index.js";
import type { Called, Place, Traced } from "../child/job.js";
import { type Action, count, flag, type Given, text, word } from "../frame/command.js";
import { CliError, FINE, FOUND, type Io, paint, print, printJson } from "../frame/io.js";
import { openPage } from "../frame/opening.js";
import { cut, table } from "../frame/table.js";
import { writeAll } from "../frame/writing.js";
import { type Ran, runProgram } from "./program.js";
import { bytes } from "./sizes.js";

// Three questions to a program that runs once: what it did to memory, what it never gave back, what was live at its peak.

export const trace: Action = async (given, io) => {
  const level = word(given, "level", ["lines", "stacks"] as const, "lines"),
    html = text(given, "html") ?? (flag(given, "open") ? pageFor(given) : undefined);
  const ran = await traced(given, io, level, html !== undefined),
    { answer } = ran;
  if (html !== undefined) await writeAll(resolve(io.cwd, html), answer.html ?? "");
  const unopened = html !== undefined && flag(given, "open") ? await openPage(resolve(io.cwd, html), io) : null;
  if (flag(given, "json")) print(io, answer.json);
  else {
    if (answer.allocs === 0) print(io, `${given.operands[0]} made no arrays`);
    else print(io, answer.text, ...callers(answer.stacks));
    if (html !== undefined) print(io, `written: ${html}`);
  }
  if (unopened !== null) io.stderr.write(`${paint(io.stderr, io.env, "red", "nbytes:")} not opened: ${unopened}\n`);
  return endOf(ran, given, io, unopened !== null);
};

// What is only looked at lies where the system clears up.
const pageFor = ({ operands: [path] }: Given): string =>
  join(tmpdir(), `nbytes-${process.pid}-${basename(path).replace(/\W/g, "-")}.html`);

export const peak: Action = async (given, io) => {
  const most = bytes(given, "max"),
    ran = await traced(given, io, "lines", false),
    { atPeak, timeline, peak, allocs } = ran.answer,
    over = most !== undefined && peak > most;
  if (flag(given, "json")) printJson(io, { peak, ...(most === undefined ? {} : { max: most }), atPeak });
  else if (allocs === 0) print(io, `${given.operands[0]} made no arrays`);
  else {
    print(io, `peak ${formatBytes(peak)}, of these lines`, ...placeRows(atPeak), timeline);
    if (over)
      print(io, paint(io.stdout, io.env, "yellow", `more than ${formatBytes(most)} by ${formatBytes(peak - most)}`));
  }
  return endOf(ran, given, io, over);
};

export const leaks: Action = async (given, io) => {
  const name = text(given, "call");
  if (name !== undefined) return leaksOfFunction(name, given, io);
  const ran = await traced(given, io, "lines", false),
    { atEnd, forgotten } = ran.answer,
    found = atEnd.length > 0 || forgotten.arrays > 0;
  const left = atEnd.reduce((sum, { size }) => sum + size, 0);
  if (flag(given, "json")) printJson(io, { live: left, atEnd, forgotten });
  else if (!found) print(io, `${given.operands[0]} gave back all it took`);
  else {
    if (left > 0) print(io, `${formatBytes(left)} live at exit: never given back, of these lines`, ...placeRows(atEnd));
    if (forgotten.arrays > 0) {
      const most = forgotten.most === undefined ? "" : `, most by ${forgotten.most}`;
      print(
        io,
        cut(
          `${formatBytes(forgotten.bytes)} in ${forgotten.arrays.toLocaleString("en-US")} arrays forgotten, found by the collector${most}`,
        ),
      );
    }
    print(io, "`using` or memory.scope frees at once");
  }
  return endOf(ran, given, io, found);
};

async function leaksOfFunction(name: string, given: Given, io: Io): Promise<number> {
  const runs = count(given, "runs", 3),
    call = { name, leaks: { warmups: 1, runs } };
  return tellCalled(
    await runProgram<Called>({ path: given.operands[0], args: given.rest, call, quiet: flag(given, "json") }, io),
    given,
    io,
  );
}

/** Prints what came of calling a function; gives the exit code. */
export function tellCalled({ answer }: Ran<Called>, given: Given, io: Io): number {
  if (answer.error !== null) throw new CliError(`${given.operands[0]}: ${answer.error}`);
  if (flag(given, "json")) printJson(io, answer.result);
  else print(io, answer.text);
  return answer.found ? FOUND : FINE;
}

function traced(given: Given, io: Io, level: "lines" | "stacks", html: boolean): Promise<Ran<Traced>> {
  const quiet = flag(given, "json");
  return runProgram({ path: given.operands[0], args: given.rest, trace: { level, html }, quiet }, io);
}

function endOf({ failed }: Ran<Traced>, { operands: [path] }: Given, io: Io, found: boolean): number {
  if (failed !== null)
    io.stderr.write(`${paint(io.stderr, io.env, "red", "nbytes:")} ${path} did not end well: ${failed}\n`);
  return failed !== null || found ? FOUND : FINE;
}

function placeRows(places: readonly Place[]): string[] {
  const shown = places.slice(0, 20),
    rest = places.length - shown.length;
  return [
    ...table(
      shown.map(({ key, size, count, source }) => [
        formatBytes(size),
        count === 1 ? "" : `in ${count.toLocaleString("en-US")}`,
        key,
        source ?? "",
      ]),
      "><<<",
    ),
    ...(rest > 0 ? [`  and ${rest.toLocaleString("en-US")} lines more`] : []),
  ];
}

// The stacks with most bytes, of a text with a line for each: `outer (file:1);inner (file:2) 800`.
function callers(stacks: string): string[] {
  const rows = stacks.split("\n").flatMap((line) => {
    const [, frames, size] = /^(.*) (\d+)$/.exec(line) ?? [];
    return frames === undefined ? [] : [{ frames: frames.split(";").reverse(), size: Number(size) }];
  });
  if (rows.length === 0) return [];
  rows.sort((a, b) => b.size - a.size);
  return [
    "allocated, with callers",
    ...rows
      .slice(0, 8)
      .flatMap(({ frames, size }) => [`  ${formatBytes(size)}`, ...frames.map((one) => cut(`    at ${one}`))]),
  ];
}
