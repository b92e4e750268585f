import { type CallSite, callSites, callSitesOf, captureBelow } from "./frames.js";

// One call of a function, known again by its callers: while it runs they stand where they stood.

const ALL = 10_000;

/** The places of the functions under way, innermost first; null where the engine gives none. */
export type Running = readonly CallSite[] | null;

/** A call of a function that was under way. */
export interface Activation {
  /** Its stack, looked at when it is first asked for: most are not. */
  stack: Running | undefined;
  readonly holder: object;
}

/** The call that stands right below a running function. */
export function activationBelow(below: unknown): Activation {
  const holder = {};
  captureBelow(holder, below, ALL);
  return { stack: undefined, holder };
}

/** The functions under way below a running function, but for those by which the host tells of a promise. */
export function running(below: unknown): Running {
  const stack = synchronous(callSites(ALL, below));
  if (stack === null) return null;
  let first = 0;
  while (first < stack.length && isTeller(stack[first])) first++;
  return stack.slice(first);
}

/** Whether a call is under way still. */
export function isRunning(call: Activation, stack: Running): boolean {
  const then = stackOf(call);
  if (then === null || stack === null || then.length === 0 || stack.length < then.length) return false;
  const more = stack.length - then.length;
  for (let i = then.length - 1; i > 0; i--) if (!isSamePlace(then[i], stack[i + more])) return false;
  return isSameFunction(then[0], stack[more]);
}

/** Whether a call, where it is told of an await, is itself what awaits. */
export function isSuspending(call: Activation, stack: Running): boolean {
  return stackOf(call)?.length === stack?.length && isRunning(call, stack);
}

function stackOf(call: Activation): Running {
  // The holder has a stack as an error has.
  if (call.stack === undefined) call.stack = synchronous(callSitesOf(call.holder as Error));
  return call.stack;
}

// The frames below an `await` that goes on are a memory of what called it.
function synchronous(stack: CallSite[] | null): Running {
  return stack?.filter((site) => site.isAsync?.() !== true) ?? null;
}

function fileOf(site: CallSite): string {
  return site.getScriptNameOrSourceURL?.() ?? site.getFileName() ?? "";
}

function isTeller(site: CallSite): boolean {
  return /^node:internal\/(?:async|promise)_hooks$/.test(fileOf(site));
}

function isSamePlace(a: CallSite, b: CallSite): boolean {
  return a.getPosition?.() === b.getPosition?.() && fileOf(a) === fileOf(b);
}

function isSameFunction(a: CallSite, b: CallSite): boolean {
  return (
    a.getFunctionName() === b.getFunctionName() &&
    fileOf(a) === fileOf(b) &&
    a.getEnclosingLineNumber?.() === b.getEnclosingLineNumber?.() &&
    a.getEnclosingColumnNumber?.() === b.getEnclosingColumnNumber?.()
  );
}
