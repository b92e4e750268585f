import { descrOf } from "../base/dtype.js";
import { ArgumentError, ValueError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { isList, nearest, shown } from "../base/shown.js";
import { isScalar } from "../core/scalar.js";
import { live, NDArray, refuseStranger } from "./ndarray.js";

// The one reader of options. A function states once what it takes, as it is called, and what each option is:
//
//     const RESHAPE = takes("reshape(a, shape)", { order: "order", copy: "boolean" });
//     function reshape(a, shape, options) { const { order = "C", copy } = RESHAPE.read(options, arguments.length); … }
//
// What is passed is read once, checked, and never ignored in silence. Without options it costs a comparison.

/**
 * What an option's value is. `size` is an integer from 0 on, `limit` a number from 0 on (Infinity too), `array` what
 * becomes an array, `anything` is checked by the function itself; `?` after it lets null stand for nothing.
 */
export type Kind = keyof typeof kinds | `${keyof typeof kinds}?`;

type Check = readonly [is: (value: unknown) => boolean, what: string];

const oneOf = (...words: string[]): Check => [
  (value) => words.includes(value as string),
  `one of ${words.map((word) => `'${word}'`).join(", ")}`,
];

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(typeof value === "bigint" ? Number(value) : value);
}

const kinds = {
  boolean: [(value) => typeof value === "boolean", "true or false"],
  integer: [isWhole, "an integer"],
  size: [(value) => isWhole(value) && (value as number) >= 0, "an integer that is not negative"],
  number: [(value) => typeof value === "number" && !Number.isNaN(value), "a number"],
  limit: [(value) => typeof value === "number" && value >= 0, "a number that is not negative"],
  string: [(value) => typeof value === "string", "a string"],
  function: [(value) => typeof value === "function", "a function"],
  scalar: [isScalar, "a number, bigint, boolean or complex number"],
  digits: [(value) => isWhole(value) && (value as number) >= 0 && (value as number) <= 100, "an integer from 0 to 100"],
  floatmode: oneOf("maxprec", "fixed", "unique", "maxprec_equal"),
  sign: oneOf("-", "+", " "),
  order: oneOf("C", "F"),
  casting: oneOf("no", "equiv", "safe", "same_kind", "unsafe", "same_value"),
  mode: oneOf("raise", "wrap", "clip"),
  dtype: [(value) => descrOf(value as "bool") !== undefined, "the name of a dtype"],
  out: [(value) => value instanceof NDArray, "an array of this engine"],
  array: [() => true, "an array"],
  anything: [() => true, ""],
} satisfies Record<string, Check>;

/** The options that a function takes, and what each is. */
export type Table = Readonly<Record<string, Kind>>;

/** A kind as it is asked of a value. */
interface Rule {
  readonly is: (value: unknown) => boolean;
  readonly what: string;
  /** Whether null stands for nothing. */
  readonly orNothing: boolean;
  /** Whether it is an array to write into, which must be alive. */
  readonly written: boolean;
  /** Whether it is an integer, which a bigint may be too. */
  readonly whole: boolean;
}

function ruleOf(kind: Kind): Rule {
  const plain = kind.replace("?", "") as keyof typeof kinds; // what is left is a name of the table above
  const [is, what] = kinds[plain];
  return {
    is,
    what,
    orNothing: plain !== kind,
    written: plain === "out",
    whole: plain === "integer" || plain === "size",
  };
}

const NOTHING: object = Object.freeze({});

/** What a function takes: its arguments by name, and its options. */
export class Signature {
  readonly #parameters: readonly string[];
  readonly #table: Table | null;
  readonly #rules = new Map<string, Rule>();
  readonly #most: number;
  constructor(
    readonly name: string,
    parameters: readonly string[],
    table: Table | null,
    readonly hint: string,
  ) {
    this.#parameters = parameters;
    this.#table = table;
    for (const [key, kind] of Object.entries(table ?? {})) this.#rules.set(key, ruleOf(kind));
    this.#most = parameters.length + (table === null ? 0 : 1);
  }

  /** The function as it is called, for messages. */
  toString(): string {
    const options = this.#table === null ? [] : [`{ ${Object.keys(this.#table).join(", ")} }`];
    return `${this.name}(${[...this.#parameters, ...options].join(", ")})`;
  }

  /** Refuses more arguments than there are parameters: give it `arguments.length`. */
  count(given: number): void {
    if (given <= this.#most) return;
    throw new ArgumentError(
      `${this.name}() takes at most ${this.#most} argument${this.#most === 1 ? "" : "s"} but ${given} were given: ${this.hint || this}`,
    );
  }

  /**
   * The options that are given, each read once and checked; what is undefined counts as not given. `given` is a plain
   * object or undefined, `count` the number of arguments. Errors: `ArgumentError` for an unknown option, for what is
   * no options object, and for an argument too many; `ValueError` or `DTypeError` for a value of the wrong kind.
   */
  read<O extends object>(given: O | undefined, count = 0): O {
    if (count > this.#most) this.count(count);
    // Nothing is given: every option is undefined, which O allows.
    if (given === undefined) return NOTHING as O;
    if (!isPlain(given)) throw this.#misplaced(given as unknown);
    // A copy: getters and proxies are asked once, and what is checked is what is used.
    const found = { ...given } as Record<string, unknown>; // any object has keys
    for (const key in found) {
      const value = found[key];
      if (value === undefined) continue;
      const rule = this.#rules.get(key);
      if (rule === undefined) {
        if (Object.hasOwn(found, key)) throw this.#unknown(key);
      } else if (value === null && rule.orNothing) found[key] = undefined;
      else {
        this.#check(key, value, rule);
        if (typeof value === "bigint" && rule.whole) found[key] = asIndex(value);
      }
    }
    // The keys and kinds are those of the table.
    return found as O;
  }

  #check(key: string, value: unknown, { is, what, written }: Rule): void {
    if (typeof value === "object") refuseStranger(value);
    if (!is(value)) throw new ValueError(`${this.name}() takes ${what} as ${key}, not ${shown(value)}`);
    if (written) live(value as NDArray);
  }

  #unknown(key: string): ArgumentError {
    const said = `${this.name}() got an unexpected keyword argument ${shown(key)}`;
    const options = Object.keys(this.#table ?? {});
    if (this.#parameters.includes(key)) return new ArgumentError(`${said}: pass it by position, ${this}`);
    const meant = nearest(key, [...options, ...this.#parameters]);
    return new ArgumentError(`${said}: ${meant === undefined ? `call ${this}` : `did you mean '${meant}'?`}`);
  }

  #misplaced(given: unknown): ArgumentError {
    if (typeof given === "object") refuseStranger(given);
    const array = given instanceof NDArray && this.#table !== null && "out" in this.#table;
    const hint = this.hint || (array ? "pass { out: … }" : `call ${this}`);
    return new ArgumentError(`${this.name}() takes its options as a plain object, not ${shown(given)}: ${hint}`);
  }
}

/** States what a function takes: `"sum(a, axis)"` and its options. `hint` says what is meant where it is called wrongly. */
export function takes(call: string, table: Table | null = null, hint = ""): Signature {
  const [name, parameters] = call.slice(0, -1).split("(");
  return new Signature(name, parameters === "" ? [] : parameters.split(", "), table, hint);
}

/** Where a dtype's name may stand for the options, as in NumPy's `zeros(3, "int32")`: the options it stands for. */
export function orDType<O extends object>(given: O | string | undefined): O | undefined {
  // Every table that is read so has a dtype: the cast says so.
  return typeof given === "string" ? ({ dtype: given } as O) : given;
}

/** Whether a value is an object literal, of whatever realm. */
export function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null || isList(value)) return false;
  let prototype: object | null;
  try {
    prototype = Object.getPrototypeOf(value);
  } catch {
    return false;
  }
  return (
    prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty"))
  );
}
