// Loaded before a program that `nbytes` runs: `node --import dist/cli-traced.js app.ts`. It begins a trace, and writes what
// it told when the process ends, however that comes.
import { writeFileSync } from "node:fs";
import type * as Library from "../../index.js";
import { hook } from "./hook.js";
import { type Job, type Traced, takeJob } from "./job.js";

const job = takeJob();
if (job !== undefined) {
  hook(job);
  if (job.trace !== undefined) await traceUntilExit(job, job.trace);
}

async function traceUntilExit(job: Job, { level, html }: NonNullable<Job["trace"]>): Promise<void> {
  // The job names the package's main file.
  const { memory } = (await import(job.library)) as typeof Library;
  const tracing = memory.tracing({ level, label: job.label });
  process.on("exit", () => writeFileSync(job.answer, JSON.stringify(answerOf(tracing.stop(), html))));
  // A program without a handler of its own would end without an exit event.
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const)
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + number);
    });
}

function answerOf(report: Library.memory.Report, html: boolean): Traced {
  const { arrays, bytes, most } = report.forgotten;
  return {
    allocs: report.allocs,
    peak: report.peak,
    // All of the program was traced, so that there is no other task.
    text: String(report).replace(/\nthe trace went on across an await:.*$/, ""),
    json: report.export("json"),
    html: html ? report.export("html") : null,
    stacks: report.level === "stacks" ? report.export("collapsed") : "",
    timeline: String(report.timeline({ width: 60 })),
    atPeak: [...report.atPeak().statistics("line")],
    atEnd: [...report.atEnd().statistics("line")],
    forgotten: { arrays, bytes, ...(most === undefined ? {} : { most }) },
  };
}
