// A user's program, run by ../engines.mjs. Each way of calling asks for an array of its own length, so that the text tells
// the true line: `zeros(101)` is on one line of this file, and of a bundle that is made of it.
import { add, arange, array, memory, multiply, random, sum, zeros } from "nbytes";
import { elsewhere, inOtherModule } from "./other.mjs";

function named() {
  const a = zeros(101);
  a.dispose();
}

function nested() {
  const inner = () => {
    const a = zeros(102);
    a.dispose();
  };
  elsewhere(inner);
}

class Model {
  field = () => {
    zeros(103).dispose();
  };
  constructor() {
    zeros(104).dispose();
  }
  method() {
    this.#hidden();
  }
  #hidden() {
    zeros(105).dispose();
  }
  static make() {
    zeros(106).dispose();
  }
  get got() {
    zeros(107).dispose();
    return 1;
  }
  *each() {
    zeros(108).dispose();
    yield 1;
  }
}

function methods() {
  const model = new Model();
  model.field();
  model.method();
  Model.make();
  for (const _ of model.each()) if (model.got !== 1) throw new Error("not got");
}

function callbacks() {
  [1].map((x) => {
    zeros(109).dispose();
    return x;
  });
  [2, 1].sort(function byValue(x, y) {
    zeros(110).dispose();
    return x - y;
  });
}

function chain() {
  const a = arange(5);
  a.add(1) // A row of the table for each line that allocates or frees.
    .reshape([5, 1])
    .copy()
    .dispose();
}

function evaluated() {
  globalThis.zeros = zeros;
  // biome-ignore lint/security/noGlobalEval: code from `eval` is what is looked at.
  const run = globalThis.eval("(function cell() {\n  zeros(111).dispose();\n})\n//# sourceURL=cell.js");
  run();
  // biome-ignore lint/security/noGlobalEval: the same without a name.
  globalThis.eval("zeros(112).dispose();");
}

// Strict code in Safari forgets a function that ends with a call: the line is then its caller's.
const last = () => zeros(113);

function tail() {
  const a = last();
  a.dispose();
}

const later = await new Promise((resolve) => {
  setTimeout(() => {
    const trace = memory.trace(() => zeros(114).dispose());
    resolve(trace);
  }, 1);
});

/** The arrays that were made, by their lengths, and where. */
const made = (trace) =>
  trace.events
    .filter(({ kind }) => kind === "alloc")
    .map(({ nbytes, site: { file, line, column, fn = "", source } }) => ({
      length: nbytes / 8,
      ...{ file, line, column, fn, source },
    }));

/** What `fn` threw, as text. */
function thrown(fn) {
  try {
    fn();
  } catch (error) {
    return String(error);
  }
  return "nothing was thrown";
}

/** Values that every engine must give alike. */
export function values() {
  const x = random.defaultRng(42).standardNormal([1000]);
  const y = add(multiply(arange(6, { dtype: "float32" }), 1.5), 1);
  const big = array([2n ** 62n, 5n]);
  return [sum(x), String(y), String(arange(12).reshape([3, 4]).at("1:, ::-2")), String(sum(big))];
}

function useAfterDispose() {
  const gone = zeros(120);
  gone.dispose();
  gone.copy();
}

function overBudget() {
  const budget = memory.limit({ live: "1.5 kB" }, "small");
  try {
    kept.push(zeros(121), zeros(122));
  } finally {
    budget.close();
  }
}

const kept = [];
const program = [named, nested, methods, callbacks, chain, evaluated, inOtherModule, tail];

/** All that the driver wants to know. */
export function findings() {
  const run = () => {
    for (const fn of program) fn();
  };
  const trace = memory.trace(run, { label: "program" });
  const collapsed = memory.trace(nested, { level: "stacks" }).export("collapsed");
  const { allocated, peak } = trace;
  return {
    ...{ allocated, peak, collapsed, text: String(trace), html: trace.export("html"), rows: trace.lines().rows.length },
    made: [...made(trace), ...made(later)],
    disposed: thrown(() => memory.trace(useAfterDispose)),
    budget: thrown(overBudget),
    leaks: String(memory.leaks(() => kept.push(zeros(123)))),
    host: Object.values(memory.host()),
    hostText: String(memory.host()),
    values: values(),
  };
}
