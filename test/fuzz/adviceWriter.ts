import { numbersFrom } from "./random.js";

// Random programs for `advice.ts`, each a text with one statement a line. A statement that makes an array is
// `try { v3 = …; } catch (e) { failed(7, e); }`, and no line does two things: so every advice can be carried out in the
// text.

const UNARY = ["negative", "sqrt", "exp", "square", "abs", "rint", "floor", "isnan", "logicalNot", "positive", "sign"];
const BINARY = ["add", "subtract", "multiply", "maximum", "minimum", "less", "equal", "hypot", "logicalAnd"];
const SHAPES = ["[6]", "[2, 3]", "[3, 2]", "[4]", "[3, 3]", "[0]", "[]"];
const DTYPES = ["float64", "float64", "float64", "float32", "int32", "bool", "complex128"];

/** A program: its lines, and the number of its variables. */
export interface Program {
  readonly lines: readonly string[];
  readonly variables: number;
  /** Whether it runs in a scope that frees what it leaves; else only the variables that it returns live on. */
  readonly scoped: boolean;
  readonly returned: readonly string[];
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
    if (kind < 10 || this.variables < 2) return this.create();
    if (kind < 36) return this.make(this.elementwise());
    if (kind < 46) return this.make(this.one([this.rearranged(), this.reduced(), this.joined()]));
    if (kind < 54) return this.make(this.copied());
    if (kind < 61) return this.make(this.viewed());
    if (kind < 67) return this.write();
    if (kind < 75) return this.look();
    if (kind < 84) return this.say(`${this.v()}${this.one([".dispose();", "[Symbol.dispose]();"])}`);
    if (kind < 89) return this.lazily();
    if (kind < 91) return this.hand();
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
        "",
        `, { where: ${this.v()} }`,
        `, { out: ${this.v()} }`,
        `, { out: ${this.v()}, where: ${this.v()} }`,
        `, { out: ${this.v()}.at("1:") }`,
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
      `${x}.at(${this.v()})`,
      `np.nanToNum(${x})`,
      `np.round(${x}, ${this.one(["0", "1"])})`,
      `np.diag(${x})`,
      `np.insert(${x}, 0, 1)`,
      `np.delete(${x}, 0)`,
    ]);
  }

  reduced(): string {
    const x = this.v(),
      name = this.one(["sum", "std", "mean", "max", "prod", "any", "var"]);
    return this.one([
      `np.${name}(${x}, 0)`,
      `np.${name}(${x}, 0, { keepdims: true })`,
      `np.sum(${x}, 0, { where: ${this.v()} })`,
      `np.std(${x}, 0, { where: ${this.v()} })`,
      `np.${name}(${x}, 0, { out: ${this.v()} })`,
      `np.argmax(${x}, 0)`,
    ]);
  }

  joined(): string {
    const [x, y] = [this.v(), this.v()];
    return `np.${this.one(["concatenate", "stack", "vstack", "hstack"])}([${this.one([x, `${x}, ${y}`])}])`;
  }

  copied(): string {
    const x = this.v();
    return this.one([
      `${x}.copy()`,
      `${x}.copy()`,
      `np.array(${x})`,
      `${x}.astype("float64")`,
      `${x}.astype("${this.one(DTYPES)}")`,
      `np.copy(${x}.T)`,
      `${x}.copy({ lazy: true })`,
      `np.asarray(${x}, { copy: true })`,
      `${x}.flatten()`,
      `np.memory.deepCopy(${x})`,
      `np.ravel(${x})`,
      `np.copy(${x}.at("1:"))`,
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
      `np.broadcastTo(${x}, [2, 6])`,
      `np.asarray(${x})`,
    ]);
  }

  write(): void {
    const x = this.v();
    this.say(
      this.one([
        `${x}.set("...", ${this.one(["3", this.v()])});`,
        `${x}.set("1:", 4);`,
        `${x}.set(${this.v()}, 5);`,
        `${x}.iadd(${this.one(["1", this.v()])});`,
        `np.copyto(${x}, ${this.v()});`,
        `np.copyto(${x}, 7, { where: ${this.v()} });`,
        `v${this.variables++} = np.multiply(${this.v()}, 2, { out: ${x} });`,
        `${x}.data.fill(1);`,
        `log.push(String(${x}.data[0]));`,
      ]),
    );
  }

  look(): void {
    const x = this.v();
    this.say(
      this.one([
        `log.push(read(${x}));`,
        `log.push(String(np.sum(${x})));`,
        `log.push(String(${x}.item(0)));`,
        `weak.push(np.memory.weak(${x}));`,
        "log.push(String(weak.map((one) => one.deref() !== undefined)));",
      ]),
    );
  }

  lazily(): void {
    const e = `np.${this.one(["add", "multiply"])}(np.lazy(${this.v()}), ${this.v()})`,
      name = this.#scopes;
    if (this.pick(3) > 0) {
      this.make(
        this.one([
          `${e}.evaluate()`,
          `np.sqrt(${e}).evaluate()`,
          `np.lazy(${this.v()}).evaluate()`,
          `${e}.evaluate({ out: ${this.v()} })`,
        ]),
      );
      return;
    }
    // An expression that is evaluated later, perhaps twice.
    this.#scopes++;
    this.say(`lazies[${name}] = ${e};`);
    this.steps(1 + this.pick(2), 3);
    this.make(`lazies[${name}].evaluate()`);
    if (this.pick(2) === 0) this.say(`log.push(String(np.sum(lazies[${name}])));`);
  }

  // Into other hands: a cache, a pool.
  hand(): void {
    const x = this.v();
    if (this.pick(2) === 0) this.say(`cache.set(${this.pick(2)}, ${x});`);
    else this.say(`log.push(read(cache.get(${this.pick(2)})));`);
    if (this.pick(3) === 0) this.say(`v${this.variables} = pool.take(); v${this.variables++}.set("...", 2);`);
  }

  // A scope that returns or keeps arrays, an open one that is closed later or not in order, a loop, a branch, or a
  // function that is called twice.
  block(depth: number): void {
    const kind = this.pick(7),
      count = 2 + this.pick(6),
      name = `s${this.#scopes++}`;
    if (kind === 3) {
      this.lines.push(`const ${name} = np.memory.open();`);
      this.steps(count, depth);
      if (this.pick(2) === 0) this.say(`${name}.keep(${this.v()});`);
      this.lines.push(
        `closers.push(() => ${name}.close());`,
        this.pick(3) > 0 ? "closers.pop()();" : "closers.shift()();",
      );
      return;
    }
    if (kind === 4) {
      this.lines.push(`const f${name} = (a, b) => {`);
      this.make(`np.${this.one(BINARY)}(a, b)`);
      this.steps(count - 1, depth);
      this.lines.push(`return ${this.v()};`, "};");
      this.make(`f${name}(${this.v()}, ${this.v()})`);
      if (this.pick(2) === 0) this.make(`np.memory.scope(() => f${name}(${this.v()}, ${this.v()}))`);
      return;
    }
    if (kind === 2)
      this.lines.push(this.one([`for (let i = 0; i < ${2 + this.pick(2)}; i++) {`, "if (log.length % 2 === 0) {"]));
    else this.lines.push(`np.memory.scope((${name}) => {`);
    this.steps(count, depth);
    if (kind > 4) this.say(`${name}.keep(${this.one([this.v(), `[${this.v()}, ${this.v()}]`])});`);
    if (kind === 2) this.lines.push("}");
    else this.lines.push(`return ${this.one(["0", this.v(), `[${this.v()}, ${this.v()}]`])};`, "});");
  }
}

/** The program of a seed; some of its lines may fail. */
export function written(seed: number): Program {
  const writer = new Writer(numbersFrom(seed)),
    whole = writer.pick(3) > 0;
  if (whole) writer.lines.push("np.memory.scope(() => {");
  writer.steps(8 + writer.pick(14), 0);
  const seen = writer.pick(3) === 0;
  if (seen) writer.make(writer.one([writer.viewed(), ...[1, 2, 3].map((i) => `${writer.v()}.at("${i % 3}:")`)]));
  const last = seen ? `v${writer.variables - 1}` : writer.v();
  if (whole) writer.lines.push(`return ${last};`, "});");
  const { lines, variables } = writer,
    scoped = writer.pick(3) > 0,
    names = Array.from({ length: variables }, (_, i) => `v${i}`);
  return {
    lines,
    variables,
    scoped,
    returned: scoped ? names : names.filter((name) => name === last || writer.pick(3) > 0),
  };
}
