import { ArgumentError } from "./errors.js";

// Arguments too many are refused, never ignored. What is called often asks for `arguments.length` itself, which costs
// nothing; the methods of reports and handles are wrapped, all at once.

/** Refuses more arguments than a call takes: `call` says how it is called, `given` is `arguments.length`. */
export function atMost(most: number, given: number, call: string): void {
  if (given <= most) return;
  const takes = most === 0 ? "takes no arguments" : `takes at most ${most} argument${most === 1 ? "" : "s"}`;
  throw new ArgumentError(`${call} ${takes} but ${given} ${given === 1 ? "was" : "were"} given`);
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Lets the methods of these classes refuse arguments too many. Their parameters have no defaults, so that `length` tells
 * how many there are; `toJSON` may be given a key, as `JSON.stringify` does.
 */
export function counting(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const method = Object.getOwnPropertyDescriptor(prototype, name)?.value as Method | undefined; // accessors have none
      if (typeof method !== "function" || name === "constructor" || name === "toJSON") continue;
      const value = function (this: unknown, ...args: unknown[]): unknown {
        if (args.length > method.length) atMost(method.length, args.length, `${name}()`);
        return method.apply(this, args);
      };
      Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
    }
  }
}
