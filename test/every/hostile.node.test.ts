import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { Script } from "node:vm";
import { encode } from "@jridgewell/sourcemap-codec";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserFlags, findBrowser } from "../../scripts/browser.mjs";
import * as np from "../../src/index.js";
import { matchers } from "../../src/matchers/index.js";

// Every string that a user, a file or a host may put into a report, set hostile at once; and what reads the report: a
// terminal, a browser's parsers of HTML and XML, and those of JSON.

const { memory } = np;

const attacks = {
  markup: `</title></text></svg></style></script><script>globalThis.owned=1</script><img src=x onerror="globalThis.owned=1">`,
  attributes: `" onload="globalThis.owned=1" x="' onclick='globalThis.owned=1' \`{}\``,
  "XML's ends": `]]> --> ?> <!-- <![CDATA[ <!DOCTYPE x [<!ENTITY e "x">]> &e; &#x3c;script&#x3e; &lt;b&gt;`,
  "terminal sequences":
    "\u001b[2J\u001b]0;owned\u0007\u001b]8;;https://x.org\u001b\\link\u009b31m\u0000\u0008\u007f\r\f\v",
  lines: "one\ntwo\r\nthree\u0085four\u2028five\u2029six",
  "order and width": "\u202eabc\u2066def\u2069\u200b\u200d\u200f\ufeff\u061c\u00ad\u180e\ud800\udc00\ud800\udfff\ufffe",
  "text in tags": "\u{e0068}\u{e0069}\u{e007f}\u0600\ufff9\u3164\u034f",
  "links of addresses": "javascript:globalThis.owned=1 https://x.org/?a=<b>&c='\"",
  length: "<b>long</b> ".repeat(2000),
};

// What must not come out, but for the ends of lines: control characters, marks of direction, what has no width, halves of
// surrogate pairs, and what is no character.
const isUnseen = (character: string): boolean =>
  character !== "\n" && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u3164\ufff0-\uffff]|\u034f/u.test(character);
const unseen = (text: string): string[] => [...text].filter(isUnseen);

/** A function on a line of a hostile source, in a hostile file, with a hostile name. */
function hostileWork(text: string, mapped: boolean): () => np.NDArray {
  const code = `(np, name) => { const f = () => { const a = np.ones(3); a.copy().dispose(); return a; };
    Object.defineProperty(f, "name", { value: name }); return f; }`;
  const map = {
    version: 3,
    sources: [text],
    sourcesContent: [text.repeat(3)],
    names: [],
    mappings: encode([[[0, 0, 0, 0]]]),
  };
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;
  const filename = mapped ? `data:text/javascript,${encodeURIComponent(`f();\n${comment}\n`)}` : text;
  return new Script(code, { filename }).runInThisContext()(np, text);
}

/** Everything that is printed about it, by name. */
function printed(text: string): { texts: Record<string, string>; pages: string[]; pictures: string[]; json: string[] } {
  using scope = memory.open(text);
  const texts: Record<string, string> = {},
    pages: string[] = [],
    pictures: string[] = [],
    json: string[] = [];
  const tell = (name: string, value: unknown): void => {
    texts[name] = String(value);
    texts[`${name} on the console`] = inspect(value, { depth: 0 });
  };
  const x = np.zeros(3),
    key = new Map<unknown, unknown>([
      [text, x],
      [{ [text]: x }, { [text]: [x] }],
      [Symbol(text), { x }],
    ]);
  class Holder {
    readonly x = x;
  }
  Object.defineProperty(Holder, "name", { value: text });
  using pool = memory.pool({ shape: 2, label: text });
  using cache = memory.lruCache<string, np.NDArray>({ label: text, maxBytes: "1 MB" });
  using budget = memory.limit({ live: "1 MB" }, text);
  const taken = pool.take();
  cache.set(text, np.ones(4));
  for (const mapped of [false, true])
    for (const level of ["lines", "stacks"] as const) {
      const work = hostileWork(text, mapped);
      const t = memory.trace(work, { label: text, level });
      for (const [name, part] of Object.entries({
        t,
        lines: t.lines(),
        copies: t.copies(),
        temporaries: t.temporaries(),
        freed: t.freed(),
        advice: t.advice(),
        owners: t.owners(),
        timeline: t.timeline(),
      }))
        tell(`trace, ${level}, ${mapped ? "mapped" : "plain"}: ${name}`, part);
      pages.push(String(t.export("html")));
      pictures.push(String(t.export("svg")));
      json.push(String(t.export("json")), String(t.export("speedscope")), JSON.stringify(t));
      texts[`collapsed ${level} ${mapped}`] = String(t.export("collapsed"));
      expect(t.export("pprof")).toBeInstanceOf(Uint8Array);
      tell("leaks", memory.leaks(work, { runs: 2, warmups: 1 }));
    }
  const graph = memory.graph({ key, holder: new Holder(), [text]: x });
  const held = {
    nbytes: 8,
    op: text,
    dtype: text as "int8",
    shape: [1],
    owner: text,
    site: { file: text, line: 1, column: 1, fn: text, source: text },
  };
  const snapshot = memory.Snapshot.fromJSON(
    JSON.parse(JSON.stringify({ live: 8, held: [{ ...held, stack: [held.site] }] })),
  );
  for (const by of ["line", "function", "file", "op", "dtype", "shape", "owner", "stack"] as const) {
    tell(`statistics by ${by}`, snapshot.statistics(by));
    tell(`differences by ${by}`, snapshot.compareTo(memory.snapshot(), by));
  }
  const things = {
    snapshot,
    pool,
    cache,
    budget,
    scope,
    graph,
    sizes: memory.sizeOf(key, { deep: true }).tree(),
    map: memory.map(),
    info: memory.info(taken),
    most: memory.mostCommon(),
    summary: memory.summary(),
  };
  for (const [name, thing] of Object.entries(things)) tell(name, thing);
  tell("dtypes", np.shrink.report({ [text]: x }));
  pictures.push(graph.toSvg(), memory.map().toSvg());
  for (const [name, run] of Object.entries(failures(text, { pool, x }))) tell(`error of ${name}`, messageOf(run));
  return { texts, pages, pictures, json };
}

/** An object of a class of that name. */
function instanceOf(name: string): object {
  const made = function (this: object): void {} as unknown as new () => object; // old classes are functions
  Object.defineProperty(made, "name", { value: name });
  return new made();
}

/** Calls that fail and may quote what they were given. */
function failures(text: string, { pool, x }: { pool: np.memory.Pool; x: np.NDArray }): Record<string, () => unknown> {
  const any = text as never;
  return {
    dtype: () => np.zeros(3, { dtype: any }),
    option: () => np.zeros(3, { [text]: 1 } as never),
    "an option's value": () => np.array([1]).reshape([1], { order: any }),
    index: () => x.at(text),
    casting: () => np.add(x, 1, { casting: any }),
    format: () => (memory.trace(() => 0) as unknown as { export(f: string): unknown }).export(text),
    bytes: () => memory.limit({ live: any }),
    level: () => memory.trace(() => 0, { level: any }),
    question: () => (memory.wouldCopy as unknown as (question: string, a: np.NDArray) => unknown)(text, x),
    array: () => np.array([any]),
    "a pool": () => pool.release(np.ones(3) as never),
    "a cache": () => memory.lruCache({ maxBytes: 8, label: text }).set("a", np.ones(9)),
    "a class": () => np.add(instanceOf(text) as never, 1),
    file: () => np.load(new TextEncoder().encode(`\u0093NUMPY\u0001\u0000${text}`)),
    snapshot: () => memory.snapshot().statistics(any),
    candidates: () => np.shrink.report({ x }, { candidates: [any] }),
    "a mode": () => np.take(x, [0], 0, { mode: any }),
    "a deep copy": () =>
      memory.deepCopy({
        deep: new (class {
          static name = text;
          #hidden = 1;
          seen = () => this.#hidden;
        })(),
      }),
    columns: () => np.shrink.apply({ [`${text}!`]: x }, np.shrink.report({ [text]: x })),
    fromJSON: () => memory.Snapshot.fromJSON(any),
    reasons: () => matchers.toCopyOnlyBecause.call({ isNot: false }, () => 0, any),
    seed: () => np.random.defaultRng(any),
    thrown: () => memory.scope(() => np.add(x, text as never)),
  };
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
  return "no error";
}

const executablePath = findBrowser();
let browser: Browser | undefined;
let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nbytes-hostile-"));
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: browserFlags });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("issue 7.21: reports of hostile strings, read by what reads them", () => {
  const all = Object.entries(attacks).map(([name, text]) => [name, printed(text), text] as const);

  test.each(all)("no text for a terminal has what a terminal obeys or hides: %s", (_, { texts }) => {
    expect(Object.keys(texts).length).toBeGreaterThan(100);
    for (const [name, text] of Object.entries(texts))
      expect(unseen(text), `${name}: ${inspect(text.slice(0, 3000))}`).toEqual([]);
  });

  test.each(all)("no line of a hostile string is a line of a report: %s", (_, { texts }) => {
    for (const [name, text] of Object.entries(texts)) expect(text, name).not.toMatch(/^(?:two|three|four|five|six)/m);
  });

  test.each(all)("JSON.parse reads what is exported as JSON: %s", (_, { json }) => {
    for (const text of json) expect(JSON.parse(text)).toBeTypeOf("object");
  });

  test.skipIf(executablePath === undefined).each(all)(
    "a browser finds no script, no handler, no address and no broken markup: %s",
    async (name, { pages, pictures }) => {
      const page = await browser!.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      for (const [i, text] of pages.entries()) {
        const path = join(folder, `${i}.html`);
        writeFileSync(path, text);
        await page.goto(pathToFileURL(path).href);
        expect(await page.evaluate(findings), name).toEqual([]);
        expect(await page.evaluate(() => document.querySelectorAll("h1").length)).toBe(1);
      }
      expect(asked.filter((url) => !/^file:.*\/\d\.html$/.test(url))).toEqual([]);
      for (const text of pictures) expect(await page.evaluate(brokenXml, text), name).toEqual([]);
      await page.close();
    },
  );
});

/** In the page: what should not be there. */
function findings(): string[] {
  const found: string[] = "owned" in globalThis ? ["a script ran"] : [];
  for (const element of document.querySelectorAll("*")) {
    if (/^(?:script|img|iframe|object|embed|link|base|form|a|foreignObject)$/i.test(element.tagName))
      found.push(element.tagName);
    for (const { name, value } of element.attributes)
      if (/^on/i.test(name) || (/^(?:href|src|action|xlink:href)$/i.test(name) && !value.startsWith("#")))
        found.push(`${name}=${value}`);
  }
  return found;
}

/** In the page: what is wrong with an SVG, by the parser of XML. */
function brokenXml(text: string): string[] {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml"),
    known = /^(?:svg|title|defs|marker|path|rect|text|line|g|pattern|tspan|style|circle|polyline|polygon)$/;
  const found: string[] = [];
  for (const element of parsed.querySelectorAll("*")) {
    if (!known.test(element.tagName)) found.push(element.tagName);
    for (const { name } of element.attributes) if (/^on/i.test(name)) found.push(name);
  }
  return found;
}
