import { text } from "../../build/inlined.js";
import { start } from "./instance.js";
import { bytesOf } from "./text.js";

// The default entry carries the core and starts it at once.
start(bytesOf(text));
