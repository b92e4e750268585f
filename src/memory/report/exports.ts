import { ValueError } from "../../base/errors.js";
import { frame, plain } from "../../base/plain.js";
import { shown } from "../../base/shown.js";
import { linesOf, lineText } from "../places/fileNames.js";
import { type Site, siteAt, sitesOfStack } from "../places/sites.js";
import type { Recorder } from "../record/recorder.js";
import { sumOf } from "../record/sums.js";
import { type HtmlSource, toHtml } from "./html.js";
import { pprof } from "./pprof.js";

// Traces for other tools' viewers: what was allocated, by stack.

/** What an export leaves out. */
export interface ExportOptions {
  /** False leaves source text out. */
  source?: boolean;
}

/** The formats that are text. */
export type TextFormat = "json" | "collapsed" | "speedscope" | "svg" | "html";

/** Allocations that came from one stack, the outermost caller first. */
export interface Weight {
  readonly stack: readonly Site[];
  readonly bytes: number;
  readonly count: number;
}

/** Sums by stack; below the level `stacks` a stack is its one line. */
export function stacksOf({ byStack, bySite, byOp }: Recorder): Weight[] {
  const weights: Weight[] = [];
  if (byStack.size > 0) {
    for (const [number, row] of byStack) {
      const stack = sitesOfStack(number).map((site) => siteAt(site)!);
      weights.push({ stack: stack.reverse(), bytes: row.allocated, count: row.allocs });
    }
  } else if (bySite.size > 0) {
    for (const [number, row] of bySite)
      weights.push({ stack: [siteAt(number)!], bytes: row.allocated, count: row.allocs });
  } else {
    for (const [op, { rows }] of byOp) {
      const { allocated, allocs } = sumOf(rows);
      weights.push({ stack: [{ file: "", line: 0, column: 0, fn: op }], bytes: allocated, count: allocs });
    }
  }
  return weights.filter(({ count }) => count > 0);
}

function framesOf(weights: readonly Weight[]): (site: Site) => string {
  const lineOf = linesOf(weights.flatMap(({ stack }) => stack));
  return (site) => plain(site.file === "" ? (site.fn ?? "?") : `${site.fn ?? "(no name)"} (${lineOf(site)})`);
}

function collapsed(weights: readonly Weight[]): string {
  const frameName = framesOf(weights);
  return weights.map(({ stack, bytes }) => `${stack.map((s) => frame(frameName(s))).join(";")} ${bytes}\n`).join("");
}

// https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources
function speedscope(name: string, weights: readonly Weight[]): string {
  const frames: { name: string; file: string; line: number }[] = [],
    numbers = new Map<string, number>(),
    frameName = framesOf(weights);
  const frameOf = (site: Site): number => {
    const key = `${site.file}:${lineText(site)}:${site.fn}`,
      known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, frames.length);
    return frames.push({ name: frameName(site), file: site.file, line: site.line }) - 1;
  };
  const samples = weights.map(({ stack }) => stack.map(frameOf)),
    bytes = weights.map((weight) => weight.bytes);
  return JSON.stringify({
    $schema: "https://www.speedscope.app/file-format-schema.json",
    name,
    exporter: "nbytes",
    shared: { frames },
    profiles: [
      {
        type: "sampled",
        name,
        unit: "bytes",
        startValue: 0,
        endValue: bytes.reduce((sum, n) => sum + n, 0),
        samples,
        weights: bytes,
      },
    ],
  });
}

/** A report in a format for other tools. */
export function exported(
  format: TextFormat | "pprof",
  report: HtmlSource & { toJSON(): unknown },
  weights: readonly Weight[],
): string | Uint8Array<ArrayBuffer> {
  switch (format) {
    case "json":
      return JSON.stringify(report.toJSON());
    case "collapsed":
      return collapsed(weights);
    case "speedscope":
      return speedscope(report.label, weights);
    case "pprof":
      return pprof(weights);
    case "svg":
      return report.timeline().toSvg();
    case "html":
      return toHtml(report);
    default:
      throw new ValueError(
        `no such format: ${typeof format === "string" ? plain(format) : shown(format)}; json, collapsed, speedscope, pprof, svg or html`,
      );
  }
}
