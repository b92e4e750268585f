import { builtin, globals } from "../base/host.js";

// Finding forgotten arrays while synchronous code runs. The collector does not see WASM memory, and it calls no
// finalizers before the running job ends; but a WeakRef goes empty at once if its keep-alive is ended by entering a
// context with a microtask queue of its own, and the collector is then called by hand (Node 20 to 26, Deno, Bun).

interface Vm {
  runInNewContext?(code: string): () => void;
  createContext?(of: object, options: { microtaskMode: "afterEvaluate" }): object;
  Script?: new (code: string) => { runInContext(context: object): void };
}
interface V8 {
  setFlagsFromString?(flags: string): void;
}

const { Bun } = globals;

/**
 * Whether this runtime lets forgotten arrays be found synchronously. Browsers do not. A host with stubs in the place of
 * Node's modules may seem to, until it is tried for the first time.
 */
export let canCollect = Bun?.gc !== undefined || hasParts();

function hasParts(): boolean {
  // node:v8 is not asked for yet: to load it takes Node 2 ms.
  const vm = builtin<Vm>("node:vm");
  return [vm?.runInNewContext, vm?.createContext, vm?.Script].every((part) => typeof part === "function");
}

let collect: (() => void) | null = null;

/** Runs the collector so that WeakRefs of unreachable objects are empty when it returns; false if the host cannot. */
export function collectGarbage(): boolean {
  try {
    collect ??= prepare();
    collect();
  } catch {
    canCollect = false;
  }
  return canCollect;
}

function prepare(): () => void {
  if (Bun?.gc !== undefined) return () => Bun.gc!(true);
  const vm = builtin<Required<Vm>>("node:vm")!,
    v8 = builtin<Required<V8>>("node:v8")!;
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" }),
    turn = new vm.Script("0");
  // The flag is taken back at once, so that contexts and workers made later see no global `gc`.
  v8.setFlagsFromString("--expose-gc");
  try {
    const gc = vm.runInNewContext("gc");
    return () => {
      turn.runInContext(context);
      gc();
    };
  } finally {
    v8.setFlagsFromString("--no-expose-gc");
  }
}
