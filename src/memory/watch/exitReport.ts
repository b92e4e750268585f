import { attempt, environment, say } from "../../base/host.js";
import { formatBytes } from "../../base/units.js";
import { core, started } from "../../core/instance.js";
import { forgotten as forgottenBytes, reclaim, reclaims } from "../../heap/allocate.js";
import { canCollect } from "../../heap/collector.js";
import { columns, counted, cut } from "../common/text.js";
import { baseName } from "../places/fileNames.js";
import { siteAt, sitesOfStack, siteText } from "../places/sites.js";
import { mostForgetful } from "../record/costs.js";
import { attach, detach } from "../record/listeners.js";
import { type Level, levels } from "../record/recorder.js";
import { Bill, type Charge, chargeTable } from "../report/bill.js";
import type { Report } from "../report/report.js";
import { mapNotes, overheadText } from "../report/reportText.js";
import { Tracing } from "./trace.js";

// `NBYTES_TRACE=lines node app.js`, or `node --import nbytes/trace app.js`: a trace from the start of a program to its
// end, with no change to it. Where nobody asked, one property is read at the start.

interface Process {
  readonly argv?: readonly string[];
  on?(event: "exit", listener: () => void): void;
}

interface Deno {
  readonly permissions: { querySync(of: { name: "env"; variable: string }): { readonly state: string } };
}

/** What all copies of the library in a program share: a bundle has one of its own. */
interface Asked {
  readonly level: Level;
  /** Copies whose report is still to come, and whether one had something to tell. */
  waiting: number;
  told: boolean;
}

const key = Symbol.for("nbytes.trace");
const host = globalThis as { process?: Process; Deno?: Deno; [key]?: Asked };

let tracing = false;

/** Traces until the process exits, in this copy of the library and in those loaded later, and then prints a report. */
export function traceUntilExit(level: Level = askedLevel() ?? "lines"): void {
  const { process } = host;
  if (tracing || typeof process?.on !== "function") return;
  tracing = true;
  // Where no global may be made, this copy asks for itself alone.
  attempt(() => {
    host[key] ??= { level, waiting: 0, told: false };
  });
  const asked = host[key] ?? { level, waiting: 0, told: false },
    sited = level === "lines" || level === "stacks";
  // The sums are kept, the events are not: a program may run for days.
  const trace = new Tracing({ level, maxEvents: 0 }),
    bill = new Bill(sited, level === "stacks");
  attach(bill);
  asked.waiting++;
  process.on("exit", () => {
    const report = trace.stop(),
      searches = { ...reclaims, most: mostForgetful(forgottenBytes) },
      forgotten = canCollect && started ? reclaim() : 0,
      name = baseName(process.argv?.[1] ?? "") || "the program";
    detach(bill);
    asked.waiting--;
    if (report.allocs > 0) {
      asked.told = true;
      say("error", [exitReport(name, level, report, bill, forgotten), ...costs(report, bill, searches)].join("\n"));
    } else if (asked.waiting === 0 && !asked.told) say("error", `nbytes: ${name} made no arrays`);
  });
}

function askedLevel(): Level | null {
  // Deno asks its user before a program may read the environment: no import is worth a question.
  const allowed = attempt(() => host.Deno?.permissions.querySync({ name: "env", variable: "NBYTES_TRACE" }).state),
    wish = ((allowed ?? "granted") === "granted" && environment("NBYTES_TRACE")) || "";
  if (["", "0", "false", "off"].includes(wish)) return null;
  const level = levels.find((l) => l === wish);
  if (level === undefined && !["1", "true", "on"].includes(wish))
    say("error", `nbytes: NBYTES_TRACE=${wish} is none of ${levels.join(", ")}; taking lines`);
  return level ?? "lines";
}

function exitReport(name: string, level: Level, report: Report, bill: Bill, forgotten: number): string {
  const { allocated, allocs, frees, peak, retained, copied } = report;
  const copies = copied > 0 ? `, ${formatBytes(copied)} of it copies` : "";
  const lost = forgotten > 0 ? `, ${formatBytes(forgotten)} of it forgotten` : "";
  const totals = [
    ["allocated", formatBytes(allocated), `in ${counted(allocs, "array")}${copies}`],
    ["peak", formatBytes(peak), ""],
    ["retained", formatBytes(retained), `in ${counted(allocs - frees, "array")} at exit${lost}`],
    ...(started ? [["reserved", formatBytes(core.reservedBytes()), "of linear memory"]] : []),
  ];
  return [
    `nbytes: the memory of ${name}, traced at the level ${level}`,
    columns(totals, "<><", "  "),
    ...(bill.sited ? byLine(bill, level === "stacks") : byOperation(report, level)),
  ].join("\n");
}

function byOperation(report: Report, level: Level): string[] {
  if (level !== "events") return [];
  const rows = report
    .ops()
    .filter(({ allocs }) => allocs > 0)
    .map(({ op, allocs, allocated }) => [formatBytes(allocated), `in ${allocs.toLocaleString("en-US")}`, op]);
  return ["\nallocated, by operation", columns(rows.slice(0, 20), "><<", "  ")];
}

function byLine({ charges }: Bill, stacks: boolean): string[] {
  const allocated = charges.map((charge) => ({ charge, bytes: charge.allocated, count: charge.allocs }));
  const live = charges
    .map((charge) => ({ charge, bytes: charge.retained - charge.collected, count: charge.kept - charge.found }))
    .filter(({ count }) => count > 0);
  return [
    "\nallocated, by line",
    chargeTable(allocated, { most: 20 }),
    ...(live.length === 0 ? [] : ["\nlive at exit, by line", chargeTable(live, { most: 20 })]),
    ...(stacks ? ["\nallocated, with callers", ...callers(charges)] : []),
  ];
}

function callers(charges: readonly Charge[]): string[] {
  const largest = [...charges].sort((a, b) => b.allocated - a.allocated).slice(0, 8);
  return largest.flatMap(({ stack, op, allocated, allocs }) => [
    `  ${formatBytes(allocated)} in ${counted(allocs, "array")}, ${op}`,
    ...sitesOfStack(stack).map((site) => cut(`    at ${siteText(site)}  ${siteAt(site)?.source ?? ""}`.trimEnd())),
  ]);
}

interface Searches {
  readonly count: number;
  readonly ms: number;
  readonly bytes: number;
  readonly most: string;
}

function costs({ overhead }: Report, { sited, charges }: Bill, { count, ms, bytes, most }: Searches): string[] {
  const time = `${counted(count, "search")} for forgotten arrays took ${ms.toFixed(0)} ms`,
    found = `${time} and found ${formatBytes(bytes)}${most === "" ? "" : `, most by ${most}`}`;
  return [
    "",
    ...mapNotes(charges.map(({ site }) => site)),
    overheadText(sited, overhead),
    ...(count > 0 ? [found] : []),
  ];
}

const level = host[key]?.level ?? askedLevel();
if (level !== null) traceUntilExit(level);
