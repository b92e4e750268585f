import { text } from "../../build/chapters/base.js";
import { start } from "./instance.js";
import { bytesOf } from "./unpack.js";

// The default entry carries the core and starts it at once; chapters beside the base wait for their first call.
start(bytesOf(text));
