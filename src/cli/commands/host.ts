import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { formatBytes } from "../../index.js";
import { type Action, flag } from "../frame/command.js";
import { FINE, paint, print, printJson } from "../frame/io.js";
import { folded, table } from "../frame/table.js";

/** The machine's memory, in bytes. What the system does not tell is null. */
export interface Machine {
  readonly total: number;
  /** What programs have: all but the free and the cached. */
  readonly used: number;
  readonly free: number;
  /** Copies of files that the kernel keeps as long as nobody needs the room. */
  readonly cache: number | null;
  /** What a new program can have without swapping, as the kernel reckons. */
  readonly available: number;
  readonly swapTotal: number | null;
  readonly swapUsed: number | null;
  /** The most that this process may have, in a container. */
  readonly limit: number | null;
}

/** A share of swap that is a reason to worry. */
const SWAP = 0.1;

export const host: Action = (given, io) => {
  const machine = machineOf(readMeminfo(), freemem(), totalmem(), process.constrainedMemory?.() ?? 0),
    warning = warningOf(machine);
  if (flag(given, "json")) printJson(io, { ...machine, warning });
  else {
    print(io, ...hostLines(machine, flag(given, "si")));
    if (warning !== null)
      print(io, ...folded(`warning: ${warning}`, "  ").map((line) => paint(io.stdout, io.env, "yellow", line)));
  }
  return FINE;
};

function readMeminfo(): string | null {
  try {
    return readFileSync("/proc/meminfo", "utf8");
  } catch {
    return null;
  }
}

/** The figures, from the text of /proc/meminfo if there is one, else from what the system tells every program. */
export function machineOf(meminfo: string | null, freeBytes: number, totalBytes: number, limit: number): Machine {
  const of = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo ?? "");
    return found === null ? null : Number(found[1]) * 1024;
  };
  const total = of("MemTotal") ?? totalBytes,
    free = of("MemFree") ?? freeBytes,
    cached = of("Cached"),
    cache = cached === null ? null : cached + (of("Buffers") ?? 0) + (of("SReclaimable") ?? 0),
    swapTotal = of("SwapTotal"),
    swapFree = of("SwapFree");
  return {
    total,
    used: Math.max(0, total - free - (cache ?? 0)),
    free,
    cache,
    available: of("MemAvailable") ?? free + (cache ?? 0),
    swapTotal,
    swapUsed: swapTotal === null || swapFree === null ? null : swapTotal - swapFree,
    // Without a limit the call gives 0, or more than there is.
    limit: limit > 0 && limit < total ? limit : null,
  };
}

/** What is worth a worry, in words; null if nothing is. */
export function warningOf({ swapTotal, swapUsed }: Machine): string | null {
  if (swapTotal === null || swapUsed === null || swapUsed <= SWAP * swapTotal) return null;
  return `${Math.round((100 * swapUsed) / swapTotal)} % of swap is in use: memory is short, or was; what lies in swap is slow`;
}

/** The figures as a table, in powers of 1,024 unless `si`. */
export function hostLines(machine: Machine, si: boolean): string[] {
  const { total, used, free, cache, available, swapTotal, swapUsed, limit } = machine,
    amount = (bytes: number): string => formatBytes(bytes, { si, decimals: 1 }),
    share = (bytes: number): string => `${((100 * bytes) / total).toFixed(1)} %`;
  const row = (name: string, bytes: number | null, says: string): string[][] =>
    bytes === null ? [] : [[name, amount(bytes), share(bytes), says]];
  const swap =
    swapTotal === null || swapUsed === null
      ? []
      : swapTotal === 0
        ? [["swap", "none", "", "memory ends where it ends"]]
        : [["swap", amount(swapUsed), "", `in use, of ${amount(swapTotal)}`]];
  return table(
    [
      ["total", amount(total), "", "memory of this machine"],
      ...row("used", used, "by programs and the kernel"),
      ...row("buffers and cache", cache, "copies of files, dropped on demand"),
      ...row("free", free, "in no use at all"),
      ...row("available", available, cache === null ? "as the system tells" : "≈ free + cache: what can still be had"),
      ...swap,
      ...row("limit", limit, "the most this process may have"),
    ],
    "<>><",
    "",
  );
}
