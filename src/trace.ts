// nbytes/trace: `node --import nbytes/trace app.js` prints at exit what the program did to memory, at the level that
// NBYTES_TRACE names, else `lines`. In a program's code, importing it first does the same.
import "./whole.js";
import { traceUntilExit } from "./memory/watch/exitReport.js";

traceUntilExit();
