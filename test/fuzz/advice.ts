import * as np from "../../src/index.js";

// Random programs, each a text with one statement a line. Each runs in a trace; then every advice of that trace is
// carried out in the text, alone and all together, and the program runs again: whatever it read and all arrays that
// were alive at its end must be the same, bit for bit, and the bytes saved must be those claimed.

const { memory } = np;

/** Numbers from a seed: mulberry32. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const UNARY = ["negative", "sqrt", "exp", "square", "abs", "rint", "floor", "isnan", "logicalNot", "positive", "sign"];
const BINARY = ["add", "subtract", "multiply", "maximum", "minimum", "less", "equal", "hypot", "logicalAnd"];
const SHAPES = ["[6]", "[2, 3]", "[3, 2]", "[4]", "[3, 3]", "[0]", "[]"];
const DTYPES = ["float64", "float64", "float64", "float32", "int32", "bool", "complex128"];

/** A program: its lines, and for lines that give an array the variable. */
interface Program {
  readonly lines: readonly string[];
  readonly variables: number;
}

/** What a program leaves: what it read, its arrays that are alive, and what its trace tells. */
interface Outcome {
  readonly log: readonly string[];
  readonly alive: ReadonlyMap<string, string>;
  readonly allocated: number;
  readonly advice: readonly np.memory.Advice[];
  /** The line of each allocation, from 1. */
  readonly born: readonly number[];
}

class Writer {
  readonly lines: string[] = [];
  variables = 0;
  #scopes = 0;
  constructor(readonly pick: (below: number) => number) {}

  one<T>(of: readonly T[]): T {
    return of[this.pick(of.length)];
  }

  // Young variables are used most.
  v(): string {
    const n = this.variables;
    return n === 0 ? "v0" : `v${Math.max(0, n - 1 - Math.floor((this.pick(n) * this.pick(8)) / 7))}`;
  }

  say(statement: string): void {
    this.lines.push(`try { ${statement} } catch (e) { failed(${this.lines.length}, e); }`);
  }

  make(expression: string): void {
    this.say(`v${this.variables++} = ${expression};`);
  }

  steps(count: number, depth: number): void {
    for (let i = 0; i < count; i++) this.step(depth);
  }

  step(depth: number): void {
    const kind = this.pick(100);
    if (kind < 12 || this.variables < 2) return this.create();
    if (kind < 40) return this.make(this.elementwise());
    if (kind < 50) return this.make(this.rearranged());
    if (kind < 58) return this.make(this.copied());
    if (kind < 64) return this.make(this.viewed());
    if (kind < 70) return this.write();
    if (kind < 80)
      return this.say(this.one([`log.push(read(${this.v()}));`, `log.push(String(np.sum(${this.v()})));`]));
    if (kind < 88) return this.say(`${this.v()}${this.one([".dispose();", "[Symbol.dispose]();"])}`);
    if (kind < 91) return this.lazily();
    if (depth < 3) this.block(depth + 1);
  }

  create(): void {
    const shape = this.one(SHAPES),
      dtype = this.one(DTYPES),
      value = `np.ones(${shape}, { dtype: "${dtype}" })`;
    this.make(this.one([value, "np.arange(6).reshape([2, 3]).copy()", "np.arange(6)", "np.zeros([6])"]));
  }

  elementwise(): string {
    const [x, y] = [this.v(), this.one([this.v(), this.v(), "2", "0.5"])],
      options = this.one([
        "",
        "",
        "",
        "",
        "",
        `, { where: ${this.v()} }`,
        `, { out: ${this.v()} }`,
        ', { dtype: "float64" }',
      ]);
    const kind = this.pick(12);
    if (kind < 5) return `np.${this.one(UNARY)}(${x}${options})`;
    if (kind < 10) return `np.${this.one(BINARY)}(${x}, ${y}${options})`;
    return `np.clip(${x}, ${this.one(["0", this.v(), "null"])}, 3${options})`;
  }

  rearranged(): string {
    const x = this.v();
    return this.one([
      `np.roll(${x}, 1)`,
      `np.flip(${x}).copy()`,
      `np.repeat(${x}, ${this.one(["1", "2"])})`,
      `np.tile(${x}, 1)`,
      `np.where(${this.v()}, ${x}, ${this.v()})`,
      `np.take(${x}, [0, 1])`,
      `${x}.at([1, 0])`,
      `np.nanToNum(${x})`,
      `np.round(${x}, ${this.one(["0", "1"])})`,
      `np.concatenate([${x}, ${this.v()}])`,
      `np.sum(${x}, 0)`,
      `np.std(${x}, 0)`,
      `np.diag(${x})`,
      `np.insert(${x}, 0, 1)`,
    ]);
  }

  copied(): string {
    const x = this.v();
    return this.one([
      `${x}.copy()`,
      `${x}.copy()`,
      `np.array(${x})`,
      `${x}.astype("float64")`,
      `np.copy(${x}.T)`,
      `${x}.copy({ lazy: true })`,
      `np.asarray(${x}, { copy: true })`,
      `${x}.flatten()`,
      `np.memory.deepCopy(${x})`,
      `np.ravel(${x})`,
    ]);
  }

  viewed(): string {
    const x = this.v();
    return this.one([
      `${x}.at("1:")`,
      `${x}.T`,
      `${x}.reshape([-1])`,
      `${x}.at("::-1")`,
      `${x}.view("int32")`,
      `np.asarray(${x}).at("...")`,
    ]);
  }

  write(): void {
    const x = this.v();
    this.say(
      this.one([
        `${x}.set("...", ${this.one(["3", this.v()])});`,
        `${x}.iadd(${this.one(["1", this.v()])});`,
        `np.copyto(${x}, ${this.v()});`,
        `v${this.variables++} = np.multiply(${this.v()}, 2, { out: ${x} });`,
        `${x}.data.fill(1);`,
        `log.push(String(${x}.data[0]));`,
      ]),
    );
  }

  lazily(): void {
    const e = `np.${this.one(["add", "multiply"])}(np.lazy(${this.v()}), ${this.v()})`;
    this.make(this.one([`${e}.evaluate()`, `np.sqrt(${e}).evaluate()`, `np.lazy(${this.v()}).evaluate()`]));
  }

  // A scope that returns an array or two, an open one that is closed later or not in order, or a loop.
  block(depth: number): void {
    const kind = this.pick(4),
      count = 2 + this.pick(6);
    if (kind === 3) {
      const name = `s${this.#scopes++}`;
      this.lines.push(`const ${name} = np.memory.open();`);
      this.steps(count, depth);
      if (this.pick(2) === 0) this.say(`${name}.keep(${this.v()});`);
      this.lines.push(
        `closers.push(() => ${name}.close());`,
        this.pick(3) > 0 ? "closers.pop()();" : "closers.shift()();",
      );
      return;
    }
    if (kind === 2) this.lines.push(`for (let i = 0; i < ${2 + this.pick(2)}; i++) {`);
    else this.lines.push("np.memory.scope(() => {");
    this.steps(count, depth);
    if (kind === 2) this.lines.push("}");
    else this.lines.push(`return ${this.one(["0", this.v(), `[${this.v()}, ${this.v()}]`])};`, "});");
  }
}

function programOf(seed: number): Program {
  const writer = new Writer(numbersFrom(seed)),
    whole = writer.pick(3) > 0;
  if (whole) writer.lines.push("np.memory.scope(() => {");
  writer.steps(8 + writer.pick(14), 0);
  if (whole) writer.lines.push(`return ${writer.v()};`, "});");
  return sound({ lines: writer.lines, variables: writer.variables });
}

// Without the lines that fail: use after dispose, shapes that do not fit.
function sound(program: Program): Program {
  const lines = [...program.lines],
    wrong = new Set<number>();
  do {
    wrong.clear();
    ran({ ...program, lines }, (line) => wrong.add(line));
    for (const line of wrong) lines[line] = "";
  } while (wrong.size > 0);
  return { ...program, lines };
}

/** An array's dtype, shape and bits as text. */
function read(a: unknown): string {
  if (!(a instanceof np.NDArray)) return String(a);
  const { buffer } = np.toTypedArray(a as np.NDArray);
  return `${a.dtype} [${a.shape}] ${[...new Uint8Array(buffer as ArrayBuffer)]}`;
}

let programs = 0;

function fails(line: number, error: Error): void {
  throw new Error(`line ${line} fails the second time`, { cause: error });
}

function ran({ lines, variables }: Program, failed: (line: number, error: Error) => void): Outcome {
  const names = Array.from({ length: variables }, (_, i) => `v${i}`),
    log: string[] = [],
    // The first line is the caller's: those of the program begin with 2, below the function's two.
    text = `let ${names.length === 0 ? "none" : names};\nconst closers = [];\n${lines.join("\n")}\nfor (const close of closers) close();\nreturn { ${names} };\n//# sourceURL=advice${++programs}.js`;
  const fn = new Function("np", "log", "read", "failed", text) as (
    ...args: unknown[]
  ) => Record<string, np.NDArray | undefined>;
  const around = memory.open();
  try {
    const t = memory.trace(() => fn(np, log, read, failed)),
      alive = new Map<string, string>();
    for (const [name, a] of Object.entries(t.result))
      if (a instanceof np.NDArray && !a.disposed) alive.set(name, read(a));
    const born = t.events
      .filter(({ kind }) => kind === "alloc" || kind === "scratch")
      .map(({ site }) => site?.line ?? 0);
    return { log, alive, allocated: t.allocated, advice: t.advice(), born };
  } finally {
    around.close();
  }
}

/** Lines of the text above a program's first one: the function's head and two declarations. */
const ABOVE = 5;

/** A program with an advice carried out; a text says why that is impossible. */
function carriedOut(
  { lines, variables }: Program,
  advice: readonly np.memory.Advice[],
  born: readonly number[],
): Program | string {
  const changed = [...lines];
  for (const { kind, site, spared, op } of advice) {
    if (site === undefined) return "no line";
    const at = site.line - ABOVE,
      assigned = /^try \{ (v\d+) = /.exec(lines[at] ?? "")?.[1];
    if (assigned === undefined) return `line ${site.line} gives no variable: ${lines[at]}`;
    if (kind === "original") {
      const call = lines[at].slice(lines[at].indexOf(" = ") + 3, lines[at].indexOf("; } catch"));
      const original = (/^np\.\w+\(([\w.]+)(?:, .*)?\)$/.exec(call) ??
        /^(.*)\.(?:copy|astype)\([^()]*\)$/.exec(call))?.[1];
      if (original === undefined) return `no original in ${lines[at]}`;
      changed[at] = `try { ${assigned} = ${original}; } catch (e) { failed(${at}, e); }`;
      for (const [i, line] of changed.entries())
        if (line.startsWith(`try { ${assigned}.dispose`) || line.startsWith(`try { ${assigned}[Symbol`))
          changed[i] = "";
      continue;
    }
    const donors = new Set(spared.map(({ by }) => /^try \{ (v\d+) = /.exec(lines[born[by - 1] - ABOVE] ?? "")?.[1]));
    const [donor] = donors;
    if (donors.size !== 1 || donor === undefined) return `no one donor for ${lines[at]}`;
    const call = op === "evaluate" ? ".evaluate(" : "(",
      end = changed[at].indexOf("; } catch") - 1;
    if (!changed[at].includes(call)) return `no call in ${lines[at]}`;
    const before = changed[at].slice(0, end),
      given = before.endsWith(" }")
        ? `${before.slice(0, -2)}, out: ${donor} }`
        : `${before}${before.endsWith("(") ? "" : ", "}{ out: ${donor} }`;
    changed[at] = given + changed[at].slice(end);
  }
  return { lines: changed, variables };
}

function differences(was: Outcome, is: Outcome, saves: number): string[] {
  const found: string[] = [];
  if (was.log.join("\n") !== is.log.join("\n"))
    found.push(`it read\n${was.log.join("\n")}\nand then\n${is.log.join("\n")}`);
  for (const [name, value] of was.alive)
    if (is.alive.get(name) !== value) found.push(`${name} was ${value} and is ${is.alive.get(name) ?? "gone"}`);
  if (was.allocated - is.allocated !== saves) found.push(`${saves} B claimed, ${was.allocated - is.allocated} saved`);
  return found;
}

/** How many advices were carried out, for a test that this generator gives some of each kind. */
export const carried = { out: 0, original: 0 };

/** Runs `count` programs from `seed`, and carries out what their traces advise. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const failures: string[] = [];
  for (let i = 0; i < count; i++) {
    const one = seed + i,
      program = programOf(one),
      was = ran(program, fails);
    const trials = was.advice.length > 1 ? [...was.advice.map((a) => [a]), was.advice] : was.advice.map((a) => [a]);
    for (const advice of trials) {
      for (const { kind } of advice) carried[kind]++;
      const next = carriedOut(program, advice, was.born);
      const errors: string[] = [];
      const found =
        typeof next === "string"
          ? [next]
          : [
              ...differences(
                was,
                ran(next, (line, error) => errors.push(`line ${line}: ${error}`)),
                advice.reduce((sum, { saves }) => sum + saves, 0),
              ),
              ...errors,
            ];
      if (found.length === 0) continue;
      const told = advice.map(({ site, text }) => `  line ${(site?.line ?? 0) - ABOVE}: ${text}`);
      failures.push(
        `advice, seed ${one}:\n${program.lines.flatMap((line, k) => (line === "" ? [] : [`${k}: ${line}`])).join("\n")}\n${told.join("\n")}\n${found.join("\n")}`,
      );
    }
  }
  return { programs: count, failures };
}
