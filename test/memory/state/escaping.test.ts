import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, frame, mermaid, plain, xml } from "../../../src/base/plain.js";
import * as np from "../../../src/index.js";

const { memory } = np;

const hostile = [
  "\u001b[31mred\u001b[0m",
  "two\nlines\r\n",
  "</script><script>alert(1)</script>",
  "\"quoted\" 'single' `tick` $" + "{x}",
  "]]> <!-- -- --> &amp; &#60;",
  "\u202eright to left\u2066",
  'x"]; evil [label="',
  '"] --> b["',
  "%%{init: {}}%%",
  "#quot; #35; ; |",
  "\ud800 half",
  "\u0000\u0008\ufffe",
  "back\\slash\\",
  "very long ".repeat(1000),
];
const texts = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary", maxLength: 40 }));

// biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may pass
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

describe("issue 7.21: text that others wrote, by medium", () => {
  test("plain() has one line, nothing that a terminal obeys, and an end", () => {
    fc.assert(fc.property(texts, (text) => !UNSEEN.test(plain(text)) && plain(text).length < 1300));
  });

  test("xml() has no markup, dot() and mermaid() are one quoted string, frame() is one frame", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(xml(text)).toMatch(/^(?:[^<>&"']|&(?:amp|lt|gt|quot|#39);)*$/);
        expect(dot(text)).toMatch(/^"(?:[^"\\\n]|\\.)*"$/);
        expect(mermaid(text)).toMatch(/^"(?:[^"<>&`%{}\n]|<br\/>)*"$/);
        expect(frame(text)).not.toMatch(/[;\n]/);
      }),
    );
  });
});

test.each(hostile.map((text) => [text.slice(0, 30), text]))(
  "issue 7.21: labels, keys and class names cannot break a report: %j",
  (_, text) => {
    memory.scope(() => {
      const x = np.zeros(3),
        key = new Map<unknown, unknown>([
          [text, x],
          [{ [text]: x }, { [text]: [x] }],
        ]),
        graph = memory.graph(key);
      using pool = memory.pool({ shape: 2, label: text });
      using cache = memory.lruCache({ label: text });
      using budget = memory.limit({ live: "1 MB" }, text);
      const t = memory.trace(() => pool.take(), { label: text });
      const printed = [t, pool, cache, budget, t.owners(), memory.sizeOf(key, { deep: true }).tree()]
        .map(String)
        .join("\n");
      expect(printed.replaceAll("\n", "")).not.toMatch(UNSEEN);
      const svg = graph.toSvg(),
        page = t.export("html");
      // All tags are the package's own: without them and what is escaped no markup is left.
      const tags = /<\/?(?:svg|title|defs|marker|path|rect|text|line)(?: [\w:-]+="[^"<>]*")*\/?>/g;
      expect(svg.replace(tags, "")).toMatch(/^[^<>]*$/);
      expect(page).not.toContain("<script");
      for (const line of graph.toDot().split("\n").slice(1, -1))
        expect(line).toMatch(/^ {2}\w+(?: -> \w+)? \[(?:shape=\w+, )?label="(?:[^"\\]|\\.)*"(?:, style=dashed)?\];$/);
      for (const line of graph.toMermaid().split("\n").slice(1))
        expect(line).toMatch(/^ {2}\w+(?:[[(/]+"[^"]*"[\])/]+| -?-\.?->\|"[^"]*"\| \w+| -->\|"[^"]*"\| \w+)$/);
    });
  },
);
