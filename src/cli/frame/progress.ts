import { setImmediate } from "node:timers/promises";
import { formatBytes } from "../../index.js";
import { type Io, paint, WIDTH } from "./io.js";
import { cut } from "./table.js";

/** Work that takes longer than this, in milliseconds, says how far it is. */
const SILENT = 1000,
  EVERY = 100;

/**
 * How far work is, on one line of stderr that is written over: bytes or things done, their rate, and the time left. Only
 * a terminal sees it, and only after a second.
 */
export class Progress {
  readonly #began = performance.now();
  #next = SILENT;
  #breath = 0;
  #shown = false;

  constructor(
    private readonly io: Io,
    private readonly what: string,
    /** All of it, in bytes or in `unit`; unknown if 0. */
    private readonly total: number,
    private readonly unit: string = "bytes",
  ) {}

  /** Says that so much is done, and lets a signal be heard that came meanwhile. */
  async at(done: number): Promise<void> {
    const ms = performance.now() - this.#began;
    this.#show(done, ms);
    if (ms < this.#breath) return;
    this.#breath = ms + EVERY;
    await setImmediate();
  }

  #show(done: number, ms: number): void {
    if (this.io.stderr.isTTY !== true || ms < this.#next) return;
    this.#next = ms + EVERY;
    this.#shown = true;
    const line = cut(
      progressText(this.what, done, this.total, ms / 1000, this.unit),
      (this.io.stderr.columns ?? WIDTH) - 1,
    );
    this.io.stderr.write(`\r\x1b[2K${paint(this.io.stderr, this.io.env, "dim", line)}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.io.stderr.write("\r\x1b[2K");
    this.#shown = false;
  }
}

/** `convert: 1.20 of 4.80 GB, 310 MB/s, 12 s left`. */
export function progressText(what: string, done: number, total: number, seconds: number, unit: string): string {
  const amount = (n: number): string =>
    unit === "bytes" ? formatBytes(Math.round(n)) : `${Math.round(n).toLocaleString("en-US")} ${unit}`;
  const rate = done / seconds;
  const pieces = [total > 0 ? `${amount(done)} of ${amount(total)}` : amount(done), `${amount(rate)}/s`];
  if (total > 0 && rate > 0) pieces.push(`${timeText(Math.max(0, total - done) / rate)} left`);
  return `${what}: ${pieces.join(", ")}`;
}

function timeText(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
