// Python literals, as `ast.literal_eval` reads them: what headers of .npy files are written in.

/** A dict keeps all its entries, also those of one key; `other` is what no header has a use for. */
export type Literal =
  | string
  | bigint
  | boolean
  | null
  | Literal[]
  | { readonly tuple: readonly Literal[] }
  | { readonly entries: readonly (readonly [key: Literal, value: Literal])[] }
  | { readonly other: string };

type Token = readonly [kind: "text" | "number" | "name" | "mark", text: string];

const TOKEN =
  /(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)*(?:(?<text>(?:[uU]|[rR]|[bB][rR]?|[rR][bB])?(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\r\n]|\\[\s\S])*'|"(?:[^"\\\r\n]|\\[\s\S])*"))|(?<number>0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.?\d(?:_?\d)*\.?(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)|(?<name>[A-Za-z_]\w*)|(?<mark>[{}()[\],:+-]))/y;

const BLANK = /(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)*$/y;

/** Nesting beyond this is no header. */
const DEEPEST = 100;

// Every token of the text; null for what is none. With `long`, the L that Python 2 wrote behind an integer is left out.
function tokensOf(text: string, long: boolean): Token[] | null {
  const tokens: Token[] = [];
  // As Python does: blanks in front may stand, indentation of a later line may not.
  const start = /^[ \t]*/.exec(text)![0].length;
  if (/^(?:[ \t\f]*(?:#[^\r\n]*)?\r?\n)+[ \t]+[^ \t\f\r\n#]/.test(text.slice(start))) return null;
  for (TOKEN.lastIndex = start; ; ) {
    BLANK.lastIndex = TOKEN.lastIndex;
    if (BLANK.test(text)) return tokens;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) return null;
    const [kind, found] = Object.entries(groups).find(([, part]) => part !== undefined)!;
    if (long && kind === "name" && found === "L" && tokens.at(-1)?.[0] === "number") continue;
    tokens.push([kind as Token[0], found]); // the groups of the pattern are named after the kinds
  }
}

/** The value of a literal; undefined for what is none, or too deep. `long` takes integers as Python 2 wrote them: 3L. */
export function literalOf(text: string, long: boolean): Literal | undefined {
  // No source of Python's holds a zero, in a comment either, and none ends with blanks on a line of their own.
  const isSource = !text.includes("\0") && (long || !/[\r\n][ \t]+$/.test(text)),
    tokens = isSource ? tokensOf(text, long) : null;
  if (tokens === null) return undefined;
  const reader = new Reader(tokens);
  try {
    const value = reader.value(0);
    return reader.atEnd ? value : undefined;
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}

class NoLiteral extends Error {}

class Reader {
  #next = 0;
  constructor(readonly tokens: readonly Token[]) {}

  get atEnd(): boolean {
    return this.#next === this.tokens.length;
  }

  #is(mark: string): boolean {
    const token = this.tokens[this.#next];
    return token !== undefined && token[0] === "mark" && token[1] === mark;
  }

  #take(mark: string): boolean {
    if (!this.#is(mark)) return false;
    this.#next++;
    return true;
  }

  value(depth: number): Literal {
    if (depth > DEEPEST || this.atEnd) throw new NoLiteral();
    const [kind, text] = this.tokens[this.#next++];
    if (kind === "text") return this.#text(text);
    if (kind === "number") return numberOf(text);
    if (kind === "name") return named(text);
    if (text === "(") return this.#tuple(depth);
    if (text === "[") return this.#items("]", depth).items;
    if (text === "{") return this.#dict(depth);
    if (text !== "+" && text !== "-") throw new NoLiteral();
    // A sign stands before a number, and once.
    const [next, digits] = this.tokens[this.#next++] ?? [];
    if (next !== "number") throw new NoLiteral();
    const number = numberOf(digits);
    return text === "-" && typeof number === "bigint" ? -number : number;
  }

  // Texts side by side are one.
  #text(first: string): Literal {
    const parts = [first];
    while (this.tokens[this.#next]?.[0] === "text") parts.push(this.tokens[this.#next++][1]);
    if (parts.some((part) => /^[rR]?[bB]/.test(part))) return { other: parts.join(" ") };
    return parts.map(unquoted).join("");
  }

  // What stands in parentheses: a comma makes it a tuple.
  #tuple(depth: number): Literal {
    const { items, comma } = this.#items(")", depth);
    return items.length === 1 && !comma ? items[0] : { tuple: items };
  }

  #items(end: string, depth: number): { items: Literal[]; comma: boolean } {
    const items: Literal[] = [];
    for (let comma = true; ; comma = this.#take(",")) {
      if (this.#take(end)) return { items, comma };
      if (!comma) throw new NoLiteral();
      items.push(this.value(depth + 1));
    }
  }

  #dict(depth: number): Literal {
    const entries: [Literal, Literal][] = [];
    let set = false;
    for (let comma = true; ; comma = this.#take(",")) {
      if (this.#take("}")) return set ? { other: "a set" } : { entries };
      if (!comma) throw new NoLiteral();
      const key = this.value(depth + 1);
      if (entries.length === 0 && !set) set = !this.#is(":");
      if (!set && !this.#take(":")) throw new NoLiteral();
      if (!set) entries.push([key, this.value(depth + 1)]);
    }
  }
}

function named(name: string): Literal {
  if (name === "None") return null;
  if (name === "True" || name === "False") return name === "True";
  throw new NoLiteral();
}

function numberOf(text: string): Literal {
  const digits = text.replaceAll("_", "");
  if (/[jJ]$/.test(digits)) return { other: digits };
  if (/^0[xXoObB]/.test(digits)) return BigInt(digits);
  if (!/^\d+$/.test(digits)) return { other: digits };
  // Python has no octal numbers of this kind; only zeros may begin with zeros.
  if (/^0+[1-9]/.test(digits)) throw new NoLiteral();
  return BigInt(digits);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\n": "",
};

function unquoted(text: string): string {
  const raw = /^[rR]/.test(text),
    quoted = text.replace(/^[uUrR]/, ""),
    marks = /^('''|""")/.test(quoted) ? 3 : 1,
    inside = quoted.slice(marks, -marks);
  if (raw) return inside;
  return inside.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([0-7]{1,3})|([\s\S]))/g,
    (whole, hex, wide, octal, other) => {
      const code = hex ?? wide;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if ("xuUN".includes(other)) throw new NoLiteral();
      return ESCAPES[other] ?? ("'\"\\".includes(other) ? other : whole);
    },
  );
}
