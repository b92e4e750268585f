import { paint } from "./tables.js";

// What is under way: one line that is written over on a terminal, and a plain line for each larger step elsewhere.

const { stderr } = process;
const spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const began = performance.now();
let turn = 0;
let section = "";

/** Begins a larger step of the work. */
export function step(name: string): void {
  section = name;
  if (!stderr.isTTY) stderr.write(`· ${clock()}  ${name}\n`);
  else detail("");
}

/** Says what is being done within the step. */
export function detail(text: string): void {
  if (!stderr.isTTY) return;
  turn = (turn + 1) % spinner.length;
  const line = `${spinner[turn]} ${clock()}  ${section}${text === "" ? "" : ` · ${text}`}`;
  stderr.write(`\r\x1b[2K${paint("dim", line.slice(0, (stderr.columns ?? 80) - 1))}`);
}

/** Takes the line of progress away, before something is printed. */
export function clear(): void {
  if (stderr.isTTY) stderr.write("\r\x1b[2K");
}

/** Seconds since the program began, as `0:07`. */
export function clock(): string {
  const seconds = Math.floor((performance.now() - began) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
