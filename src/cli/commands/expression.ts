import { plain } from "../../base/plain.js";
import { nearest } from "../../base/shown.js";
import * as np from "../../index.js";
import { wrongUse } from "../frame/io.js";

// A small language for `nbytes explain`: members and methods of arrays, functions of the package, and literals. It is read
// here, piece by piece, and nothing of it is ever run as JavaScript: what has no name in these lists cannot be reached.

const properties = words("T real imag");
const methods = words(
  "add subtract multiply divide floorDivide remainder power negative invert bitwiseAnd bitwiseOr bitwiseXor equal notEqual",
  "less lessEqual greater greaterEqual iadd isubtract imultiply idivide reshape ravel flatten squeeze swapaxes transpose",
  "diagonal copy astype view at take repeat nonzero sort argsort round clip sum prod min max mean std var any all argmin argmax",
);
const functions = words(
  "add subtract multiply divide floorDivide remainder power negative absolute sqrt square exp log sin cos isnan logicalNot",
  "equal notEqual less lessEqual greater greaterEqual logicalAnd logicalOr maximum minimum where reshape ravel transpose",
  "squeeze expandDims swapaxes moveaxis broadcastTo flip rot90 concatenate stack vstack hstack split take repeat tile roll",
  "copy astype ascontiguousarray asarray diagonal diag sort argsort sum prod min max mean std var slice slidingWindowView",
);

function words(...lines: readonly string[]): readonly string[] {
  return lines.join(" ").split(" ");
}

/** An operation of an expression, as it was written, and its value. */
export interface Step {
  readonly text: string;
  /** Does the operation. */
  readonly run: () => unknown;
  /** What it was done to. */
  readonly of: unknown;
}

/** Evaluates an expression over a demonstration array; `step` does each of its operations, and sees them in order. */
export function evaluate(
  text: string,
  demo: np.NDArray,
  step: (step: Step) => unknown,
): { name: string; value: unknown } {
  const reader = new Reader(text, demo, step),
    value = reader.expression();
  reader.end();
  if (reader.name === "") throw wrongUse("the expression names no array: m.T.reshape(-1)");
  return { name: reader.name, value };
}

const TOKEN = /\s*(?:(-?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_$][\w$]*)|'([^'\\]*)'|"([^"\\]*)"|(.))/y;
const DEEPEST = 50;

class Reader {
  /** How the expression calls the array. */
  name = "";
  #at = 0;
  #depth = 0;

  constructor(
    private readonly text: string,
    private readonly demo: np.NDArray,
    private readonly step: (step: Step) => unknown,
  ) {}

  expression(): unknown {
    if (++this.#depth > DEEPEST) throw this.#wrong("too deep");
    let value = this.#primary();
    for (;;) {
      if (this.#takes(".")) value = this.#member(value);
      else if (this.#next()[5] === "[") throw this.#wrong("an index is written .at('1:, 0')");
      else break;
    }
    this.#depth--;
    return value;
  }

  end(): void {
    if (this.text.slice(this.#at).trim() !== "") throw this.#wrong("nothing more was expected");
  }

  #primary(): unknown {
    this.#at += /^\s*/.exec(this.text.slice(this.#at))![0].length;
    const start = this.#at,
      [whole, digits, word, single, double, sign] = this.#next();
    if (whole === "") throw this.#wrong("the expression ends too early");
    this.#at += whole.length;
    if (digits !== undefined) return Number(digits.replaceAll("_", ""));
    if (single !== undefined || double !== undefined) return single ?? double;
    if (sign === "[") return this.#list("]");
    if (sign === "{") return this.#record();
    if (word === undefined) {
      this.#at = start;
      throw this.#wrong(`'${plain(sign)}' was not expected`);
    }
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return null;
    return this.#takes("(") ? this.#call(word, start) : this.#array(word, start);
  }

  #array(word: string, start: number): np.NDArray {
    if (this.name !== "" && this.name !== word) {
      this.#at = start;
      throw this.#wrong(`there is one array, ${this.name}`);
    }
    this.name = word;
    return this.demo;
  }

  #call(word: string, start: number): unknown {
    const args = this.#list(")"),
      // The list above says which of them are functions.
      called = functions.includes(word)
        ? (np as unknown as Record<string, (...args: unknown[]) => unknown>)[word] // named in the list
        : undefined;
    if (called === undefined) throw unknownName(`there is no function ${plain(word)} here`, word, functions);
    if (word === "slice") return called(...args);
    return this.step({ text: this.#written(start), of: args.find(isArray), run: () => called(...args) });
  }

  #member(of: unknown): unknown {
    const start = this.#at - 1,
      [whole, , word] = this.#next();
    if (word === undefined) throw this.#wrong("a name was expected behind the dot");
    this.#at += whole.length;
    if (!isArray(of)) throw this.#wrong(`.${plain(word)} is asked of what is no array`);
    // The lists say which names these are.
    const named = of as unknown as Record<string, unknown>; // the lists say which names these are
    if (!this.#takes("(")) {
      if (!properties.includes(word))
        throw unknownName(`.${plain(word)} is no property here`, word, [...properties, ...methods]);
      return this.step({ text: this.#written(start), of, run: () => named[word] });
    }
    const args = this.#list(")");
    if (!methods.includes(word))
      throw unknownName(`.${plain(word)}() is no method here`, word, [...methods, ...properties]);
    const run = (): unknown => (named[word] as (...args: unknown[]) => unknown).apply(of, args);
    return this.step({ text: this.#written(start), of, run });
  }

  #list(end: string): unknown[] {
    const items: unknown[] = [];
    while (!this.#takes(end)) {
      items.push(this.expression());
      if (!this.#takes(",") && this.#next()[5] !== end) throw this.#wrong(`',' or '${end}' was expected`);
    }
    return items;
  }

  #record(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.#takes("}")) {
      const [whole, , word, single, double] = this.#next(),
        key = word ?? single ?? double;
      if (key === undefined) throw this.#wrong("the name of an option was expected");
      this.#at += whole.length;
      if (!this.#takes(":")) throw this.#wrong("':' was expected");
      entries.push([key, this.expression()]);
      if (!this.#takes(",") && this.#next()[5] !== "}") throw this.#wrong("',' or '}' was expected");
    }
    return Object.fromEntries(entries);
  }

  #next(): RegExpExecArray | string[] {
    TOKEN.lastIndex = this.#at;
    return TOKEN.exec(this.text) ?? [""];
  }

  #takes(sign: string): boolean {
    const token = this.#next();
    if (token[5] !== sign) return false;
    this.#at += token[0].length;
    return true;
  }

  #written(start: number): string {
    return this.text.slice(start, this.#at).trim();
  }

  #wrong(what: string): Error {
    return wrongUse(`column ${this.#at + 1} of the expression: ${what}`);
  }
}

function unknownName(what: string, word: string, names: readonly string[]): Error {
  const near = nearest(word, names);
  return wrongUse(`${what}${near === undefined ? "" : `; did you mean ${near}?`}`);
}

/** Whether a value is an array. */
export function isArray(value: unknown): value is np.NDArray {
  return value instanceof np.NDArray;
}
