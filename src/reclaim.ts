// Finding forgotten arrays while synchronous code runs. The collector does not see WASM memory, and it calls no
// finalizers before the running job ends; but a WeakRef goes empty at once if its keep-alive is ended by entering a
// context with a microtask queue of its own, and the collector is then called by hand (Node 20 to 26, Deno, Bun).

interface Host {
  process?: { getBuiltinModule?: (name: string) => unknown; versions?: { bun?: string } };
  Bun?: { gc(force: boolean): void };
}
interface Vm {
  runInNewContext(code: string): () => void;
  createContext(of: object, options: { microtaskMode: "afterEvaluate" }): object;
  Script: new (code: string) => { runInContext(context: object): void };
}
interface V8 {
  setFlagsFromString(flags: string): void;
}

const host = globalThis as Host;

/** Whether this runtime lets forgotten arrays be found synchronously. Browsers do not. */
export const canCollect = host.Bun !== undefined || typeof host.process?.getBuiltinModule === "function";

let collect: (() => void) | null = null;

/** Runs the collector so that WeakRefs of unreachable objects are empty when it returns. */
export function collectGarbage(): void {
  collect ??= prepare();
  collect();
}

function prepare(): () => void {
  const { Bun, process } = host;
  if (Bun !== undefined) return () => Bun.gc(true);
  const vm = process!.getBuiltinModule!("node:vm") as Vm,
    v8 = process!.getBuiltinModule!("node:v8") as V8;
  // The flag is taken back at once, so that contexts and workers made later see no global `gc`.
  v8.setFlagsFromString("--expose-gc");
  const gc = vm.runInNewContext("gc");
  v8.setFlagsFromString("--no-expose-gc");
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" }),
    turn = new vm.Script("0");
  return () => {
    turn.runInContext(context);
    gc();
  };
}
