import { expect, test } from "vitest";
import { parseFrame } from "../../../src/memory/places/frames.js";

// Lines as the engines wrote them: Chromium 156, Node 20, older Firefoxes and Safaris, and Firefox ESR 153.8 and WebKitGTK
// 2.50.6, whose JavaScriptCore is Safari's, on pages like those of scripts/engines.mjs
// (the port made the same).
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
  ["Firefox", "example/</inner@https://x.org/a.js:7:3", ["inner", "https://x.org/a.js", 7, 3]],
  ["Firefox", "f@https://x.org/lab.js line 8 > eval:1:7", null],
  ["Firefox", "wasm-function[12]@https://x.org/core.wasm:wasm-function[12]:0x3f", null],
  [
    "Safari",
    "fastcount@http://localhost:5173/src/app.ts:12:17",
    ["fastcount", "http://localhost:5173/src/app.ts", 12, 17],
  ],
  ["Safari", "module code@http://localhost:5173/src/app.ts:40:1", ["", "http://localhost:5173/src/app.ts", 40, 1]],
  ["Safari", "http://localhost:5173/src/app.ts:3:9", ["", "http://localhost:5173/src/app.ts", 3, 9]],
  ["Safari", "https://x.org/npm/c@1.0/d.js:3:9", ["", "https://x.org/npm/c@1.0/d.js", 3, 9]],
  ["Safari", "map@[native code]", null],
  ["Safari", "eval code@", null],
  ["Firefox ESR 153.8", "named@http://127.0.0.1:35599/raw.js:4:30", ["named", "http://127.0.0.1:35599/raw.js", 4, 30]],
  ["Firefox ESR 153.8", "@http://127.0.0.1:35599/raw.js:7:13", ["", "http://127.0.0.1:35599/raw.js", 7, 13]],
  ["Firefox ESR 153.8", "out.far<@http://127.0.0.1:35599/raw.js:7:54", ["", "http://127.0.0.1:35599/raw.js", 7, 54]],
  [
    "Firefox ESR 153.8",
    "out.timer</<@http://127.0.0.1:35599/raw.js:18:67",
    ["", "http://127.0.0.1:35599/raw.js", 18, 67],
  ],
  [
    "Firefox ESR 153.8",
    "out.raf</x.port1.onmessage@http://127.0.0.1:35599/raw.js:20:98",
    ["x.port1.onmessage", "http://127.0.0.1:35599/raw.js", 20, 98],
  ],
  ["Firefox ESR 153.8", "#p@http://127.0.0.1:35599/raw.js:5:142", ["#p", "http://127.0.0.1:35599/raw.js", 5, 142]],
  [
    "Firefox ESR 153.8",
    "get g@http://127.0.0.1:35599/raw.js:5:221",
    ["get g", "http://127.0.0.1:35599/raw.js", 5, 221],
  ],
  [
    "Firefox ESR 153.8",
    "we ird@http://127.0.0.1:35599/raw.js:5:266",
    ["we ird", "http://127.0.0.1:35599/raw.js", 5, 266],
  ],
  [
    "Firefox ESR 153.8",
    "[Symbol.iterator]@http://127.0.0.1:35599/raw.js:5:529",
    ["[Symbol.iterator]", "http://127.0.0.1:35599/raw.js", 5, 529],
  ],
  ["Firefox ESR 153.8", "a@b@http://127.0.0.1:35599/raw.js:35:33", ["a@b", "http://127.0.0.1:35599/raw.js", 35, 33]],
  [
    "Firefox ESR 153.8",
    "named@http://127.0.0.1:35599/@fs/app.mjs:7:18",
    ["named", "http://127.0.0.1:35599/@fs/app.mjs", 7, 18],
  ],
  [
    "Firefox ESR 153.8",
    "far@http://127.0.0.1:35599/npm/nbytes@0.1.0/raw2.js:2:13",
    ["far", "http://127.0.0.1:35599/npm/nbytes@0.1.0/raw2.js", 2, 13],
  ],
  [
    "Firefox ESR 153.8",
    "q@http://127.0.0.1:35599/q.js?v=1@2#x:1:33",
    ["q", "http://127.0.0.1:35599/q.js?v=1@2#x", 1, 33],
  ],
  ["Firefox ESR 153.8", "viaEval@cell.js:2:12", ["viaEval", "cell.js", 2, 12]],
  ["Firefox ESR 153.8", "@http://127.0.0.1:35599/raw.js line 11 > eval:1:11", null],
  ["Firefox ESR 153.8", "@http://127.0.0.1:35599/raw.js line 11 > eval line 2 > eval:3:10", null],
  ["Firefox ESR 153.8", "anonymous@http://127.0.0.1:35599/raw.js line 15 > Function:3:11", null],
  [
    "Firefox ESR 153.8",
    "inlF@http://127.0.0.1:35599/raw3.html line 14 > injectedScript:3:87",
    ["inlF", "http://127.0.0.1:35599/raw3.html", 3, 87],
  ],
  ["Firefox ESR 153.8", "@http://127.0.0.1:35599/raw3.html line 14 > injectedScript line 3 > eval:2:10", null],
  [
    "Firefox ESR 153.8",
    "@http://127.0.0.1:35599/raw3.js line 39 > WebAssembly.instantiate:wasm-function[1]:0x27",
    null,
  ],
  [
    "Firefox ESR 153.8",
    "b@blob:http://127.0.0.1:35599/607e485d-5f07-4906-a597-9334d53b29ff:2:23",
    ["b", "blob:http://127.0.0.1:35599/607e485d-5f07-4906-a597-9334d53b29ff", 2, 23],
  ],
  ["Firefox ESR 153.8", "inFrame@about:srcdoc:2:45", ["inFrame", "about:srcdoc", 2, 45]],
  ["WebKitGTK 2.50.6", "named@http://127.0.0.1:35599/raw.js:4:34", ["named", "http://127.0.0.1:35599/raw.js", 4, 34]],
  ["WebKitGTK 2.50.6", "@http://127.0.0.1:35599/raw.js:7:58", ["", "http://127.0.0.1:35599/raw.js", 7, 58]],
  ["WebKitGTK 2.50.6", "module code@http://127.0.0.1:35599/raw.js:7:18", ["", "http://127.0.0.1:35599/raw.js", 7, 18]],
  [
    "WebKitGTK 2.50.6",
    "global code@http://127.0.0.1:35599/raw3.html:3:18",
    ["", "http://127.0.0.1:35599/raw3.html", 3, 18],
  ],
  ["WebKitGTK 2.50.6", "#p@http://127.0.0.1:35599/raw.js:5:146", ["#p", "http://127.0.0.1:35599/raw.js", 5, 146]],
  ["WebKitGTK 2.50.6", "a@b@http://127.0.0.1:35599/raw.js:35:37", ["a@b", "http://127.0.0.1:35599/raw.js", 35, 37]],
  [
    "WebKitGTK 2.50.6",
    "named@http://127.0.0.1:35599/@fs/app.mjs:7:18",
    ["named", "http://127.0.0.1:35599/@fs/app.mjs", 7, 18],
  ],
  [
    "WebKitGTK 2.50.6",
    "far@http://127.0.0.1:35599/npm/nbytes@0.1.0/raw2.js:2:14",
    ["far", "http://127.0.0.1:35599/npm/nbytes@0.1.0/raw2.js", 2, 14],
  ],
  ["WebKitGTK 2.50.6", "map@[native code]", null],
  ["WebKitGTK 2.50.6", "viaEval@", null],
  ["WebKitGTK 2.50.6", "eval code@", null],
  ["WebKitGTK 2.50.6", "1@<?>:wasm-function[1]", null],
  [
    "WebKitGTK 2.50.6",
    "b@blob:http://127.0.0.1:35599/e9941feb-6dd2-4a15-981b-52145c5bd3d7:2:27",
    ["b", "blob:http://127.0.0.1:35599/e9941feb-6dd2-4a15-981b-52145c5bd3d7", 2, 27],
  ],
  [
    "WebKitGTK 2.50.6",
    "onclick@http://127.0.0.1:35599/raw.html:1:17",
    ["onclick", "http://127.0.0.1:35599/raw.html", 1, 17],
  ],
];

test.each(recorded)("parseFrame reads a line of %s: %s", (_engine, line, frame) => {
  const read = parseFrame(line);
  expect(read && [read.fn, read.file, read.line, read.column]).toEqual(frame);
});
