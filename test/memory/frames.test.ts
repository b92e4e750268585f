import { expect, test } from "vitest";
import { parseFrame } from "../../src/memory/frames.js";

// Lines as the engines wrote them: Chromium 156, Firefox 143, Safari 26, Node 20.
const recorded: [
  engine: string,
  line: string,
  frame: [fn: string, file: string, line: number, column: number] | null,
][] = [
  [
    "Chromium",
    "    at fastcount (http://localhost:5173/src/app.ts?t=17:12:17)",
    ["fastcount", "http://localhost:5173/src/app.ts?t=17", 12, 17],
  ],
  ["Chromium", "    at http://localhost:5173/src/app.ts:3:9", ["", "http://localhost:5173/src/app.ts", 3, 9]],
  [
    "Chromium",
    "    at async run (http://localhost:5173/src/app.ts:30:5)",
    ["run", "http://localhost:5173/src/app.ts", 30, 5],
  ],
  [
    "Chromium",
    "    at new Model (https://x.org/assets/index-DiwrgTda.js:1:20455)",
    ["Model", "https://x.org/assets/index-DiwrgTda.js", 1, 20455],
  ],
  ["Chromium", "    at NDArray.copy (https://x.org/a.js:7:3)", ["NDArray.copy", "https://x.org/a.js", 7, 3]],
  ["Chromium", "    at Array.map (<anonymous>)", null],
  ["Chromium", "    at wasm://wasm/core-4a3b:wasm-function[12]:0x3f", null],
  [
    "Chromium",
    "    at eval (eval at run (https://x.org/lab.js:8:2), <anonymous>:1:7)",
    ["", "https://x.org/lab.js", 8, 2],
  ],
  ["Chromium", "Error: site", null],
  [
    "Node",
    "    at fastcount (/home/me/project (new)/app.ts:12:17)",
    ["fastcount", "/home/me/project (new)/app.ts", 12, 17],
  ],
  ["Node", "    at file:///home/me/app.mjs:3:9", ["", "file:///home/me/app.mjs", 3, 9]],
  ["Node", "    at Object.<anonymous> (/home/me/app.cjs:1:1)", ["", "/home/me/app.cjs", 1, 1]],
  [
    "Node",
    "    at Model.train [as step] (file:///home/me/app.mjs:5:11)",
    ["Model.train", "file:///home/me/app.mjs", 5, 11],
  ],
  [
    "Firefox",
    "fastcount@http://localhost:5173/src/app.ts:12:17",
    ["fastcount", "http://localhost:5173/src/app.ts", 12, 17],
  ],
  ["Firefox", "@http://localhost:5173/src/app.ts:3:9", ["", "http://localhost:5173/src/app.ts", 3, 9]],
  ["Firefox", "async*run@http://localhost:5173/src/app.ts:30:5", ["run", "http://localhost:5173/src/app.ts", 30, 5]],
  ["Firefox", "example/</inner@https://x.org/a.js:7:3", ["example/</inner", "https://x.org/a.js", 7, 3]],
  ["Firefox", "f@https://x.org/lab.js line 8 > eval:1:7", ["f", "https://x.org/lab.js", 8, 1]],
  ["Firefox", "wasm-function[12]@https://x.org/core.wasm:wasm-function[12]:0x3f", null],
  [
    "Safari",
    "fastcount@http://localhost:5173/src/app.ts:12:17",
    ["fastcount", "http://localhost:5173/src/app.ts", 12, 17],
  ],
  ["Safari", "module code@http://localhost:5173/src/app.ts:40:1", ["", "http://localhost:5173/src/app.ts", 40, 1]],
  ["Safari", "http://localhost:5173/src/app.ts:3:9", ["", "http://localhost:5173/src/app.ts", 3, 9]],
  ["Safari", "map@[native code]", null],
  ["Safari", "eval code@", null],
];

test.each(recorded)("parseFrame reads a line of %s: %s", (_engine, line, frame) => {
  const read = parseFrame(line);
  expect(read && [read.fn, read.file, read.line, read.column]).toEqual(frame);
});
