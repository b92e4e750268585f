import { attempt, builtin } from "../../base/host.js";

// What a host tells of tasks: which job runs, and on whose behalf. Node tells of every promise and timer that is made,
// Deno and Bun have AsyncLocalStorage alone, browsers tell nothing.

/** What a host tells of the code that runs. */
export interface TaskHost<T extends object> {
  /** Whether code after an await is known by the task that `run` began. */
  readonly follows: boolean;
  /** Whether it is told when a function suspends; then also what `open` began is known after an await. */
  readonly watches: boolean;
  /** What differs between two jobs of which neither is done, as far as it can be known. */
  job(): unknown;
  /** What the code of a later job runs for. */
  task(): T | null;
  /** Runs a function, and all that it starts, for a task. */
  run<R>(task: T, fn: () => R): R;
  on(): void;
  off(): void;
}

/**
 * Told of each promise, timer and callback when it is made; gives the task that it will run for. `trigger` is what a
 * promise follows from, null if it follows from none; `below` is the running function that hears of it.
 */
export type Capture<T> = (id: number, trigger: number | null, below: unknown) => T | null;

interface Hook {
  enable(): void;
  disable(): void;
}

interface AsyncHooks<T> {
  createHook?(on: { init(id: number, type: string, trigger: number, resource: object): void }): Hook;
  executionAsyncId?(): number;
  executionAsyncResource?(): object;
  AsyncLocalStorage?: new () => {
    getStore(): T | undefined;
    run<R>(task: T, fn: () => R): R;
  };
}

/** Asks the host what it can tell. */
export function taskHost<T extends object>(capture: Capture<T>): TaskHost<T> {
  const hooks = builtin<AsyncHooks<T>>("node:async_hooks");
  if (hooks === undefined) return silent();
  return attempt(() => watching(hooks, capture)) ?? attempt(() => following(hooks)) ?? silent();
}

function silent<T extends object>(): TaskHost<T> {
  const nothing = (): null => null;
  return { follows: false, watches: false, job: nothing, task: nothing, run: (_, fn) => fn(), on() {}, off() {} };
}

function following<T extends object>({ AsyncLocalStorage }: AsyncHooks<T>): TaskHost<T> | undefined {
  if (AsyncLocalStorage === undefined) return undefined;
  const storage = new AsyncLocalStorage(),
    task = (): T | null => storage.getStore() ?? null;
  return { follows: true, watches: false, job: task, task, run: (of, fn) => storage.run(of, fn), on() {}, off() {} };
}

function watching<T extends object>(hooks: AsyncHooks<T>, capture: Capture<T>): TaskHost<T> | undefined {
  const { createHook, executionAsyncId, executionAsyncResource } = hooks;
  // Bun has the function, which only warns.
  if ("Bun" in globalThis || !createHook || !executionAsyncId || !executionAsyncResource) return undefined;
  const tasks = new WeakMap<object, T>();
  let told = false;
  const init = (id: number, type: string, trigger: number, resource: object): void => {
    told = true;
    // An await makes a promise that follows from another one.
    const task = capture(id, type === "PROMISE" && trigger !== executionAsyncId() ? trigger : null, init);
    if (task !== null) tasks.set(resource, task);
  };
  const hook = createHook({ init });
  hook.enable();
  void Promise.resolve().then();
  hook.disable();
  if (!told) return undefined;
  return {
    follows: true,
    watches: true,
    job: executionAsyncId,
    task: () => tasks.get(executionAsyncResource()) ?? null,
    run: (_, fn) => fn(),
    on: () => hook.enable(),
    off: () => hook.disable(),
  };
}
