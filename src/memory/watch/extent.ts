import { type Birthplace, enter, type NDArray } from "../../array/ndarray.js";
import { now } from "../../base/host.js";
import {
  type Activation,
  activationBelow,
  isRunning,
  isSuspending,
  type Running,
  running,
} from "../places/activation.js";
import { type TaskHost, taskHost } from "./taskHost.js";

// What lasts from one moment of a task to another: a scope, a limit. In one synchronous job all that happens belongs to
// it. After an await other tasks have had their turns: each must be known.
//
//      job 1                              job 2          job 3
//      task(1) opens A ─ await ┐          B's task ···   A's task ··· closes A
//      task(2) opens B ─ await ┘
//
// The promise of an await, or a timer, runs for the innermost extent that was open when it was made. The await of the
// very function that opened an extent ends it for the rest of the job, which is the caller's. A function that returned
// while its extent was open has let it go: what then happens in the job may be anybody's.

/** What is told of its extent. */
export interface Owner {
  /** Receives an array that was born in the extent. */
  adopt?(array: NDArray): void;
  /** All that happened until now was the task's own. */
  certain(): void;
  /** The opening job is over, and nobody knows whose work it was that happened since `certain`. */
  uncertain(): void;
}

/** One synchronous run of code from the host's loop or a promise, in which an extent was opened. */
interface Job {
  readonly id: unknown;
  innermost: Extent | null;
  over: boolean;
  /** What is known of the extents that were opened one after another, by how many there were around them. */
  rows: Row[];
}

interface Row {
  readonly opener: Activation;
  /** How many of them were closed without a promise or timer made in the job since the first. */
  calm: number;
  /** When the last one was opened, in milliseconds. */
  at: number;
}

// A stack costs 3 to 10 µs, ten times what else an extent costs. So it is not taken anew for each extent of a quick loop:
// after so many in a row that were closed before anything asynchronous began, the next is taken to be opened by the same
// call, if it follows within so many milliseconds. Whatever begins something asynchronous ends the row. What is lost: a
// function that is called right after such a loop, opens an extent and returns without ending it, is taken for the loop's.
const CALM = 64,
  QUICK = 0.1;

/** Why some hosts refuse what lasts across an await. */
export const whyNotAcross =
  "needs a host that can tell this task's arrays from those of others: here, put the synchronous work between two awaits " +
  "into memory.scope(() => …), and dispose() or `using` what lasts longer; in Deno and Bun, await memory.scope(async () => …)";

let host: TaskHost<Extent> | null = null;
const jobs = new Map<unknown, Job>();
/** The job that was last asked for. */
let last: Job | null = null;
let open = 0;

/** What lasts from a moment of a task to another. */
export class Extent {
  readonly #job: Job;
  readonly #opener: Activation | null;
  readonly #depth: number;
  /** Whether the extent around it is its task's, beyond doubt. */
  #nested: boolean;
  #open = true;
  /** Whether its function has returned while it was open. */
  #letGo = false;

  /** `below` is the function that opens it, below which its user stands; null for what `run` is called of. */
  constructor(
    readonly owner: Owner,
    below: unknown,
  ) {
    host ??= taskHost(captured);
    if (open++ === 0) host.on();
    this.#job = jobUnderWay(host);
    const around = openFrom(this.#job.innermost);
    this.around = around;
    this.#depth = around === null || around.#job !== this.#job ? 0 : around.#depth + 1;
    this.#opener = below === null || !host.watches ? null : openerIn(this.#job, this.#depth, below);
    this.#nested = around === null || around.ran || around.#job !== this.#job;
    this.ran = below === null;
    this.#job.innermost = this;
    enter(births);
  }

  readonly around: Extent | null;
  readonly ran: boolean;

  get open(): boolean {
    return this.#open;
  }

  /** Whether the job is over in which it was opened. */
  get crossed(): boolean {
    return this.#job.over;
  }

  /** Whether the host can tell what happens on behalf of a function that `run` has called. */
  get follows(): boolean {
    return host!.follows;
  }

  /** Whether it has lasted across an await, after which nobody knows what belongs to it. */
  get unknowable(): boolean {
    return this.crossed && !(this.ran ? host!.follows : host!.watches);
  }

  /** Whether what happens now belongs to it. */
  get holds(): boolean {
    for (let at = current(); at !== null; at = openFrom(at.around)) if (at === this) return true;
    return false;
  }

  /** The extents around it that are open and of the same task, innermost first. */
  *outer(): Generator<Extent> {
    for (let at: Extent = this; at.around !== null && (!this.crossed || at.#nested); at = at.around)
      if (at.around.#open) yield at.around;
  }

  /** Runs a function in it; ends the extents for the caller that were opened in the function, if `later` says of its result so. */
  run<R>(fn: () => R, later: (result: R) => boolean): R {
    const job = this.#job,
      result = host!.run(this, fn);
    if (!later(result)) return result;
    const { around } = this;
    if (around !== null && !this.#nested) this.#nested = around.#isRunning();
    while (job.innermost !== null && job.innermost.#job === job && this.#open) {
      const gone = job.innermost;
      job.innermost = gone.around;
      if (gone === this) break;
      gone.owner.uncertain();
    }
    return result;
  }

  #isRunning(): boolean {
    return this.#opener !== null && !this.#letGo && isRunning(this.#opener, running(Extent.prototype.run));
  }

  end(): void {
    this.#open = false;
    const row = this.#job.rows[this.#depth];
    if (row !== undefined && row.opener === this.#opener) row.calm++;
    if (--open > 0) return;
    enter(null);
    if (jobs.size === 0) host!.off();
  }

  /** Tells the extents of a job what a stack says of their functions. */
  static look(job: Job, stack: Running): void {
    for (let at = openFrom(job.innermost); at !== null && at.#job === job && !at.ran; at = openFrom(at.around)) {
      if (at.#letGo) continue;
      if (at.#opener !== null && isRunning(at.#opener, stack)) at.owner.certain();
      else at.#letGo = true;
    }
  }

  /** The innermost extent of a job that its function has not let go. */
  static heldIn(job: Job): Extent | null {
    let at = openFrom(job.innermost);
    for (; at !== null; at = openFrom(at.around)) if (!at.#letGo || at.#job !== job) break;
    return at;
  }

  /** Ends for the rest of the job what the function opened that suspends now. */
  static suspend(job: Job, stack: Running): boolean {
    let rest = job.innermost;
    for (let at = openFrom(rest); at !== null && at.#job === job && !at.ran; at = openFrom(at.around))
      if (!at.#letGo && isSuspending(at.#opener!, stack)) rest = at.around;
    if (rest === job.innermost) return false;
    for (let at = job.innermost; at !== rest && at !== null; at = at.around)
      if (at.#open && at.#letGo) at.owner.uncertain();
    job.innermost = rest;
    return true;
  }

  static ending(job: Job): void {
    for (let at = job.innermost; at !== null && at.#job === job; at = at.around)
      if (at.#open && !at.ran) at.owner.uncertain();
  }

  /** Whether an extent was opened, and not only run, in this job. */
  static isOpenedIn(job: Job, extent: Extent | null): extent is Extent {
    return extent !== null && extent.#job === job && !extent.ran;
  }
}

function openerIn(job: Job, depth: number, below: unknown): Activation {
  const row = job.rows[depth],
    at = now(),
    quick = row !== undefined && at - row.at < QUICK;
  if (quick && row.calm >= CALM) {
    row.at = at;
    return row.opener;
  }
  const opener = activationBelow(below);
  job.rows[depth] = { opener, calm: quick ? row.calm : 0, at: now() };
  return opener;
}

function openFrom(extent: Extent | null): Extent | null {
  let at = extent;
  while (at !== null && !at.open) at = at.around;
  return at;
}

function jobOf(id: unknown): Job | null {
  if (last !== null && last.id === id) return last;
  if (jobs.size === 0) return null;
  const known = jobs.get(id);
  if (known !== undefined) last = known;
  return known ?? null;
}

/** The innermost extent that the running code belongs to. */
export function current(): Extent | null {
  if (host === null) return null;
  const job = jobOf(host.job());
  return openFrom(job === null ? host.task() : job.innermost);
}

function jobUnderWay(of: TaskHost<Extent>): Job {
  const id = of.job(),
    known = jobOf(id);
  if (known !== null) return known;
  const job: Job = { id, innermost: openFrom(of.task()), over: false, rows: [] };
  // What was queued before belongs to other jobs, which Node can tell apart.
  void Promise.resolve().then(() => finish(job));
  jobs.set(id, job);
  last = job;
  return job;
}

function finish(job: Job): void {
  job.over = true;
  jobs.delete(job.id);
  if (last === job) last = null;
  Extent.ending(job);
  if (open === 0 && jobs.size === 0) host!.off();
}

// The await of what is no promise makes two: one of the value, and one that follows from it and runs the rest.
let awaited = { id: 0, by: null as Extent | null };

function captured(id: number, trigger: number | null, below: unknown): Extent | null {
  if (host === null) return null;
  if (trigger !== null && trigger === awaited.id) return openFrom(awaited.by);
  const job = jobOf(host.job());
  if (job === null) return openFrom(host.task());
  job.rows.length = 0;
  const inner = openFrom(job.innermost);
  if (!Extent.isOpenedIn(job, inner)) return inner;
  const stack = running(below);
  Extent.look(job, stack);
  const by = Extent.heldIn(job);
  if (trigger !== null && Extent.suspend(job, stack)) awaited = { id, by };
  return by;
}

const births: Birthplace = {
  born(array) {
    for (let at = current(); at !== null; at = openFrom(at.around)) {
      if (at.owner.adopt === undefined) continue;
      at.owner.adopt(array);
      return;
    }
  },
};
