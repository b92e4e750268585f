// The main file of a process in which `nbytes` calls a function that a program exports: `node dist/cli-called.js`.
import { writeFileSync } from "node:fs";
import type * as Library from "../../index.js";
import { hook } from "./hook.js";
import { type Call, type Called, takeJob } from "./job.js";

const job = takeJob();
if (job?.call !== undefined) {
  hook(job);
  writeFileSync(job.answer, JSON.stringify(await answerOf(job.library, job.call)));
}

async function answerOf(library: string, call: Call): Promise<Called> {
  // The job names the package's main file.
  const { memory } = (await import(library)) as typeof Library,
    exported = (await import(call.program)) as Record<string, unknown>,
    fn = exported[call.name];
  if (typeof fn !== "function") return failed(noFunction(call.name, exported));
  // What a function takes is its author's affair.
  const called = fn as (n?: number) => unknown;
  try {
    if (call.estimate !== undefined) {
      const told = memory.estimate(called, call.estimate);
      return { error: null, text: String(told), result: told, found: !told.fits };
    }
    const leaks = memory.leaks(() => settled(called()), call.leaks);
    const { found, once, runs, ended, perRun } = leaks;
    return { error: null, text: String(leaks), result: { perRun, runs, found, once, ended }, found: found.length > 0 };
  } catch (error) {
    return failed(`${call.name}() threw: ${String(error).replace(/\s*\n\s*/g, " ")}`);
  }
}

// What goes on after a run has ended would be billed to the next one.
function settled(value: unknown): unknown {
  if (typeof (value as PromiseLike<unknown> | undefined)?.then === "function")
    throw new TypeError("it is asynchronous, and runs are counted one by one: export one that is not");
  return value;
}

function failed(error: string): Called {
  return { error, text: "", result: null, found: false };
}

function noFunction(name: string, exported: Readonly<Record<string, unknown>>): string {
  const others = Object.keys(exported).filter((key) => typeof exported[key] === "function");
  return `it exports no function ${name}${others.length === 0 ? ", nor any other" : `; there is ${others.join(", ")}`}`;
}
