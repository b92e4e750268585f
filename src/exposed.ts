import * as api from "./api.js";
import { expose } from "./memory/places/userStack.js";

// Names the public functions to what lets stacks begin at the user's line. It holds on to every one of them, so that
// bundlers, which leave out what a program does not use, are given an entry without it. In dist/ this imports index.js.
expose(api);
